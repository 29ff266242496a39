//! Reading a bundle: the head first, then a copy of the whole, and only then its records.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::YearKeys;
use model::{Day, Digest};
use sha2::{Digest as _, Sha256};

use crate::LARGEST;
use crate::direction::{Direction, Outward};
use crate::error::{BundleError, WrongBundle};
use crate::head::BundleHead;
use crate::writer::{HEAD, LENGTHS};

/// Bytes of a record's JSON, at most.
const MOST_TEXT: usize = 4096;
/// Bytes after it, at most: a part of an enclosure has 4 MiB.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A file that may be a bundle. Only its head was read.
pub struct BundleFile<S> {
    path: PathBuf,
    note: String,
    year: String,
    direction: PhantomData<S>,
}

impl<S: Direction> BundleFile<S> {
    /// Reads the beginning of a file.
    pub fn open(path: &Path) -> Result<Self, BundleError> {
        let mut begin = Vec::with_capacity(HEAD);
        File::open(path)?.take(HEAD as u64).read_to_end(&mut begin)?;
        let mut notes = begin.splitn(3, |byte| *byte == 0);
        let mut next = || String::from_utf8(notes.next()?.to_vec()).ok();
        let (Some(note), Some(year)) = (next(), next()) else { return Err(WrongBundle::Form.into()) };
        // Nothing else may be there: what no key has signed could say anything.
        let is_filled = begin.len() == HEAD && notes.next().is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
        if !is_filled || year.is_empty() == S::NAMES_YEAR {
            return Err(WrongBundle::Form.into());
        }
        Ok(Self { path: path.to_owned(), note, year, direction: PhantomData })
    }

    /// The head, if this key has signed it.
    pub fn head(&self, key: &NoteKey) -> Result<BundleHead<S>, WrongBundle> {
        BundleHead::parse(&key.verified_text(&self.note).map_err(|_| WrongBundle::Foreign)?)
    }

    /// Copies the bundle into a folder of this side, checked: whoever can write to the other one cannot change it any
    /// more, and a stick may be pulled. The head must be this file's.
    pub fn checked(&self, head: BundleHead<S>, into: &Path) -> Result<CheckedBundle<S>, BundleError> {
        if head.length > LARGEST {
            return Err(WrongBundle::Damaged.into());
        }
        let mut from = File::open(&self.path)?;
        from.seek(SeekFrom::Start(HEAD as u64))?;
        let mut copy = tempfile::tempfile_in(into)?;
        let (mut hash, mut buffer, mut copied) = (Sha256::new(), vec![0; 1024 * 1024], 0);
        loop {
            let read = from.read(&mut buffer)?;
            copied += read as u64;
            if copied > head.length {
                return Err(WrongBundle::Damaged.into());
            }
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            copy.write_all(&buffer[..read])?;
        }
        if copied != head.length || Digest::from(<[u8; 32]>::from(hash.finalize())) != head.body {
            return Err(WrongBundle::Damaged.into());
        }
        Ok(CheckedBundle { head, copy })
    }
}

impl BundleFile<Outward> {
    /// The head and the keys that the root has signed, if the exchange key among them has signed the head. The keys must
    /// be in force today.
    pub fn head_from_root(&self, root: &NoteKey, today: Day) -> Result<(BundleHead<Outward>, YearKeys), WrongBundle> {
        let keys = root.verified_text(&self.year).map_err(|_| WrongBundle::Foreign)?;
        let keys = YearKeys::parse(&keys).map_err(|_| WrongBundle::Form)?;
        let head = self.head(&keys.exchange)?;
        let in_force = keys.from <= today && today <= keys.until;
        if in_force { Ok((head, keys)) } else { Err(WrongBundle::NotInForce) }
    }
}

/// A bundle that is what its head says, in a copy that nobody else can reach.
pub struct CheckedBundle<S> {
    /// Its head.
    pub head: BundleHead<S>,
    copy: File,
}

impl<S: Direction> CheckedBundle<S> {
    /// Its records, from the first.
    pub fn records(&mut self) -> Result<Records<S>, BundleError> {
        let mut copy = self.copy.try_clone()?;
        copy.seek(SeekFrom::Start(0))?;
        Ok(Records { from: BufReader::with_capacity(1024 * 1024, copy), ended: false, direction: PhantomData })
    }
}

/// A record and its bytes.
type RecordOf<S> = (<S as Direction>::Record, Vec<u8>);

/// The records of a bundle, read one after the other: one of them is in memory at a time.
pub struct Records<S> {
    from: BufReader<File>,
    ended: bool,
    direction: PhantomData<S>,
}

impl<S: Direction> Records<S> {
    fn read(&mut self) -> Result<Option<RecordOf<S>>, BundleError> {
        let (text, bytes) = (self.length()?, self.length()?);
        if (text, bytes) == (0, 0) {
            return Ok(None);
        }
        if text > MOST_TEXT || bytes > MOST_BYTES {
            return Err(WrongBundle::Record.into());
        }
        let (mut record, mut content) = (vec![0; text], vec![0; bytes]);
        self.exactly(&mut record)?;
        self.exactly(&mut content)?;
        let record = serde_json::from_slice(&record).map_err(|_| WrongBundle::Record)?;
        Ok(Some((record, content)))
    }

    fn length(&mut self) -> Result<usize, BundleError> {
        let mut length = [0; LENGTHS / 2];
        self.exactly(&mut length)?;
        Ok(u32::from_be_bytes(length) as usize)
    }

    fn exactly(&mut self, into: &mut [u8]) -> Result<(), BundleError> {
        self.from.read_exact(into).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => WrongBundle::Record.into(),
            _ => error.into(),
        })
    }
}

impl<S: Direction> Iterator for Records<S> {
    type Item = Result<RecordOf<S>, BundleError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read().transpose();
        self.ended = !matches!(read, Some(Ok(_)));
        read
    }
}
