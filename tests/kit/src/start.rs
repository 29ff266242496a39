//! Starting the programs of an installation.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::Ordering;

use crate::installation::{Installation, path};
use crate::program::{Running, programs, run};

impl Installation {
    /// Runs the witness once.
    pub fn cosign(&self) -> Result<String, String> {
        let (folder, checkpoints, log) = (self.at("witness"), self.at("checkpoints"), self.log_key().to_string());
        run("witness", &["--folder", path(&folder), "cosign", "--log", &log, "--checkpoint-folder", path(&checkpoints)])
    }

    /// Starts a witness that answers at once, and makes exchanges wait for it for up to 20 seconds.
    #[must_use]
    pub fn witness(&self) -> Running {
        self.reconfigure_console("wait = 0", "wait = 20");
        let mut command = Command::new(programs().join("witness"));
        command.arg("--folder").arg(self.at("witness")).arg("watch");
        command.arg("--log").arg(self.log_key().to_string()).arg("--checkpoint-folder").arg(self.at("checkpoints"));
        Running::start(command, &self.at("witness.log"))
    }

    /// Sets the clock of all programs that are started from now on forward by these days. Programs that run must be
    /// ended first, since no clock goes back.
    pub fn sleep_for_days(&self, days: u32) {
        self.days_ahead.fetch_add(days, Ordering::SeqCst);
    }

    /// A program of the installation with the installation's clock. It uses Debian's libfaketime, since the programs
    /// use no other clock than the system's.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(programs().join(name));
        command.env("TMPDIR", self.temporary());
        let ahead = self.days_ahead.load(Ordering::SeqCst);
        if ahead > 0 {
            command.env("LD_PRELOAD", faketime()).env("FAKETIME", format!("+{ahead}d"));
            // Time-outs must not jump.
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command
    }

    /// Copies the recorder's data into a new folder of the installation.
    pub fn back_up_recorder(&self, name: &str) {
        run("recorder", &["--folder", path(&self.at("recorder")), "backup", "--to", path(&self.at(name))])
            .expect("copied");
    }

    /// Replaces the log of the recorder, which must have ended, with an earlier copy.
    pub fn restore_recorder(&self, name: &str) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(self.at(&format!("recorder/logbook.sqlite{suffix}")));
        }
        run("recorder", &["--folder", path(&self.at("recorder")), "restore", "--from", path(&self.at(name))])
            .expect("restored");
    }

    /// Has programs that are started from now on refuse to run unconfined.
    pub fn require_confinement(&self) {
        self.requires_confinement.store(true, Ordering::SeqCst);
    }

    fn demanded(&self) -> Option<&'static str> {
        self.requires_confinement.load(Ordering::SeqCst).then_some("--require-confinement")
    }

    /// Starts the console on a free port.
    #[must_use]
    pub fn console(&self) -> Running {
        let mut command = self.program("reviewer-console");
        command.arg("serve").arg("--folder").arg(self.at("console")).args(self.demanded());
        command.env_remove("CONSOLE_ADDR").env_remove("CASES_ADDR").env_remove("FINANCE_ADDR");
        Running::start(command, &self.at("console.log"))
    }

    /// Standard error of a console that must refuse to start.
    #[must_use]
    pub fn console_refuses(&self) -> String {
        let mut command = self.program("reviewer-console");
        let output = command.arg("serve").arg("--folder").arg(self.at("console")).output().expect("the program starts");
        assert!(!output.status.success(), "it starts");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Starts the portal on a free port.
    #[must_use]
    pub fn portal(&self) -> Running {
        let mut command = self.program("portal");
        command
            .arg("--config")
            .arg(self.at("portal/portal.toml"))
            .arg("serve")
            .args(self.demanded())
            .env_remove("PORTAL_ADDR");
        Running::start(command, &self.at("portal.log"))
    }

    /// Starts the recorder on its socket.
    #[must_use]
    pub fn recorder(&self) -> Running {
        let mut command = self.program("recorder");
        command
            .arg("--folder")
            .arg(self.at("recorder"))
            .arg("serve")
            .arg("--socket")
            .arg(self.at("recorder.sock"))
            .args(self.demanded());
        Running::start(command, &self.at("recorder.log"))
    }

    /// Starts the recorder as on a machine of its own, and configures its address in the console.
    #[must_use]
    pub fn recorder_elsewhere(&self) -> Running {
        run("recorder", &["--folder", path(&self.at("recorder")), "tls"]).expect("a certificate");
        run("reviewer-console", &["tls", "--folder", path(&self.at("console"))]).expect("a certificate");
        let mut command = self.program("recorder");
        command.arg("--folder").arg(self.at("recorder")).arg("serve").args(["--listen", "127.0.0.1:0", "--console"]);
        command.arg(self.at("console/tls.cert"));
        let running = Running::start(command, &self.at("recorder.log"));
        let there = format!("\"tls:{}\"\nrecorder_certificate = \"../recorder/tls.cert\"", running.address);
        self.reconfigure_console("\"../recorder.sock\"", &there);
        running
    }

    fn temporary(&self) -> PathBuf {
        let folder = self.at("temporary");
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }
}

/// Path of the library of Debian's package faketime.
fn faketime() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").expect("libraries").filter_map(Result::ok);
    let libraries = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    libraries.into_iter().find(|library| library.exists()).expect("Debian's package faketime (make test installs it)")
}
