//! Keys of letters: one for each letter, in two folders on different disks, so that the loss of one disk loses no
//! report. They are in no backup, so that erased letters stay erased.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crypto::sealing::outer::PLAIN;
use crypto::sealing::sealed::seal;
use model::LetterDigest;
use opening::HybridIdentity;
use opening::identity::OpenError;
use zeroize::Zeroizing;

/// The file in the recorder's folder that names both folders, one on each line.
const PATHS: &str = "letter-keys.paths";
/// A file that marks a folder of letter keys, to distinguish it from the empty mount point of a missing disk.
const MARK: &str = "letter-keys-of-qingniao";

pub(crate) struct LetterKeys([PathBuf; 2]);

/// The key that one letter is rewrapped under.
pub(crate) struct LetterKey {
    identity: HybridIdentity,
    /// SHA-256 of the content under the outer layer. A file that opens under this key with other content is not this
    /// letter.
    plain: LetterDigest,
}

/// Why a letter's key cannot be stored or found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoLetterKey {
    #[error("{0} cannot be read or written")]
    Io(String, #[source] io::Error),
    #[error("{0} is not there, or is not a folder of letter keys: is its disk mounted?")]
    NotOurs(String),
    #[error("two different folders are needed, on different disks")]
    Same,
    #[error("{0} is damaged")]
    Damaged(String),
    #[error("a letter could not be sealed or opened under its key")]
    Key(#[from] OpenError),
    #[error("a letter could not be sealed under its key")]
    Seal(#[source] io::Error),
}

fn failed(path: &Path) -> impl Fn(io::Error) -> NoLetterKey + '_ {
    |error| NoLetterKey::Io(path.display().to_string(), error)
}

impl LetterKeys {
    /// Makes two folders for letter keys and records their paths. Existing folders keep their keys.
    pub(crate) fn create(recorder: &Path, folders: &[PathBuf; 2]) -> Result<(), NoLetterKey> {
        for folder in folders {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(failed(folder))?;
        }
        let folders = folders.clone().map(|folder| folder.canonicalize().map_err(failed(&folder)));
        let [one, other] = folders;
        let folders = [one?, other?];
        if folders[0] == folders[1] {
            return Err(NoLetterKey::Same);
        }
        for folder in &folders {
            write(folder, MARK, "keys of letters; see docs/operate/recorder.md\n")?;
        }
        // Stored relative, since folders within the recorder's own move with it.
        let own = recorder.canonicalize().map_err(failed(recorder))?;
        let [one, other] = folders.each_ref().map(|folder| folder.strip_prefix(&own).unwrap_or(folder).display());
        write(recorder, PATHS, &format!("{one}\n{other}\n"))
    }

    /// Opens the recorder's two folders. A missing folder is logged as an error and does not prevent opening.
    pub(crate) fn open(recorder: &Path) -> Result<Self, NoLetterKey> {
        let keys = Self(Self::folders(recorder)?);
        for folder in &keys.0 {
            if let Err(error) = is_ours(folder) {
                tracing::error!(
                    code = "letter-keys.unavailable",
                    "letters cannot be taken in: {}",
                    program::chain(&error)
                );
            }
        }
        let disk = |folder: &PathBuf| folder.metadata().map(|about| about.dev()).ok();
        if disk(&keys.0[0]).is_some() && disk(&keys.0[0]) == disk(&keys.0[1]) {
            tracing::warn!(
                code = "letter-keys.one-disk",
                "both folders of letter keys are on one disk: if it fails, every report is lost"
            );
        }
        Ok(keys)
    }

    /// The recorder's two folders, which may be missing.
    pub(crate) fn folders(recorder: &Path) -> Result<[PathBuf; 2], NoLetterKey> {
        let path = recorder.join(PATHS);
        let text = fs::read_to_string(&path).map_err(failed(&path))?;
        let folders: Vec<PathBuf> = text.lines().map(|line| recorder.join(line)).collect();
        folders.try_into().map_err(|_| NoLetterKey::Damaged(path.display().to_string()))
    }

    /// A letter's key from either folder. A missing or damaged copy is replaced by the other one.
    pub(crate) fn find(&self, letter: &LetterDigest) -> Result<Option<LetterKey>, NoLetterKey> {
        let name = letter.to_hex();
        let copies = self.0.each_ref().map(|folder| read(folder, &name));
        let Some(text) = copies.iter().find_map(|copy| copy.as_ref().ok().and_then(Option::as_ref)) else {
            // In neither folder: never made, or erased. An unreadable copy does not count as missing.
            let [one, other] = copies;
            return one.and(other).map(|_| None);
        };
        for (folder, copy) in self.0.iter().zip(&copies) {
            if !matches!(copy, Ok(Some(_))) && is_ours(folder).is_ok() {
                tracing::warn!(
                    code = "letter-keys.repaired",
                    "letter key missing or damaged in {}, copied again",
                    folder.display()
                );
                if let Err(error) = write(folder, &name, text) {
                    tracing::error!(
                        code = "letter-keys.not-repaired",
                        "copying the letter key failed: {}",
                        program::chain(&error)
                    );
                }
            }
        }
        LetterKey::parse(text).map(Some).ok_or(NoLetterKey::Damaged(name))
    }

    /// Makes keys for letters, durable in both folders when it returns. A letter that has a key keeps it: the letter
    /// may be sealed under it already.
    pub(crate) fn make(&self, letters: &[(LetterDigest, LetterDigest)]) -> Result<(), NoLetterKey> {
        for folder in &self.0 {
            is_ours(folder)?;
        }
        let mut made = Vec::new();
        for (letter, plain) in letters {
            if self.find(letter)?.is_none() {
                let key = LetterKey { identity: HybridIdentity::generate()?, plain: *plain };
                made.push((letter.to_hex(), key.to_text()));
            }
        }
        for folder in &self.0 {
            for (name, text) in &made {
                write_file(folder, name, text)?;
            }
            sync(folder)?;
        }
        Ok(())
    }

    /// Erases letters' keys from both folders. Nobody can open what is sealed under them any more.
    pub(crate) fn erase(&self, letters: &[LetterDigest]) -> Result<(), NoLetterKey> {
        for folder in &self.0 {
            is_ours(folder)?;
            for letter in letters {
                erase(folder, &letter.to_hex())?;
            }
            sync(folder)?;
        }
        Ok(())
    }
}

impl LetterKey {
    /// Seals the content under a letter's outer layer under the letter's own key.
    pub(crate) fn rewrap(&self, plain: &[u8]) -> Result<Vec<u8>, NoLetterKey> {
        seal(&self.identity.recipient(), plain).map_err(NoLetterKey::Seal)
    }

    /// Opens that layer; none if the content is not this letter's.
    pub(crate) fn unwrap(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let plain = self.identity.open(sealed, PLAIN).ok()?;
        (LetterDigest::of(&plain) == self.plain).then_some(plain)
    }

    fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n{}\n", *self.identity.to_text(), self.plain.to_hex()))
    }

    fn parse(text: &str) -> Option<Self> {
        let (identity, plain) = text.trim_end().split_once('\n')?;
        Some(Self { identity: HybridIdentity::parse(identity).ok()?, plain: plain.to_owned().try_into().ok()? })
    }
}

