//! Folders of private keys: readable by their owner only, never overwritten.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use opening::{HybridIdentity, NoteSigningKey};
use zeroize::Zeroizing;

/// A folder of private keys.
pub(crate) struct KeyFolder(PathBuf);

/// Why keys cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFolderError {
    #[error("{0} exists already; keys are never replaced")]
    Exists(String),
    #[error("{0} is missing; run init first, or restore the folder")]
    Missing(String),
    #[error("{0} cannot be read or written")]
    Io(String, #[source] std::io::Error),
    #[error("a hybrid key is refused")]
    Hybrid(#[from] opening::identity::OpenError),
    #[error("a signing key is refused")]
    Signing(#[from] opening::note_key::NoteKeyError),
}

impl KeyFolder {
    /// A folder for new keys, made if missing.
    pub(crate) fn create(path: &Path) -> Result<Self, KeyFolderError> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| KeyFolderError::Io(path.display().to_string(), error))?;
        Ok(Self(path.to_owned()))
    }

    /// A folder that holds keys.
    pub(crate) fn open(path: &Path) -> Self {
        Self(path.to_owned())
    }

    pub(crate) fn new_signing(&self, file: &str, name: &str) -> Result<NoteSigningKey, KeyFolderError> {
        let key = NoteSigningKey::generate(name)?;
        self.write(file, &key.to_text())?;
        Ok(key)
    }

    pub(crate) fn new_hybrid(&self, file: &str) -> Result<HybridIdentity, KeyFolderError> {
        let key = HybridIdentity::generate()?;
        self.write(file, &key.to_text())?;
        Ok(key)
    }

    pub(crate) fn signing(&self, file: &str) -> Result<NoteSigningKey, KeyFolderError> {
        Ok(NoteSigningKey::parse(&self.read(file)?)?)
    }

    pub(crate) fn hybrid(&self, file: &str) -> Result<HybridIdentity, KeyFolderError> {
        Ok(HybridIdentity::parse(&self.read(file)?)?)
    }

    fn read(&self, file: &str) -> Result<Zeroizing<String>, KeyFolderError> {
        let path = self.0.join(file);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Zeroizing::new(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(KeyFolderError::Missing(path.display().to_string()))
            }
            Err(error) => Err(KeyFolderError::Io(path.display().to_string(), error)),
        }
    }

    fn write(&self, file: &str, text: &str) -> Result<(), KeyFolderError> {
        let path = self.0.join(file);
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => KeyFolderError::Exists(path.display().to_string()),
            _ => KeyFolderError::Io(path.display().to_string(), error),
        };
        let mut opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        opened.write_all(text.as_bytes()).and_then(|()| opened.write_all(b"\n")).map_err(failed)?;
        opened.sync_all().map_err(failed)
    }
}

/// Public halves as the `init` commands print them: `label value` lines of several files together.
pub(crate) struct Public(String);

/// A public half is missing or not of its form.
#[derive(Debug, thiserror::Error)]
#[error("the public key “{0}” is missing or not of its form")]
pub(crate) struct BadPublic(&'static str);

impl Public {
    pub(crate) fn of(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn find<T>(&self, label: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, BadPublic> {
        let value = |line: &str| line.strip_prefix(label)?.strip_prefix(' ').and_then(&read);
        self.0.lines().find_map(value).ok_or(BadPublic(label))
    }
}
