//! Permissions of files and folders with secrets: a program refuses to work with one that others can reach, and says what
//! to type.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

/// Others than the program's user can reach a file or folder.
#[derive(Debug, thiserror::Error)]
pub enum NotPrivate {
    /// It belongs to another user.
    #[error("{path} belongs to another user (number {owner}); type: chown {own} {path}")]
    Owner {
        /// The file or folder.
        path: String,
        /// Its owner's number.
        owner: u32,
        /// The number of the program's user.
        own: u32,
    },
    /// Its mode lets others in.
    #[error("{path} can be reached by other users (mode {mode:03o}); type: chmod go-rwx {path}")]
    Mode {
        /// The file or folder.
        path: String,
        /// Its mode.
        mode: u32,
    },
    /// It cannot be looked at.
    #[error("{0} cannot be looked at")]
    Io(String, #[source] std::io::Error),
}

/// Fails unless a file or folder belongs to the program's user and nobody else can reach it.
pub fn require_private(path: &Path) -> Result<(), NotPrivate> {
    let name = || path.display().to_string();
    let about = fs::metadata(path).map_err(|error| NotPrivate::Io(name(), error))?;
    let own = rustix::process::geteuid().as_raw();
    if about.uid() != own {
        return Err(NotPrivate::Owner { path: name(), owner: about.uid(), own });
    }
    let mode = about.permissions().mode() & 0o777;
    if mode | 0o700 == 0o700 { Ok(()) } else { Err(NotPrivate::Mode { path: name(), mode }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_can_reach_is_refused_with_what_to_type() {
        let folder = tempfile::tempdir().expect("a folder");
        let with = |mode| {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("set");
            require_private(folder.path())
        };
        assert!(with(0o700).is_ok());
        for open in [0o710, 0o704, 0o755, 0o770] {
            let refused = with(open).expect_err("open to others").to_string();
            assert!(refused.contains("chmod go-rwx"), "{refused}");
        }
        assert!(matches!(require_private(&folder.path().join("no")), Err(NotPrivate::Io(..))));
    }
}
