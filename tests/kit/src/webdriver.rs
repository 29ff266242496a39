//! Headless Chromium with a clean profile, driven through ChromeDriver.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A ChromeDriver on a free port, killed when dropped.
pub struct ChromeDriver {
    child: Child,
    profile: TempDir,
    /// Address for WebDriver clients.
    pub url: String,
}

/// Window size of the browser.
#[derive(Clone, Copy, Debug)]
pub enum Screen {
    /// 390 x 844 pixels with touch, as on a telephone.
    Phone,
    /// 1280 x 900 pixels, as on a desktop computer.
    Desktop,
}

/// Flags that leave the network to the page itself.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

impl ChromeDriver {
    /// Starts ChromeDriver, and waits until it listens.
    #[must_use]
    pub fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (make test installs it)");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let port = line.split("successfully on port ").nth(1)?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let url = format!("http://127.0.0.1:{}", port.expect("chromedriver says its port"));
        Self { child, profile: TempDir::new().expect("a folder"), url }
    }

    /// The capabilities that a new session requests, with this screen and these flags.
    #[must_use]
    pub fn capabilities(&self, screen: Screen, flags: &[String]) -> Map<String, Value> {
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        let mut arguments: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        arguments.push(profile);
        arguments.extend_from_slice(flags);
        let mut options = json!({ "binary": "/usr/bin/chromium" });
        match screen {
            Screen::Phone => {
                let metrics = json!({ "width": 390, "height": 844, "pixelRatio": 2, "touch": true });
                options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
            }
            Screen::Desktop => arguments.push("--window-size=1280,900".to_owned()),
        }
        options["args"] = json!(arguments);
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        capabilities
    }
}

impl Drop for ChromeDriver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
