//! Checking the whole log: places without gaps, every leaf and every hash above it, the order of
//! first receipt, and checkpoints, also those held elsewhere.

use std::collections::BTreeMap;

use crypto::log::{Checkpoint, Entry, Hash, RECEIVED, leaf};
use database::{AnyConnection, Error};
use diesel::prelude::*;
use tlog_tiles::node_hash;

use crate::Logbook;
use crate::schema::{entries, first_receipts, tree};
use crate::tree::{Row, entry};

/// Rows read at once: memory stays bounded whatever the log's length.
const PAGE: i64 = 5000;

impl std::fmt::Display for Wrong {
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
            Self::Checkpoint { size } => write!(f, "the log is not the one that the checkpoint of size {size} is of"),
            Self::Truncated { size, entries } => {
                write!(f, "there is a checkpoint of size {size}, and only {entries} entries: the end is missing")
            }
        }
    }
}

/// What was found sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verified {
    /// The log as it stands.
    pub now: Checkpoint,
    /// How many letters have a place.
    pub letters: u64,
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// An entry is missing: the next one has another place.
    Gap {
        /// The place that is missing.
        sequence: u64,
    },
    /// An entry is not what its leaf was made of.
    Altered {
        /// Its place.
        sequence: u64,
    },
    /// A hash above the leaves is not what the leaves make it, or is missing.
    Tree {
        /// The place of the last entry below it.
        sequence: u64,
    },
    /// The tree has leaves whose entries are gone.
    Cut {
        /// The place of the first missing entry.
        sequence: u64,
    },
    /// A letter's place is not the one that its entry says, or one of both is missing.
    Receipt {
        /// The place.
        place: u64,
    },
    /// What a person signed is not what the entry says, or not signed by their key.
    Signature {
        /// The entry's place.
        sequence: u64,
    },
    /// A checkpoint says other than the entries.
    Checkpoint {
        /// Its size.
        size: u64,
    },
    /// A checkpoint is of a longer log: the end is missing.
    Truncated {
        /// The checkpoint's size.
        size: u64,
        /// How many entries there are.
        entries: u64,
    },
}

/// An entry with its salt, for an export.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The entry.
    pub entry: Entry,
    /// Its salt.
    pub salt: Vec<u8>,
}

/// What verifying found.
pub type Found = Result<Verified, Wrong>;

