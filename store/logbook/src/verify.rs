//! Verification of the whole log: places without gaps, every leaf and every hash above it, the order of first
//! receipt, and checkpoints, including those held elsewhere.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread;

use crypto::log::checkpoint::{Checkpoint, Hash, LogEntry, RECEIVED};
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;
use tlog_tiles::{node_hash, stored_hash_count};

use crate::Logbook;
use crate::disclosed::{BadDisclosure, DisclosedEntry, disclosed_between};
use crate::schema::{entries, first_receipts, tree};
use crate::tree::leaf_of;

/// Entries checked together. A full subtree, so that pages can be checked independently. Bounds memory for a log of
/// any length.
const PAGE: u64 = 4096;
/// Bytes of the file that a reader may map into memory: reading pages by system calls takes longer than hashing them.
const MAP: &str = "PRAGMA mmap_size = 4294967296";
/// Marks entries of first receipts in an entry's text. Quotes within a value are escaped, so no value can imitate it.
const IS_RECEIPT: &str = "\"action\":\"received\"";

impl std::fmt::Display for LogDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gap { sequence } => write!(f, "entry {sequence} is missing"),
            Self::Altered { sequence } => write!(f, "entry {sequence} is not what its leaf was made of"),
            Self::Tree { sequence } => write!(f, "the tree above entry {sequence} is not what its leaves make it"),
            Self::Cut { sequence } => write!(f, "the log was cut off: entry {sequence} has a leaf and is gone"),
            Self::Receipt { place } => write!(f, "the letter at place {place} is not the one that its entry names"),
            Self::Signature { sequence } => {
                write!(f, "entry {sequence} says other than what its person signed, or the signature is not theirs")
            }
            Self::Disclosed { sequence } => {
                write!(f, "entry {sequence} says other than what its reporter is disclosed of it")
            }
            Self::Checkpoint { size } => write!(f, "the log is not the one that the checkpoint of size {size} is of"),
            Self::Truncated { size, entries } => {
                write!(f, "there is a checkpoint of size {size}, and only {entries} entries: the end is missing")
            }
        }
    }
}

/// Result of a successful verification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VerifiedLog {
    /// Size and root of the log as it is now.
    pub now: Checkpoint,
    /// Number of letters with a place in the order of first receipt.
    pub letters: u64,
}

/// The first defect found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogDefect {
    /// An entry is missing: the next one has another place.
    Gap {
        /// The missing place, from 1.
        sequence: u64,
    },
    /// An entry does not match its leaf.
    Altered {
        /// The entry's place, from 1.
        sequence: u64,
    },
    /// A hash above the leaves does not match them, or is missing.
    Tree {
        /// The place of the last entry below that hash.
        sequence: u64,
    },
    /// The tree has leaves whose entries are missing.
    Cut {
        /// The place of the first missing entry.
        sequence: u64,
    },
    /// A letter's place differs from its entry, or one of the two is missing.
    Receipt {
        /// The place in the order of first receipt.
        place: u64,
    },
    /// An entry differs from the request that the account signed, or the signature is not by its key.
    Signature {
        /// The entry's place, from 1.
        sequence: u64,
    },
    /// A reporter's access record differs from its entry.
    Disclosed {
        /// The entry's place, from 1.
        sequence: u64,
    },
    /// A checkpoint does not match the entries.
    Checkpoint {
        /// Size of the checkpoint, in entries.
        size: u64,
    },
    /// A checkpoint is larger than the log: the end of the log is missing.
    Truncated {
        /// Size of the checkpoint, in entries.
        size: u64,
        /// Number of entries in the log.
        entries: u64,
    },
}

/// An entry with everything that its leaf covers.
#[derive(Clone, Debug)]
pub struct ExportedEntry {
    /// Its place, from 1.
    pub sequence: u64,
    /// The entry as text.
    pub text: String,
    /// The salt of the entry.
    pub salt: Vec<u8>,
    /// The reporter's access record of the entry, if there is one.
    pub disclosed: Option<DisclosedEntry>,
}

impl ExportedEntry {
    /// Parses the entry; fails with [`LogDefect::Altered`] if it is malformed.
    pub fn entry(&self) -> Result<LogEntry, LogDefect> {
        LogEntry::parse(&self.text).map_err(|_| LogDefect::Altered { sequence: self.sequence })
    }
}

/// The result of verifying: the log, or its first defect.
pub type Found = Result<VerifiedLog, LogDefect>;

impl Logbook {
    /// Checks everything that needs no key. `see` gets each entry, oldest first; a defect it returns ends the
    /// verification. `held` are checkpoints whose signatures were verified.
    pub fn verify(
        &self,
        held: &[Checkpoint],
        mut see: impl FnMut(&ExportedEntry) -> Result<(), LogDefect>,
    ) -> Result<Found, DatabaseError> {
        // The end as it is now: entries appended later are not checked.
        let end = self.readers.read(|connection| connection.transaction(End::read))?;
        let mut walk = Walk { peaks: Peaks::default(), size: 0, letters: 0, held: by_size(held) };
        while walk.size < end.entries {
            for page in self.pages(walk.size, end.entries, &walk.held)? {
                if let Err(wrong) = walk.page(self, page, &mut see)? {
                    return Ok(Err(wrong));
                }
            }
        }
        Ok(walk.end(&end))
    }

