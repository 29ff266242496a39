//! The recorder's program; all its code is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    recorder::cli::main()
}
