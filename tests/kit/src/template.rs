//! Installations that tests copy instead of making their own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::installation::{Database, Installation, path};

/// An installation that is made once in this process.
pub(crate) struct Template(OnceLock<Installation>);

impl Template {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// A copy with a letterbox of its own.
    pub(crate) fn copy(&self, database: Database, make: impl FnOnce() -> Installation) -> Installation {
        self.get(make).copied(database)
    }

    /// The installation itself. Tests that come while it is made wait for it.
    pub(crate) fn get(&self, make: impl FnOnce() -> Installation) -> &Installation {
        self.0.get_or_init(|| {
            let installation = make();
            remove_at_exit(installation.folder.path());
            installation
        })
    }
}

/// Removes a folder when this process has ended, however it ends: a static is never dropped, and nothing may stay
/// behind in the temporary folder. The shell waits until the other end of its standard input is gone.
fn remove_at_exit(folder: &Path) {
    let mut shell = Command::new("sh");
    shell.args(["-c", "cat >/dev/null; rm -rf \"$0\"", path(folder)]).stdin(Stdio::piped());
    // A Ctrl-C that ends the tests must not end it.
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    let waiting = shell.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sh starts");
    // Its standard input stays open as long as this process lives.
    std::mem::forget(waiting);
}
