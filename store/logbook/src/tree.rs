//! The Merkle tree over the entries, and its checkpoints. It grows in the transaction that appends an entry, so that
//! every entry has its leaf.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crypto::log::checkpoint::{Checkpoint, Hash, Proof, entry_half, leaf, leaf_disclosed};
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;
use tlog_tiles::{
    HashReader, Tile, prove_record, prove_tree, stored_hash_count, stored_hashes_for_record_hash, tree_hash,
};

use crate::Logbook;
use crate::disclosed::{BadDisclosure, DisclosedEntry, disclosed_between};
use crate::schema::{checkpoints, entries, tree};

/// Height of a tile, as C2SP tlog-tiles sets it: 256 hashes each.
const TILE: u8 = 8;

/// Why tiles cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum NoTiles {
    /// A tile could not be written.
    #[error("a tile cannot be written")]
    Write(#[from] std::io::Error),
    /// The database failed, or the tree is damaged.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum NoProof {
    /// The log has fewer entries than asked for.
    #[error("the log is not so long")]
    TooLong,
    /// The database failed, or the tree is damaged.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Logbook {
    /// Size and root of the log as it is now.
    pub fn checkpoint(&self) -> Result<Checkpoint, DatabaseError> {
        self.readers.read(|connection| {
            let size = length(connection)?;
            Ok(Checkpoint { size, root: read(connection, |reader| tree_hash(size, reader))? })
        })
    }

    /// Stores a signed checkpoint. If one of this size is stored already, that one remains and is returned.
    pub fn keep_checkpoint(&self, size: u64, note: String) -> Result<String, DatabaseError> {
        let size = i64::try_from(size).map_err(|_| DatabaseError::Corrupt)?;
        let kept = self.writer.write(move |connection| {
            let known = checkpoints::table.find(size).select(checkpoints::note);
            if let Some(known) = known.first::<String>(connection).optional()? {
                return Ok(known);
            }
            let values = (checkpoints::size.eq(size), checkpoints::note.eq(&note));
            diesel::insert_into(checkpoints::table).values(values).execute(connection)?;
            Ok(note)
        });
        kept.wait()
    }

    /// All signed checkpoints as notes, smallest first.
    pub fn checkpoints(&self) -> Result<Vec<String>, DatabaseError> {
        let notes = checkpoints::table.select(checkpoints::note).order(checkpoints::size);
        self.readers.read(|connection| notes.load(connection))
    }

    /// Proves that the log at `size` contains the entry in this place, counted from 1.
    pub fn prove_entry(&self, sequence: u64, size: u64) -> Result<Proof, NoProof> {
        let index = sequence.checked_sub(1).filter(|index| *index < size).ok_or(NoProof::TooLong)?;
        self.prove(size, |reader| prove_record(size, index, reader))
    }

    /// Proves that the log at size `to` begins with the log at size `from`.
    pub fn prove_growth(&self, from: u64, to: u64) -> Result<Proof, NoProof> {
        if from > to {
            return Err(NoProof::TooLong);
        }
        if from == 0 || from == to {
            return Ok(Proof(Vec::new()));
        }
        self.prove(to, |reader| prove_tree(to, from, reader))
    }

    /// The hashes of the log at `size` as C2SP tlog-tiles: `each` gets every tile's path and bytes. They reveal
    /// nothing of the entries, since leaves are salted.
    pub fn tiles(&self, size: u64, mut each: impl FnMut(&str, &[u8]) -> std::io::Result<()>) -> Result<(), NoTiles> {
        for tile in Tile::new_tiles(TILE, 0, size) {
            let bytes = self.readers.read(|connection| read(connection, |reader| tile.read_data(reader)))?;
            // The library writes the height into the path; C2SP does not.
            each(&tile.path().replacen(&format!("tile/{TILE}/"), "tile/", 1), &bytes)?;
        }
        Ok(())
    }

    fn prove(
        &self,
        size: u64,
        proof: impl FnOnce(&Reader<'_>) -> Result<Vec<Hash>, tlog_tiles::Error>,
    ) -> Result<Proof, NoProof> {
        let proved = self.readers.read(|connection| {
            if length(connection)? < size {
                return Ok(None);
            }
            read(connection, proof).map(Some)
        })?;
        proved.map(Proof).ok_or(NoProof::TooLong)
    }

    /// Adds leaves to entries that were made before there was a tree.
    pub(crate) fn grow(&self) -> Result<(), DatabaseError> {
        let grown = self.writer.write(|connection| {
            let (leaves, last) = (length(connection)?, entries::table.select(max(entries::sequence)));
            let last = u64::try_from(last.first::<Option<i64>>(connection)?.unwrap_or(0)).unwrap_or_default();
            for sequence in leaves + 1..=last {
                let (text, salt) = text_at(connection, sequence)?;
                add(connection, sequence, &text, &salt)?;
            }
            Ok(())
        });
        grown.wait()
    }
}

/// Adds the leaf of an entry, with the hashes that it completes.
pub(crate) fn add(connection: &mut AnyConnection, sequence: u64, text: &str, salt: &[u8]) -> QueryResult<()> {
    let place = i64::try_from(sequence).map_err(damaged)?;
    let disclosed = disclosed_between(connection, place, place)?.remove(&place);
    let leaf =
        leaf_of(text, salt, disclosed.as_ref()).map_err(|BadDisclosure| damaged("what is disclosed of an entry"))?;
    let index = sequence - 1;
    let hashes = read(connection, |reader| stored_hashes_for_record_hash(index, leaf, reader))?;
    for (offset, hash) in (0..).zip(hashes) {
        let place = i64::try_from(stored_hash_count(index) + offset).map_err(damaged)?;
        let values = (tree::place.eq(place), tree::hash.eq(hash.0.to_vec()));
        diesel::insert_into(tree::table).values(values).execute(connection)?;
    }
    Ok(())
}

pub(crate) fn text_at(connection: &mut AnyConnection, sequence: u64) -> QueryResult<(String, Vec<u8>)> {
    let place = i64::try_from(sequence).map_err(damaged)?;
    entries::table.find(place).select((entries::text, entries::salt)).first(connection)
}

/// The leaf of an entry, which also covers its access record if there is one.
pub(crate) fn leaf_of(
    text: &str,
    salt: &[u8],
    disclosed: Option<&Result<DisclosedEntry, BadDisclosure>>,
) -> Result<Hash, BadDisclosure> {
    match disclosed {
        None => Ok(leaf(text, salt)),
        Some(disclosed) => disclosed
            .as_ref()
            .map(|disclosed| leaf_disclosed(entry_half(text, salt), &disclosed.text, &disclosed.salt))
            .map_err(|d| *d),
    }
}

/// Number of entries whose hashes are all stored.
fn length(connection: &mut AnyConnection) -> QueryResult<u64> {
    let last: Option<i64> = tree::table.select(max(tree::place)).first(connection)?;
    let hashes = last.map_or(0, |last| u64::try_from(last + 1).unwrap_or_default());
    // About half of all hashes are leaves: count up from there to the exact number.
    let mut leaves = hashes / 2;
    while stored_hash_count(leaves) < hashes {
        leaves += 1;
    }
    if stored_hash_count(leaves) == hashes { Ok(leaves) } else { Err(damaged("the tree's length")) }
}

struct Reader<'a>(RefCell<&'a mut AnyConnection>);

