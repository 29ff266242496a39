//! Enclosures: announced for a letter, received in parts, complete when all parts have arrived.
//!
//! An enclosure is named by its letter's digest. Only the browser that sealed the letter and this site know the
//! digest, so nobody can add to another's letter.

use crypto::sealing::enclosure::EnclosureSize;
use database::AnyConnection;
use diesel::prelude::*;
use model::LetterDigest;

use crate::dialect::{NewEnclosure, insert_enclosure};
use crate::schema::{enclosures, letters};
use crate::{Letterbox, LetterboxError};

/// The parts of an enclosure that have arrived.
#[derive(Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Size before sealing, as announced.
    pub size: EnclosureSize,
    /// Numbers of the durable parts, in ascending order.
    pub parts: Vec<u32>,
    /// Whether all parts are durable.
    pub complete: bool,
}

#[derive(Clone, Copy)]
struct Row {
    id: i64,
    size: EnclosureSize,
    complete: bool,
}

impl Letterbox {
    /// Announces an enclosure for a stored letter. Repeating it changes nothing; another size fails with
    /// [`LetterboxError::OtherSize`]. `row` is 63 fresh random bits.
    pub async fn announce_enclosure(
        &self,
        letter: LetterDigest,
        size: EnclosureSize,
        row: i64,
    ) -> Result<Enclosure, LetterboxError> {
        let bytes = i64::try_from(size.plain()).map_err(|_| LetterboxError::PartSize)?;
        let kept = self.write(move |connection| announce(connection, letter, bytes, row)).await?;
        if kept != Some(bytes) {
            return Err(if kept.is_none() { LetterboxError::NoEnclosure } else { LetterboxError::OtherSize });
        }
        self.enclosure(letter).await
    }

    /// The parts that have arrived. Fails with [`LetterboxError::NoEnclosure`] if none was announced for the letter.
    pub async fn enclosure(&self, letter: LetterDigest) -> Result<Enclosure, LetterboxError> {
        let row = self.row(letter).await?;
        let parts = self.parts.list(row.id).await?;
        let parts = parts.into_iter().filter(|(n, bytes)| row.size.part_size(*n) == Some(*bytes)).map(|(n, _)| n);
        Ok(Enclosure { size: row.size, parts: parts.collect(), complete: row.complete })
    }

    /// Stores one part durably; the last one completes the enclosure. Repeating it changes nothing.
    pub async fn put_part(
        &self,
        letter: LetterDigest,
        number: u32,
        bytes: bytes::Bytes,
    ) -> Result<Enclosure, LetterboxError> {
        let row = self.row(letter).await?;
        if row.size.part_size(number) != Some(bytes.len()) {
            return Err(LetterboxError::PartSize);
        }
        self.parts.put(row.id, number, bytes).await?;
        let mut enclosure = self.enclosure(letter).await?;
        if !enclosure.complete && enclosure.parts.len() == row.size.parts() as usize {
            self.write(move |connection| complete(connection, row.id)).await?;
            enclosure.complete = true;
        }
        Ok(enclosure)
    }

    async fn row(&self, letter: LetterDigest) -> Result<Row, LetterboxError> {
        let (id, size, complete) = self.read(move |c| find(c, letter)).await?.ok_or(LetterboxError::NoEnclosure)?;
        let size = usize::try_from(size).ok().and_then(|size| size.try_into().ok());
        Ok(Row { id, size: size.ok_or(database::DatabaseError::Corrupt)?, complete })
    }
}

/// Returns the size that the enclosure has afterwards, which may be an earlier announcement's; none if there is no
/// such letter.
fn announce(connection: &mut AnyConnection, letter: LetterDigest, size: i64, row: i64) -> QueryResult<Option<i64>> {
    // The digest may be that of copies too, which came through other mailboxes; the post knows the letter by its digest.
    if let Some((_, kept, _)) = find(connection, letter)? {
        return Ok(Some(kept));
    }
    let digest = letter.as_bytes().to_vec();
    let found = letters::table.filter(letters::digest.eq(digest)).select(letters::id).order(letters::id);
    let Some(letter) = found.first::<i64>(connection).optional()? else {
        return Ok(None);
    };
    insert_enclosure(connection, &NewEnclosure { id: row, letter, size, complete: false })?;
    let kept = enclosures::table.filter(enclosures::letter.eq(letter)).select(enclosures::size);
    kept.first(connection).map(Some)
}

fn find(connection: &mut AnyConnection, letter: LetterDigest) -> QueryResult<Option<(i64, i64, bool)>> {
    enclosures::table
        .inner_join(letters::table)
        .filter(letters::digest.eq(letter.as_bytes().to_vec()))
        .select((enclosures::id, enclosures::size, enclosures::complete))
        .order(enclosures::id)
        .first(connection)
        .optional()
}

fn complete(connection: &mut AnyConnection, id: i64) -> QueryResult<usize> {
    diesel::update(enclosures::table.find(id)).set(enclosures::complete.eq(true)).execute(connection)
}
