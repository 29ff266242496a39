//! The journal: every letter as the register holds it, on another disk, before anybody is told that it was taken in. A
//! register that is restored from an older backup gets from it what came since. It reveals nothing that the register does
//! not: a letter opens only with its key at the recorder, which an erasure destroys.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crypto::sealing::outer::Header;
use model::{Day, Digest, LetterDigest};
use register::{IncomingLetter, IncomingLetters, Register, SequenceConflict};
use serde::{Deserialize, Serialize};

/// The ending of a file of the journal.
const ENDING: &str = "letters";

/// The folder of the journal, a file for each batch of letters. Files are only ever added.
pub struct Journal(PathBuf);

/// A letter's line; the sealed bytes follow on it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    digest: LetterDigest,
    sequence: u64,
    header: Header,
    received_on: Day,
    bytes: usize,
}

/// Why the journal cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder failed: its disk is full, or not mounted.
    #[error("the journal of letters cannot be read or written: is its disk mounted?")]
    Folder(#[from] io::Error),
    /// A file is not of its form.
    #[error("{0} is damaged")]
    Damaged(String),
    /// The register failed.
    #[error("the register failed")]
    Register(#[from] database::DatabaseError),
    /// The register has another letter at a letter's place.
    #[error("the register has other letters at the places of {0}")]
    Conflict(String),
}

impl Journal {
    /// A journal in a folder, made if it is missing. Says so if it is on the register's disk.
    pub fn open(folder: &Path, register: &Path) -> Result<Self, JournalError> {
        fs::create_dir_all(folder)?;
        let disk = |path: &Path| path.metadata().map(|about| about.dev()).ok();
        if disk(folder).is_some() && disk(folder) == disk(register) {
            tracing::warn!(
                code = "journal.one-disk",
                "the journal of letters is on the register's disk: if it fails, letters are lost"
            );
        }
        Ok(Self(folder.to_owned()))
    }

    /// Adds letters, durably. Those that were added before make no second file.
    pub(crate) fn add<'a>(&self, letters: impl Iterator<Item = &'a IncomingLetter>) -> Result<(), JournalError> {
        let (mut content, mut places) = (Vec::new(), Vec::new());
        for letter in letters {
            let entry = Entry {
                digest: letter.digest,
                sequence: letter.sequence,
                header: letter.header.clone(),
                received_on: letter.received_on,
                bytes: letter.sealed.len(),
            };
            serde_json::to_writer(&mut content, &entry).map_err(io::Error::from)?;
            content.push(b'\n');
            content.extend_from_slice(&letter.sealed);
            places.push(letter.sequence);
        }
        let Some(first) = places.first() else { return Ok(()) };
        let name = format!("{first:020}-{}", &Digest::of(&content).to_hex()[..16]);
        let (place, new) = (self.0.join(&name).with_extension(ENDING), self.0.join(&name).with_extension("new"));
        if place.exists() {
            return Ok(());
        }
        let mut file = File::create(&new)?;
        file.write_all(&content)?;
        file.sync_all()?;
        fs::rename(&new, &place)?;
        Ok(File::open(&self.0)?.sync_all()?)
    }

    /// Gives the register the letters that it lacks; returns how many.
    pub fn replay(&self, register: &Register) -> Result<usize, JournalError> {
        let mut files = Vec::new();
        for file in fs::read_dir(&self.0)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == ENDING) {
                files.push(path);
            }
        }
        files.sort();
        let mut admitted = 0;
        for path in files {
            let name = || path.display().to_string();
            let letters = read(&fs::read(&path)?).ok_or_else(|| JournalError::Damaged(name()))?;
            let taken = register.take_in(IncomingLetters { letters, ..IncomingLetters::default() })?;
            admitted += taken.map_err(|SequenceConflict| JournalError::Conflict(name()))?.admitted;
        }
        Ok(admitted)
    }
}

fn read(mut content: &[u8]) -> Option<Vec<IncomingLetter>> {
    let mut letters = Vec::new();
    while !content.is_empty() {
        let end = content.iter().position(|byte| *byte == b'\n')?;
        let Entry { digest, sequence, header, received_on, bytes } = serde_json::from_slice(&content[..end]).ok()?;
        let (sealed, rest) = content[end + 1..].split_at_checked(bytes)?;
        letters.push(IncomingLetter { digest, sequence, header, received_on, sealed: sealed.to_vec() });
        content = rest;
    }
    Some(letters)
}
