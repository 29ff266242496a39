//! Folders of private keys: readable by their owner only, never overwritten.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::note_key::{NoteKeyError, NoteSigningKey};

/// A folder of private keys, one file for each.
pub struct KeyFiles(PathBuf);

/// Why keys cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A key of this name exists. It is not replaced, because its loss could not be undone.
    #[error("{0} exists already; keys are never replaced")]
    Exists(String),
    /// There is no key of this name.
    #[error("{0} is missing; run init first, or restore the folder")]
    Missing(String),
    /// Reading or writing failed.
    #[error("{0} cannot be read or written")]
    Io(String, #[source] std::io::Error),
    /// A file does not contain a signing key, or none could be made.
    #[error("a signing key is refused")]
    Signing(#[from] NoteKeyError),
}

impl KeyFiles {
    /// A folder for new keys, created with mode 0700 if it is missing.
    pub fn create(path: &Path) -> Result<Self, KeyFileError> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| KeyFileError::Io(path.display().to_string(), error))?;
        Ok(Self(path.to_owned()))
    }

    /// A folder that already holds keys.
    #[must_use]
    pub fn open(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes and stores a signing key under a name such as `tiantai.example/root`.
    pub fn new_signing<Role>(&self, file: &str, name: &str) -> Result<NoteSigningKey<Role>, KeyFileError> {
        let key = NoteSigningKey::generate(name)?;
        self.write(file, &key.to_text())?;
        Ok(key)
    }

    /// Reads a signing key.
    pub fn signing<Role>(&self, file: &str) -> Result<NoteSigningKey<Role>, KeyFileError> {
        Ok(NoteSigningKey::parse(&self.read(file)?)?)
    }

    /// Reads a signing key, or makes it if it is missing: for keys that a program needs without any setup.
    pub fn signing_or_new<Role>(&self, file: &str, name: &str) -> Result<NoteSigningKey<Role>, KeyFileError> {
        match self.signing(file) {
            Err(KeyFileError::Missing(_)) => match self.new_signing(file, name) {
                // Another process has just made it.
                Err(KeyFileError::Exists(_)) => self.signing(file),
                made => made,
            },
            read => read,
        }
    }

    /// Reads the text of a key.
    pub fn read(&self, file: &str) -> Result<Zeroizing<String>, KeyFileError> {
        let path = self.0.join(file);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Zeroizing::new(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(KeyFileError::Missing(path.display().to_string()))
            }
            Err(error) => Err(KeyFileError::Io(path.display().to_string(), error)),
        }
    }

    /// Stores the text of a new key, durably.
    pub fn write(&self, file: &str, text: &str) -> Result<(), KeyFileError> {
        let path = self.0.join(file);
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.display().to_string()),
            _ => KeyFileError::Io(path.display().to_string(), error),
        };
        let mut opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        opened.write_all(text.as_bytes()).and_then(|()| opened.write_all(b"\n")).map_err(failed)?;
        opened.sync_all().map_err(failed)?;
        // The file's name must survive a power cut too.
        fs::File::open(&self.0).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::keys::note_text::NoNotes;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn keys_are_private_come_back_and_are_never_replaced() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("keys");
        let folder = KeyFiles::create(&path).expect("a folder");
        let made = folder.new_signing::<NoNotes>("own.key", "demo.test/x").expect("a key").public();
        assert!(matches!(folder.new_signing::<NoNotes>("own.key", "demo.test/x"), Err(KeyFileError::Exists(_))));
        assert_eq!(KeyFiles::open(&path).signing::<NoNotes>("own.key").expect("the key").public(), made);
        assert!(matches!(folder.signing::<NoNotes>("signing.key"), Err(KeyFileError::Missing(_))));
        folder.write("other.key", "text").expect("written");
        assert!(matches!(folder.signing::<NoNotes>("other.key"), Err(KeyFileError::Signing(_))));
        let or_new = |file| folder.signing_or_new::<NoNotes>(file, "demo.test/x").expect("a key").public();
        assert_eq!(or_new("own.key"), made);
        assert_eq!(or_new("new.key"), or_new("new.key"));
        let bits = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
        assert_eq!((bits(&path), bits(&path.join("own.key"))), (0o700, 0o600));
    }
}
