//! Start and exit of a program.

use std::io;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::errors::chain;

/// Forbids core dumps from now on: a crash must not write keys or plaintext to a disk.
pub fn forbid_core_dumps() -> io::Result<()> {
    Ok(setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?)
}

/// Allows as many open files as the system permits: shells and services begin with few, and every connection is one.
pub fn allow_many_files() -> io::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?)
}

/// Whether core dumps of this process are forbidden.
#[must_use]
pub fn are_core_dumps_forbidden() -> bool {
    let limit = getrlimit(Resource::Core);
    limit.current == Some(0) && limit.maximum == Some(0)
}

/// Runs a program that holds keys, without core dumps. An error is printed in one line on standard error.
pub fn run_with_keys(name: &str, work: impl FnOnce() -> Result<(), Box<dyn std::error::Error>>) -> ExitCode {
    if let Err(error) = forbid_core_dumps() {
        eprintln!("{name}: core dumps cannot be forbidden: {error}");
        return ExitCode::FAILURE;
    }
    run(name, work)
}

/// Runs a program. An error is printed in one line on standard error.
pub fn run(name: &str, work: impl FnOnce() -> Result<(), Box<dyn std::error::Error>>) -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_keys_leaves_no_core_dump() {
        let mut forbidden = false;
        run_with_keys("test", || {
            forbidden = are_core_dumps_forbidden();
            Ok(())
        });
        assert!(forbidden);
    }
}