fn is_ours(folder: &Path) -> Result<(), NoLetterKey> {
    if folder.join(MARK).is_file() { Ok(()) } else { Err(NoLetterKey::NotOurs(folder.display().to_string())) }
}

/// A complete copy; none if there is no such file.
fn read(folder: &Path, name: &str) -> Result<Option<Zeroizing<String>>, NoLetterKey> {
    let path = folder.join(name);
    match fs::read_to_string(&path).map(Zeroizing::new) {
        Ok(text) if LetterKey::parse(&text).is_some() => Ok(Some(text)),
        Ok(_) => Err(NoLetterKey::Damaged(path.display().to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => is_ours(folder).map(|()| None),
        Err(error) => Err(failed(&path)(error)),
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), NoLetterKey> {
    write_file(folder, name, text)?;
    sync(folder)
}

/// Writes the file completely or not at all; the name is durable only after [`sync`].
fn write_file(folder: &Path, name: &str, text: &str) -> Result<(), NoLetterKey> {
    let (new, place) = (folder.join(format!("{name}.new")), folder.join(name));
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new);
    let mut file = file.map_err(failed(&new))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed(&new))?;
    fs::rename(&new, &place).map_err(failed(&place))
}

/// Overwrites the file, which helps on disks that write in place, and removes it.
pub(crate) fn erase(folder: &Path, name: &str) -> Result<(), NoLetterKey> {
    let path = folder.join(name);
    let overwritten = fs::OpenOptions::new().write(true).open(&path).and_then(|mut file| {
        let size = usize::try_from(file.metadata()?.len()).unwrap_or_default();
        file.write_all(&vec![0; size])?;
        file.sync_all()
    });
    match overwritten.and_then(|()| fs::remove_file(&path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        erased => erased.map_err(failed(&path)),
    }
}

pub(crate) fn sync(folder: &Path) -> Result<(), NoLetterKey> {
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(place: &Path) -> [PathBuf; 2] {
        ["one", "other"].map(|name| place.join(name))
    }

    #[test]
    fn a_key_outlives_one_disk_and_neither_outlives_erasing() {
        let place = tempfile::tempdir().expect("a folder");
        let [one, other] = folders(place.path());
        assert!(matches!(LetterKeys::create(place.path(), &[one.clone(), one.clone()]), Err(NoLetterKey::Same)));
        LetterKeys::create(place.path(), &[one.clone(), other.clone()]).expect("made");
        let keys = LetterKeys::open(place.path()).expect("opened");
        let (letter, plain) = (LetterDigest::from([1; 32]), vec![7; PLAIN]);
        let digest = LetterDigest::of(&plain);
        assert!(keys.find(&letter).expect("asked").is_none());
        keys.make(&[(letter, digest)]).expect("made");
        let sealed = keys.find(&letter).expect("asked").expect("a key").rewrap(&plain).expect("sealed");
        keys.make(&[(letter, digest)]).expect("kept as it was");
        let opens = || keys.find(&letter).expect("asked").expect("a key").unwrap(&sealed).is_some();
        assert!(opens());
        let another = keys.find(&letter).expect("asked").expect("a key").rewrap(&vec![8; PLAIN]).expect("sealed");
        assert!(keys.find(&letter).expect("asked").expect("a key").unwrap(&another).is_none(), "another letter");
        let name = letter.to_hex();
        fs::write(one.join(&name), "torn").expect("written");
        assert!(opens(), "one copy is damaged");
        assert!(
            opens() && fs::read(one.join(&name)).expect("made good") == fs::read(other.join(&name)).expect("a copy")
        );
        let moved = tempfile::tempdir().expect("a folder");
        for name in ["one", "other", PATHS] {
            fs::rename(place.path().join(name), moved.path().join(name)).expect("moved");
        }
        let there = LetterKeys::open(moved.path()).expect("opened");
        assert!(there.find(&letter).expect("asked").is_some(), "folders move with the recorder's");
        for name in ["one", "other", PATHS] {
            fs::rename(moved.path().join(name), place.path().join(name)).expect("moved back");
        }
        // The whole disk is missing.
        fs::rename(&one, place.path().join("away")).expect("moved");
        assert!(opens());
        assert!(matches!(keys.make(&[([2; 32].into(), digest)]), Err(NoLetterKey::NotOurs(_))), "nothing is taken in");
        assert!(matches!(keys.find(&[2; 32].into()), Err(NoLetterKey::NotOurs(_))), "not known to be erased");
        fs::create_dir(&one).expect("an empty place where the disk was");
        assert!(matches!(keys.erase(&[letter]), Err(NoLetterKey::NotOurs(_))), "a copy would stay");
        fs::remove_dir(&one).expect("removed");
        fs::rename(place.path().join("away"), &one).expect("back");
        keys.erase(&[letter]).expect("erased");
        assert!(keys.find(&letter).expect("asked").is_none());
        assert!(!one.join(&name).exists() && !other.join(&name).exists());
    }
}
