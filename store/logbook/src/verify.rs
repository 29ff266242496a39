//! Checking the whole log: places without gaps, every leaf and every hash above it, the order of
//! first receipt, and checkpoints, also those held elsewhere.

use std::collections::BTreeMap;

use crypto::log::{Checkpoint, Entry, Hash, RECEIVED};
use database::{AnyConnection, Error};
use diesel::prelude::*;
use tlog_tiles::node_hash;

use crate::Logbook;
use crate::openings::{Damaged, ToldOf, told_between};
use crate::schema::{entries, first_receipts, tree};
use crate::tree::{Row, entry, leaf_of};

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
            Self::Told { sequence } => write!(f, "entry {sequence} says other than what its reporter is told of it"),
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
    /// What a reporter is told of an entry is not what the entry says.
    Told {
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

/// An entry with what its leaf covers beside it.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The entry.
    pub entry: Entry,
    /// The entry as text, which is what the leaf covers.
    pub text: String,
    /// Its salt.
    pub salt: Vec<u8>,
    /// What its reporter is told of it, if anything.
    pub told: Option<ToldOf>,
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
                    let page = Page::after(connection, walk.size)?;
                    if page.rows.is_empty() {
                        return walk.end(connection);
                    }
                    if let Err(wrong) = walk.page(connection, page, &mut see)? {
                        return Ok(Err(wrong));
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

/// Entries one after the other, what is told of them, and the stored hashes that belong to them.
struct Page {
    rows: Vec<Row>,
    told: BTreeMap<i64, Result<ToldOf, Damaged>>,
    hashes: std::vec::IntoIter<Vec<u8>>,
}

impl Page {
    fn after(connection: &mut AnyConnection, sequence: u64) -> QueryResult<Self> {
        let after = i64::try_from(sequence).unwrap_or(i64::MAX);
        let until = after.saturating_add(PAGE);
        let rows = entries::table.filter(entries::sequence.gt(after).and(entries::sequence.le(until)));
        let mut rows: Vec<Row> = rows.select(Row::as_select()).order(entries::sequence).load(connection)?;
        if rows.is_empty() {
            // A gap as long as a page is still a gap.
            let next = entries::table.filter(entries::sequence.gt(until)).select(Row::as_select());
            rows = next.order(entries::sequence).limit(1).load(connection)?;
        }
        let told = told_between(connection, after + 1, until)?;
        let place = |sequence: i64| {
            let count = tlog_tiles::stored_hash_count(u64::try_from(sequence).unwrap_or(u64::MAX));
            i64::try_from(count).unwrap_or(i64::MAX)
        };
        let hashes = tree::table.filter(tree::place.ge(place(after)).and(tree::place.lt(place(until))));
        let hashes: Vec<Vec<u8>> = hashes.select(tree::hash).order(tree::place).load(connection)?;
        Ok(Self { rows, told, hashes: hashes.into_iter() })
    }

    /// Whether the next stored hash is this one.
    fn next_is(&mut self, hash: Hash) -> bool {
        self.hashes.next().is_some_and(|stored| stored == hash.0)
    }
}

/// The walk along the log: the roots of the full subtrees so far, highest first.
struct Walk {
    peaks: Vec<(u32, Hash)>,
    size: u64,
    letters: u64,
    held: BTreeMap<u64, Vec<Hash>>,
}

impl Walk {
    fn page(
        &mut self,
        connection: &mut AnyConnection,
        mut page: Page,
        see: &mut impl FnMut(&Exported) -> Result<(), Wrong>,
    ) -> QueryResult<Result<(), Wrong>> {
        for row in std::mem::take(&mut page.rows) {
            let sequence = self.size + 1;
            let wrong = Wrong::Altered { sequence };
            let Some((entry, salt)) = entry(row) else { return Ok(Err(wrong)) };
            if entry.sequence != sequence {
                return Ok(Err(Wrong::Gap { sequence }));
            }
            let Ok(text) = entry.to_text() else { return Ok(Err(wrong)) };
            let told = page.told.remove(&i64::try_from(sequence).unwrap_or(i64::MAX));
            let Ok(leaf) = leaf_of(&text, &salt, told.as_ref()) else { return Ok(Err(wrong)) };
            let one = Exported { entry, text, salt, told: told.and_then(Result::ok) };
            if let Err(wrong) = self.step(leaf, &mut page).and_then(|()| see(&one)) {
                return Ok(Err(wrong));
            }
            if one.entry.action == RECEIVED
                && let Err(wrong) = self.receipt(connection, &one.entry.subject)?
            {
                return Ok(Err(wrong));
            }
        }
        Ok(Ok(()))
    }

    /// Takes the next leaf in and compares it, and the subtrees that it completes, with what is stored.
    fn step(&mut self, leaf: Hash, page: &mut Page) -> Result<(), Wrong> {
        let sequence = self.size + 1;
        if !page.next_is(leaf) {
            return Err(Wrong::Altered { sequence });
        }
        let (mut hash, mut level) = (leaf, 0);
        while let Some((_, peak)) = self.peaks.pop_if(|(height, _)| *height == level) {
            hash = node_hash(peak, hash);
            level += 1;
            if !page.next_is(hash) {
                return Err(Wrong::Tree { sequence });
            }
        }
        self.peaks.push((level, hash));
        self.size = sequence;
        match self.held.remove(&sequence) {
            Some(roots) if roots.iter().any(|held| *held != self.root()) => Err(Wrong::Checkpoint { size: sequence }),
            _ => Ok(()),
        }
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
