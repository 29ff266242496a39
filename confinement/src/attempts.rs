//! Attempts to leave the confinement, from inside: what an intruder would try first.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::process::Command;

use nix::errno::Errno;
use nix::sys::ptrace;
use nix::unistd::{Pid, getppid};

/// An attempt and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// A stable name.
    pub name: &'static str,
    /// Whether it was refused.
    pub refused: bool,
}

fn is_trace_refused(of: Pid) -> bool {
    match ptrace::attach(of) {
        Ok(()) => {
            // It must go on.
            let _ = ptrace::detach(of, None);
            false
        }
        Err(error) => error == Errno::EPERM,
    }
}

/// Tries to read a file of the system, to write beside the program's own folders, to start a program, to look into the
/// process that started this one, and, unless the program may connect, to open a connection.
#[must_use]
pub fn attempts(connects: bool) -> Vec<Attempt> {
    let denied = |kind: ErrorKind| kind == ErrorKind::PermissionDenied;
    let parent = getppid();
    let mut found = vec![
        Attempt { name: "read-file", refused: fs::read("/etc/shadow").is_err() && fs::read("/etc/passwd").is_err() },
        Attempt { name: "write-file", refused: fs::write("/tmp/qingniao-escaped", b"x").is_err() },
        Attempt { name: "list-folder", refused: fs::read_dir("/root").is_err() && fs::read_dir("/home").is_err() },
        Attempt {
            name: "execute",
            refused: Command::new("/bin/true").status().is_err_and(|error| denied(error.kind())),
        },
        Attempt { name: "trace", refused: is_trace_refused(parent) },
        Attempt { name: "read-memory", refused: fs::File::open(format!("/proc/{parent}/mem")).is_err() },
    ];
    if !connects {
        let connected = TcpStream::connect("127.0.0.1:9");
        found.push(Attempt { name: "connect", refused: connected.is_err_and(|error| denied(error.kind())) });
    }
    found
}
