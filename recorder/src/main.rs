//! The recorder's program; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    recorder::cli::main()
}