    /// The next pages, checked in parallel, one for each processor.
    fn pages(&self, from: u64, until: u64, held: &BTreeMap<u64, Vec<Hash>>) -> Result<Vec<Page>, DatabaseError> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get) as u64;
        let starts = (0..threads).map(|number| from + number * PAGE).filter(|start| *start < until);
        thread::scope(|scope| {
            let check = |start: u64| {
                let end = until.min(start + PAGE);
                scope.spawn(move || self.readers.read(|connection| Page::check(connection, start, end, held)))
            };
            let running: Vec<_> = starts.map(check).collect();
            running.into_iter().map(|page| page.join().map_err(|_| DatabaseError::Stopped)?).collect()
        })
    }
}

fn by_size(held: &[Checkpoint]) -> BTreeMap<u64, Vec<Hash>> {
    let mut sizes: BTreeMap<u64, Vec<Hash>> = BTreeMap::new();
    for checkpoint in held {
        sizes.entry(checkpoint.size).or_default().push(checkpoint.root);
    }
    sizes
}

/// Counts at the beginning of the verification.
struct End {
    entries: u64,
    hashes: u64,
    letters: u64,
}

impl End {
    fn read(connection: &mut AnyConnection) -> QueryResult<Self> {
        let number = |number: i64| u64::try_from(number).unwrap_or_default();
        let last: Option<i64> = entries::table.select(max(entries::sequence)).first(connection)?;
        Ok(Self {
            entries: last.map(number).unwrap_or_default(),
            hashes: number(tree::table.count().get_result(connection)?),
            letters: number(first_receipts::table.count().get_result(connection)?),
        })
    }
}

/// The roots of adjacent full subtrees, highest first.
#[derive(Clone, Default)]
struct Peaks(Vec<(u32, Hash)>);

impl Peaks {
    /// Adds a subtree and joins subtrees that become full. `stored` compares each new hash with the stored one.
    fn add(&mut self, mut level: u32, mut hash: Hash, mut stored: impl FnMut(Hash) -> bool) -> bool {
        while let Some((_, peak)) = self.0.pop_if(|(height, _)| *height == level) {
            (hash, level) = (node_hash(peak, hash), level + 1);
            if !stored(hash) {
                return false;
            }
        }
        self.0.push((level, hash));
        true
    }

    /// The root as RFC 6962 defines it: the subtrees folded from the right.
    fn root(&self) -> Hash {
        let mut peaks = self.0.iter().rev().map(|(_, peak)| *peak);
        let last = peaks.next().unwrap_or(tlog_tiles::EMPTY_HASH);
        peaks.fold(last, |right, left| node_hash(left, right))
    }
}

/// A page of entries, checked as far as possible without the pages before it.
struct Page {
    entries: Vec<ExportedEntry>,
    peaks: Peaks,
    /// The peaks at the sizes of checkpoints within the page.
    at: BTreeMap<u64, Peaks>,
    /// Stored hashes above the page, which the last entry completes.
    above: std::vec::IntoIter<Vec<u8>>,
    /// The defect after the last of `entries`, if there is one.
    wrong: Option<LogDefect>,
}

impl Page {
    /// Checks the entries after `from` up to `until`.
    fn check(
        connection: &mut AnyConnection,
        from: u64,
        until: u64,
        held: &BTreeMap<u64, Vec<Hash>>,
    ) -> QueryResult<Self> {
        let place = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        diesel::sql_query(MAP).execute(connection)?;
        let rows: Vec<(i64, String, Vec<u8>)> = entries::table
            .filter(entries::sequence.gt(place(from)).and(entries::sequence.le(place(until))))
            .select((entries::sequence, entries::text, entries::salt))
            .order(entries::sequence)
            .load(connection)?;
        let (first, end) = (place(stored_hash_count(from)), place(stored_hash_count(until)));
        let hashes = tree::table.filter(tree::place.ge(first).and(tree::place.lt(end)));
        let hashes: Vec<Vec<u8>> = hashes.select(tree::hash).order(tree::place).load(connection)?;
        let mut disclosed = disclosed_between(connection, place(from + 1), place(until))?;
        let mut page = Self {
            entries: Vec::with_capacity(rows.len()),
            peaks: Peaks::default(),
            at: BTreeMap::new(),
            above: hashes.into_iter(),
            wrong: None,
        };
        let mut rows = rows.into_iter();
        for sequence in from + 1..=until {
            let Some((_, text, salt)) = rows.next().filter(|(row, ..)| *row == place(sequence)) else {
                page.wrong = Some(LogDefect::Gap { sequence });
                break;
            };
            let one = (text, salt, disclosed.remove(&place(sequence)));
            if let Err(wrong) = page.take(sequence, one) {
                page.wrong = Some(wrong);
                break;
            }
            if held.contains_key(&sequence) {
                page.at.insert(sequence, page.peaks.clone());
            }
        }
        Ok(page)
    }

