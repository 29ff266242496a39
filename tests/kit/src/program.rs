//! Real programs as child processes.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The folder of the built programs: `QINGNIAO_PROGRAMS`, which `make test` sets, or `target/debug`.
#[must_use]
pub fn programs() -> PathBuf {
    std::env::var_os("QINGNIAO_PROGRAMS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug"), PathBuf::from)
}

/// Runs a program to its end; returns its standard output, or its standard error if it failed.
pub fn run(name: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(programs().join(name)).args(arguments).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// Runs a program with a line typed into its standard input; returns what [`run`] does.
pub fn run_typing(name: &str, arguments: &[&str], line: &str) -> Result<String, String> {
    let mut command = Command::new(programs().join(name));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A program that ends before it reads is judged by its output.
    let _ = writeln!(child.stdin.take().expect("a pipe"), "{line}");
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// A running program, killed when dropped.
pub struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
    /// The address after ` listening on ` on its standard output.
    pub address: String,
    /// Time from starting the process to that line.
    pub started_within: Duration,
}

impl Running {
    /// Starts a program and waits for its ` listening on ` line. Standard error goes to `log`.
    #[must_use]
    pub fn start(mut command: Command, log: &Path) -> Self {
        let file = std::fs::File::options().create(true).append(true).open(log).expect("a log file");
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = next_address(&mut lines);
        let started_within = began.elapsed();
        Self { child, lines, log: log.to_owned(), address, started_within }
    }

    /// The address of a further ` listening on ` line, which must come.
    pub fn next_address(&mut self) -> String {
        next_address(&mut self.lines)
    }

    /// Process id of the program.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the program without warning, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Sends the program SIGTERM, as an operator would, and waits for its end.
    pub fn terminate(&mut self) -> ExitStatus {
        let id = Pid::from_raw(i32::try_from(self.child.id()).expect("an id")).expect("an id");
        kill_process(id, Signal::TERM).expect("told");
        self.child.wait().expect("ended")
    }
}

fn next_address(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let line = lines.next().expect("the program says that it listens").expect("UTF-8");
    line.split(" listening on ").nth(1).unwrap_or_else(|| panic!("unexpected: {line}")).to_owned()
}

impl Drop for Running {
    /// Kills the program. If a test fails, the program's log is printed.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("{}:\n{}", self.log.display(), std::fs::read_to_string(&self.log).unwrap_or_default());
        }
    }
}
