//! The reviewer console.

use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

mod cli;
mod http;
mod pages;

/// Wipes all memory that is given back: reports, passwords and keys pass through strings and
/// buffers of libraries that do not wipe them.
#[global_allocator]
static WIPED: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    cli::main()
}
