//! The programs of a house, started.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::house::{House, path};
use crate::program::{Running, programs, run};

impl House {
    /// Runs the witness once.
    pub fn cosign(&self) -> Result<String, String> {
        let (folder, passage, log) = (self.at("witness"), self.at("passage"), self.log_key().to_string());
        run("witness", &["--folder", path(&folder), "cosign", "--log", &log, "--passage", path(&passage)])
    }

    /// Starts a witness that answers at once, and has exchanges wait for it.
    #[must_use]
    pub fn witness(&self) -> Running {
        self.reconfigure_console("wait = 0", "wait = 20");
        let mut command = Command::new(programs().join("witness"));
        command.arg("--folder").arg(self.at("witness")).arg("watch");
        command.arg("--log").arg(self.log_key().to_string()).arg("--passage").arg(self.at("passage"));
        Running::start(command, &self.at("witness.log"))
    }

    /// Starts the console on a free port.
    #[must_use]
    pub fn console(&self) -> Running {
        let mut command = Command::new(programs().join("reviewer-console"));
        command.arg("serve").arg("--folder").arg(self.at("console"));
        command.env("TMPDIR", self.temporary()).env_remove("CONSOLE_ADDR").env_remove("CASES_ADDR");
        Running::start(command, &self.at("console.log"))
    }

    /// Starts the portal on a free port.
    #[must_use]
    pub fn portal(&self) -> Running {
        let mut command = Command::new(programs().join("portal"));
        command.arg("--config").arg(self.at("portal/portal.toml")).arg("serve");
        command.env("TMPDIR", self.temporary()).env_remove("PORTAL_ADDR");
        Running::start(command, &self.at("portal.log"))
    }

    /// Starts the recorder on its socket.
    #[must_use]
    pub fn recorder(&self) -> Running {
        let mut command = Command::new(programs().join("recorder"));
        command.arg("--folder").arg(self.at("recorder")).arg("serve").arg("--socket").arg(self.at("recorder.sock"));
        command.env("TMPDIR", self.temporary());
        Running::start(command, &self.at("recorder.log"))
    }

    /// Starts the recorder as on a machine of its own, and tells the console where it is.
    #[must_use]
    pub fn recorder_elsewhere(&self) -> Running {
        run("recorder", &["--folder", path(&self.at("recorder")), "tls"]).expect("a certificate");
        run("reviewer-console", &["tls", "--folder", path(&self.at("console"))]).expect("a certificate");
        let mut command = Command::new(programs().join("recorder"));
        command.arg("--folder").arg(self.at("recorder")).arg("serve").args(["--listen", "127.0.0.1:0", "--console"]);
        command.arg(self.at("console/tls.cert")).env("TMPDIR", self.temporary());
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
