//! Folders of private keys, those that open included. Root, recorder, witness and console use them.

use std::path::Path;

use signing::NoteSigningKey;

use crate::{HybridIdentity, WitnessSigningKey};

/// A folder of private keys, one file for each.
pub struct KeyFolder(signing::KeyFiles);

/// Why keys cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFolderError {
    /// The folder failed, or a signing key of it.
    #[error(transparent)]
    Folder(#[from] signing::KeyFileError),
    /// A file does not contain a hybrid key, or none could be made.
    #[error("a hybrid key is refused")]
    Hybrid(#[from] crate::identity::OpenError),
    /// A file does not contain a witness's key, or none could be made.
    #[error("a witness's key is refused")]
    Witness(#[from] signing::NoteKeyError),
}

impl KeyFolder {
    /// A folder for new keys, created with mode 0700 if it is missing.
    pub fn create(path: &Path) -> Result<Self, KeyFolderError> {
        Ok(Self(signing::KeyFiles::create(path)?))
    }

    /// A folder that already holds keys.
    #[must_use]
    pub fn open(path: &Path) -> Self {
        Self(signing::KeyFiles::open(path))
    }

    /// Makes and stores a signing key under a name such as `tiantai.example/root`.
    pub fn new_signing<Role>(&self, file: &str, name: &str) -> Result<NoteSigningKey<Role>, KeyFolderError> {
        Ok(self.0.new_signing(file, name)?)
    }

    /// Makes and stores a witness's key under a name such as `auditor.example/witness`.
    pub fn new_witness(&self, file: &str, name: &str) -> Result<WitnessSigningKey, KeyFolderError> {
        let key = WitnessSigningKey::generate(name)?;
        self.0.write(file, &key.to_text())?;
        Ok(key)
    }

    /// Makes and stores a hybrid key.
    pub fn new_hybrid(&self, file: &str) -> Result<HybridIdentity, KeyFolderError> {
        let key = HybridIdentity::generate()?;
        self.keep_hybrid(file, &key)?;
        Ok(key)
    }

    /// Stores a hybrid key that exists already, because its file is named after it.
    pub fn keep_hybrid(&self, file: &str, key: &HybridIdentity) -> Result<(), KeyFolderError> {
        Ok(self.0.write(file, &key.to_text())?)
    }

    /// Reads a signing key.
    pub fn signing<Role>(&self, file: &str) -> Result<NoteSigningKey<Role>, KeyFolderError> {
        Ok(self.0.signing(file)?)
    }

    /// Reads a signing key, or makes it if it is missing: for keys that a program needs without any setup.
    pub fn signing_or_new<Role>(&self, file: &str, name: &str) -> Result<NoteSigningKey<Role>, KeyFolderError> {
        Ok(self.0.signing_or_new(file, name)?)
    }

    /// Reads a witness's signing key.
    pub fn witness(&self, file: &str) -> Result<WitnessSigningKey, KeyFolderError> {
        Ok(WitnessSigningKey::parse(&self.0.read(file)?)?)
    }

    /// Reads a hybrid key.
    pub fn hybrid(&self, file: &str) -> Result<HybridIdentity, KeyFolderError> {
        Ok(HybridIdentity::parse(&self.0.read(file)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signing::KeyFileError as FolderError;

    #[test]
    fn keys_that_open_come_back_and_are_never_replaced() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = KeyFolder::create(place.path()).expect("a folder");
        let made = folder.new_hybrid("outer.key").expect("a key").recipient();
        let again = folder.new_hybrid("outer.key");
        assert!(matches!(again, Err(KeyFolderError::Folder(FolderError::Exists(_)))));
        assert!(KeyFolder::open(place.path()).hybrid("outer.key").expect("the key").recipient() == made);
        assert!(matches!(folder.hybrid("other.key"), Err(KeyFolderError::Folder(FolderError::Missing(_)))));
        assert!(matches!(folder.witness("outer.key"), Err(KeyFolderError::Witness(_))));
        let witness = folder.new_witness("witness.key", "demo.test/witness").expect("a key");
        assert_eq!(folder.witness("witness.key").expect("the key").public(), witness.public());
    }
}
