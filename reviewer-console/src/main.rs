//! The reviewer console: a program that serves the post's, the case units' and finance's pages, and its commands.

use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

mod cli;
mod http;
mod pages;

/// Zeroes all memory when it is freed: reports, passwords and keys pass through strings and buffers of libraries that
/// do not zero them.
#[global_allocator]
static WIPED: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    cli::main()
}