    /// Adds the next entry and compares its leaf, and the subtrees that it completes, with the stored hashes.
    fn take(&mut self, sequence: u64, (text, salt, disclosed): Covered) -> Result<(), LogDefect> {
        let altered = LogDefect::Altered { sequence };
        if !text.starts_with(&format!("{{\"sequence\":{sequence},")) {
            return Err(altered);
        }
        let Ok(leaf) = leaf_of(&text, &salt, disclosed.as_ref()) else { return Err(altered) };
        let above = &mut self.above;
        let mut stored = |hash: Hash| above.next().is_some_and(|stored| stored == hash.0);
        if !stored(leaf) {
            return Err(altered);
        }
        if !self.peaks.add(0, leaf, stored) {
            return Err(LogDefect::Tree { sequence });
        }
        self.entries.push(ExportedEntry { sequence, text, salt, disclosed: disclosed.and_then(Result::ok) });
        Ok(())
    }
}

/// The content that a leaf covers: text, salt, and the access record if there is one.
type Covered = (String, Vec<u8>, Option<Result<DisclosedEntry, BadDisclosure>>);

/// State of the verification along the pages.
struct Walk {
    peaks: Peaks,
    size: u64,
    letters: u64,
    held: BTreeMap<u64, Vec<Hash>>,
}

impl Walk {
    fn page(
        &mut self,
        logbook: &Logbook,
        mut page: Page,
        see: &mut impl FnMut(&ExportedEntry) -> Result<(), LogDefect>,
    ) -> Result<Result<(), LogDefect>, DatabaseError> {
        for one in &page.entries {
            self.size = one.sequence;
            if let Err(wrong) = self.checkpoint(&page).and_then(|()| see(one)) {
                return Ok(Err(wrong));
            }
            if one.text.contains(IS_RECEIPT)
                && let Err(wrong) = self.receipt(logbook, one)?
            {
                return Ok(Err(wrong));
            }
        }
        if let Some(wrong) = page.wrong {
            return Ok(Err(wrong));
        }
        for (level, hash) in std::mem::take(&mut page.peaks.0) {
            let above = &mut page.above;
            if !self.peaks.add(level, hash, |hash| above.next().is_some_and(|stored| stored == hash.0)) {
                return Ok(Err(LogDefect::Tree { sequence: self.size }));
            }
        }
        Ok(Ok(()))
    }

    /// Compares the checkpoints of this size with this log.
    fn checkpoint(&mut self, page: &Page) -> Result<(), LogDefect> {
        let Some(roots) = self.held.remove(&self.size) else { return Ok(()) };
        let within = page.at.get(&self.size).map(|peaks| peaks.0.as_slice()).unwrap_or_default();
        let root = Peaks([&self.peaks.0, within].concat()).root();
        if roots.iter().all(|held| *held == root) { Ok(()) } else { Err(LogDefect::Checkpoint { size: self.size }) }
    }

    /// Compares a letter's place with its entry. Places count up by one.
    fn receipt(&mut self, logbook: &Logbook, one: &ExportedEntry) -> Result<Result<(), LogDefect>, DatabaseError> {
        let entry = match one.entry() {
            Ok(entry) if entry.action == RECEIVED => entry,
            Ok(_) => return Ok(Ok(())),
            Err(wrong) => return Ok(Err(wrong)),
        };
        // Letters received before there was a tree have places without entries.
        let first = entry.subject.split(' ').next().and_then(|place| place.parse().ok()).unwrap_or(1);
        let place = if self.letters == 0 { first } else { self.letters + 1 };
        let row = first_receipts::table.find(i64::try_from(place).unwrap_or(i64::MAX));
        let digest = row.select(first_receipts::digest);
        let digest: Option<String> = logbook.readers.read(|connection| digest.first(connection).optional())?;
        if digest.is_none_or(|digest| format!("{place} {digest}") != entry.subject) {
            return Ok(Err(LogDefect::Receipt { place }));
        }
        self.letters = place;
        Ok(Ok(()))
    }

    fn end(mut self, end: &End) -> Found {
        if end.hashes != stored_hash_count(self.size) {
            return Err(LogDefect::Cut { sequence: self.size + 1 });
        }
        let empty = self.held.remove(&0).unwrap_or_default();
        if empty.iter().any(|root| *root != tlog_tiles::EMPTY_HASH) {
            return Err(LogDefect::Checkpoint { size: 0 });
        }
        if let Some(size) = self.held.keys().next() {
            return Err(LogDefect::Truncated { size: *size, entries: self.size });
        }
        if self.letters > 0 && end.letters != self.letters {
            return Err(LogDefect::Receipt { place: self.letters + 1 });
        }
        Ok(VerifiedLog { now: Checkpoint { size: self.size, root: self.peaks.root() }, letters: self.letters })
    }
}