impl HashReader for Reader<'_> {
    fn read_hashes(&self, places: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let mut connection = self.0.borrow_mut();
        hashes_at(&mut connection, places).map_err(|error| tlog_tiles::Error::InvalidInput(error.to_string()))
    }
}

/// The hashes in these places, in this order. One query, since a proof needs dozens.
fn hashes_at(connection: &mut AnyConnection, places: &[u64]) -> QueryResult<Vec<Hash>> {
    let wanted = places.iter().map(|place| i64::try_from(*place).map_err(damaged));
    let wanted = wanted.collect::<QueryResult<Vec<i64>>>()?;
    let rows = tree::table.filter(tree::place.eq_any(&wanted)).select((tree::place, tree::hash));
    let found: BTreeMap<i64, Vec<u8>> = rows.load::<(i64, Vec<u8>)>(connection)?.into_iter().collect();
    let hash = |place: &i64| found.get(place).and_then(|hash| hash.as_slice().try_into().ok()).map(Hash);
    wanted.iter().map(|place| hash(place).ok_or_else(|| damaged("a hash of the tree"))).collect()
}

fn read<T>(
    connection: &mut AnyConnection,
    with: impl FnOnce(&Reader<'_>) -> Result<T, tlog_tiles::Error>,
) -> QueryResult<T> {
    with(&Reader(RefCell::new(connection))).map_err(|error| damaged(error.to_string()))
}

/// The stored tree does not match its entries.
pub(crate) fn damaged(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(reason.into())
}