impl Logbook {
    /// Checks everything that does not need a key, and `see` looks at each entry, oldest first;
    /// what it finds wrong is the first wrong thing too. `held` are checkpoints whose signatures
    /// were checked.
    pub fn verify(
        &self,
        held: &[Checkpoint],
        mut see: impl FnMut(&Exported) -> Result<(), Wrong>,
    ) -> Result<Found, Error> {
        // One view of the log, however it grows meanwhile.
        self.readers.read(|connection| {
            connection.transaction(|connection| {
                let mut walk = Walk { peaks: Vec::new(), size: 0, letters: 0, held: by_size(held) };
                loop {
                    let page = page_after(connection, walk.size)?;
                    if page.is_empty() {
                        return walk.end(connection);
                    }
                    for row in page {
                        let Some((entry, salt)) = entry(row) else {
                            return Ok(Err(Wrong::Altered { sequence: walk.size + 1 }));
                        };
                        let one = Exported { entry, salt };
                        if let Err(wrong) = walk.step(connection, &one)? {
                            return Ok(Err(wrong));
                        }
                        if let Err(wrong) = see(&one) {
                            return Ok(Err(wrong));
                        }
                    }
                }
            })
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

fn page_after(connection: &mut AnyConnection, sequence: u64) -> QueryResult<Vec<Row>> {
    let after = i64::try_from(sequence).unwrap_or(i64::MAX);
    let rows = entries::table.filter(entries::sequence.gt(after)).select(Row::as_select());
    rows.order(entries::sequence).limit(PAGE).load(connection)
}

/// The walk along the log: the roots of the full subtrees so far, highest first.
struct Walk {
    peaks: Vec<(u32, Hash)>,
    size: u64,
    letters: u64,
    held: BTreeMap<u64, Vec<Hash>>,
}

impl Walk {
    fn step(&mut self, connection: &mut AnyConnection, one: &Exported) -> QueryResult<Result<(), Wrong>> {
        let sequence = self.size + 1;
        if one.entry.sequence != sequence {
            return Ok(Err(Wrong::Gap { sequence }));
        }
        let Ok(text) = one.entry.to_text() else { return Ok(Err(Wrong::Altered { sequence })) };
        let mut hash = leaf(&text, &one.salt);
        let mut expected = vec![hash];
        let mut level = 0;
        while let Some((height, peak)) = self.peaks.last().copied().filter(|(height, _)| *height == level) {
            hash = node_hash(peak, hash);
            expected.push(hash);
            self.peaks.pop();
            level = height + 1;
        }
        self.peaks.push((level, hash));
        let stored = stored(connection, self.size, expected.len())?;
        if stored.first() != expected.first() {
            return Ok(Err(Wrong::Altered { sequence }));
        }
        if stored != expected {
            return Ok(Err(Wrong::Tree { sequence }));
        }
        self.size = sequence;
        let root = self.root();
        if self.held.remove(&sequence).is_some_and(|roots| roots.iter().any(|held| *held != root)) {
            return Ok(Err(Wrong::Checkpoint { size: sequence }));
        }
        if one.entry.action == RECEIVED { self.receipt(connection, &one.entry.subject) } else { Ok(Ok(())) }
    }

    /// RFC 6962's root of a tree that is not full: the subtrees folded from the right.
    fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().map(|(_, peak)| *peak);
        let last = peaks.next().unwrap_or(tlog_tiles::EMPTY_HASH);
        peaks.fold(last, |right, left| node_hash(left, right))
    }

    /// A letter's place is the one that its entry says; places count up by one.
    fn receipt(&mut self, connection: &mut AnyConnection, subject: &str) -> QueryResult<Result<(), Wrong>> {
        // Letters from before the tree have places without entries.
        let first = subject.split(' ').next().and_then(|place| place.parse().ok()).unwrap_or(1);
        let place = if self.letters == 0 { first } else { self.letters + 1 };
        let row = first_receipts::table.find(i64::try_from(place).unwrap_or(i64::MAX));
        let digest: Option<String> = row.select(first_receipts::digest).first(connection).optional()?;
        if digest.is_none_or(|digest| format!("{place} {digest}") != subject) {
            return Ok(Err(Wrong::Receipt { place }));
        }
        self.letters = place;
        Ok(Ok(()))
    }

    fn end(mut self, connection: &mut AnyConnection) -> QueryResult<Found> {
        let hashes: i64 = tree::table.count().get_result(connection)?;
        if u64::try_from(hashes) != Ok(tlog_tiles::stored_hash_count(self.size)) {
            return Ok(Err(Wrong::Cut { sequence: self.size + 1 }));
        }
        let empty = self.held.remove(&0).unwrap_or_default();
        if empty.iter().any(|root| *root != tlog_tiles::EMPTY_HASH) {
            return Ok(Err(Wrong::Checkpoint { size: 0 }));
        }
        if let Some(size) = self.held.keys().next() {
            return Ok(Err(Wrong::Truncated { size: *size, entries: self.size }));
        }
        let places: i64 = first_receipts::table.count().get_result(connection)?;
        if self.letters > 0 && u64::try_from(places) != Ok(self.letters) {
            return Ok(Err(Wrong::Receipt { place: self.letters + 1 }));
        }
        let now = Checkpoint { size: self.size, root: self.root() };
        Ok(Ok(Verified { now, letters: self.letters }))
    }
}

fn stored(connection: &mut AnyConnection, index: u64, count: usize) -> QueryResult<Vec<Hash>> {
    let from = i64::try_from(tlog_tiles::stored_hash_count(index)).unwrap_or(i64::MAX);
    let until = from.saturating_add(i64::try_from(count).unwrap_or(0));
    let rows = tree::table.filter(tree::place.ge(from).and(tree::place.lt(until))).select(tree::hash);
    let hashes: Vec<Vec<u8>> = rows.order(tree::place).load(connection)?;
    // A hash of another length is none, and found as a wrong one.
    Ok(hashes.into_iter().filter_map(|hash| hash.try_into().ok().map(Hash)).collect())
}
