//! Ending the programs.

use kit::installation::{Database, Installation};

/// A signal that came while the listeners started once stopped one of them alone, and the console ran on for ever.
#[test]
fn a_console_that_is_ended_as_soon_as_it_listens_ends() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    for _ in 0..6 {
        let status = installation.console().terminate();
        assert_eq!(status.code(), Some(0), "it ended its sessions and stopped");
    }
}
