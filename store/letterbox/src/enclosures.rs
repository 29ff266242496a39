//! Enclosures: begun for a letter, received in parts, complete when all parts have arrived.
//!
//! The right to send one is a token, of which the letter's visit brought the hash. Every attempt is sealed afresh, so
//! parts of two attempts never fit together: a new attempt replaces the old one, until the exchange has collected it.

use std::collections::HashSet;

use crypto::letters::enclosure_token::EnclosureLock;
use crypto::sealing::enclosure::EnclosureSize;
use database::AnyConnection;
use diesel::prelude::*;
use enclosure_store::{IncomingPart, PartsError};

use crate::schema::enclosures;
use crate::{Letterbox, LetterboxError};

/// An attempt to send an enclosure, and the parts that have arrived.
#[derive(Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Number of the attempt, from 1.
    pub attempt: u64,
    /// Size before sealing, as announced.
    pub size: EnclosureSize,
    /// Numbers of the durable parts, in ascending order.
    pub parts: Vec<u32>,
    /// Whether all parts are durable.
    pub complete: bool,
}

/// The newest attempt, as stored.
#[derive(Clone, Copy)]
struct Attempt {
    number: u64,
    folder: i64,
    size: EnclosureSize,
    complete: bool,
}

impl Letterbox {
    /// Begins a new attempt, which replaces the one before. `folder` is 63 fresh random bits. Fails with
    /// [`LetterboxError::NoEnclosure`] if no letter waits for it: there is none, or its enclosure was collected.
    pub async fn begin_enclosure(
        &self,
        lock: EnclosureLock,
        size: EnclosureSize,
        folder: i64,
    ) -> Result<Enclosure, LetterboxError> {
        let bytes = i64::try_from(size.plain()).map_err(|_| LetterboxError::PartSize)?;
        // Read first: a token that permits nothing takes no turn of the writer.
        let known = enclosures::table.filter(enclosures::lock.eq(lock.as_bytes().to_vec())).select(enclosures::id);
        if self.read(move |connection| known.first::<i64>(connection).optional()).await?.is_none() {
            return Err(LetterboxError::NoEnclosure);
        }
        let begun = self.write(move |connection| begin(connection, lock, bytes, folder)).await?;
        let Some((number, old)) = begun else { return Err(LetterboxError::NoEnclosure) };
        if number > 1 {
            self.parts.remove(old).await?;
        }
        let attempt = u64::try_from(number).map_err(|_| database::DatabaseError::Corrupt)?;
        Ok(Enclosure { attempt, size, parts: Vec::new(), complete: false })
    }

    /// The newest attempt and its parts. Fails with [`LetterboxError::NoEnclosure`] before a first attempt, or after
    /// the enclosure was collected.
    pub async fn enclosure(&self, lock: EnclosureLock) -> Result<Enclosure, LetterboxError> {
        let Attempt { number, folder, size, complete } = self.attempt(lock).await?;
        let parts = self.parts.list(folder).await?;
        let parts = parts.into_iter().filter(|(n, bytes)| size.part_size(*n) == Some(*bytes)).map(|(n, _)| n);
        Ok(Enclosure { attempt: number, size, parts: parts.collect(), complete })
    }

    /// Bytes of part `number` of this attempt. Fails if there is no such part, or another attempt has begun.
    pub async fn part_size(&self, lock: EnclosureLock, attempt: u64, number: u32) -> Result<usize, LetterboxError> {
        let newest = self.newest(lock, attempt).await?;
        newest.size.part_size(number).ok_or(LetterboxError::PartSize)
    }

    /// Begins to receive a part.
    pub async fn receive_part(&self) -> Result<IncomingPart, LetterboxError> {
        Ok(self.parts.receive().await?)
    }

    /// Stores one received part durably; the last one completes the enclosure. Repeating it changes nothing.
    pub async fn put_part(
        &self,
        lock: EnclosureLock,
        attempt: u64,
        number: u32,
        part: IncomingPart,
    ) -> Result<Enclosure, LetterboxError> {
        // Read once: the folder of an attempt that begins meanwhile is another's, and is not touched.
        let Attempt { folder, size, .. } = self.newest(lock, attempt).await?;
        if size.part_size(number) != Some(part.size()) {
            return Err(LetterboxError::PartSize);
        }
        self.parts.keep(part, folder, number).await?;
        let mut enclosure = match self.enclosure(lock).await {
            Ok(enclosure) if enclosure.attempt == attempt => enclosure,
            // Replaced or collected meanwhile: the part must not stay behind.
            Ok(_) | Err(LetterboxError::NoEnclosure) => {
                self.parts.remove(folder).await?;
                return Err(LetterboxError::OtherAttempt);
            }
            Err(error) => return Err(error),
        };
        if !enclosure.complete && enclosure.parts.len() == enclosure.size.parts() as usize {
            enclosure.complete = self.write(move |connection| complete(connection, lock, folder)).await? == 1;
        }
        Ok(enclosure)
    }

    /// Removes what a program that was killed may have left: parts that it was receiving, and parts that no attempt
    /// names. To be called before any part is received.
    pub async fn remove_unfinished_parts(&self) -> Result<(), LetterboxError> {
        self.parts.remove_unfinished().map_err(PartsError::File)?;
        self.remove_stray_parts().await
    }

    /// Removes parts that no attempt names.
    pub async fn remove_stray_parts(&self) -> Result<(), LetterboxError> {
        // The folders first: an attempt is stored before its folder is made.
        let folders = self.parts.folders().await?;
        let known = self.read(|connection| enclosures::table.select(enclosures::folder).load(connection)).await?;
        let known: HashSet<i64> = known.into_iter().collect();
        for stray in folders.into_iter().filter(|folder| !known.contains(folder)) {
            self.parts.remove(stray).await?;
        }
        Ok(())
    }

    /// The newest attempt, which must have this number.
    async fn newest(&self, lock: EnclosureLock, number: u64) -> Result<Attempt, LetterboxError> {
        let newest = self.attempt(lock).await?;
        if newest.number == number { Ok(newest) } else { Err(LetterboxError::OtherAttempt) }
    }

    async fn attempt(&self, lock: EnclosureLock) -> Result<Attempt, LetterboxError> {
        type Row = (i64, i64, i64, bool);
        let row: Option<Row> = self
            .read(move |connection| {
                let begun = enclosures::attempt.gt(0).and(enclosures::closed.eq(false));
                let row = enclosures::table.filter(enclosures::lock.eq(lock.as_bytes().to_vec()).and(begun));
                let values = (enclosures::attempt, enclosures::folder, enclosures::size, enclosures::complete);
                row.select(values).first(connection).optional()
            })
            .await?;
        let (number, folder, size, complete) = row.ok_or(LetterboxError::NoEnclosure)?;
        let number = u64::try_from(number).ok();
        let size = usize::try_from(size).ok().and_then(|size| size.try_into().ok());
        let (number, size) = number.zip(size).ok_or(database::DatabaseError::Corrupt)?;
        Ok(Attempt { number, folder, size, complete })
    }
}

/// Returns the number of the new attempt and the folder of the old one; none if the token permits nothing.
fn begin(
    connection: &mut AnyConnection,
    lock: EnclosureLock,
    size: i64,
    folder: i64,
) -> QueryResult<Option<(i64, i64)>> {
    let open = || enclosures::lock.eq(lock.as_bytes().to_vec()).and(enclosures::closed.eq(false));
    let row = || enclosures::table.filter(open());
    let old = row().select((enclosures::attempt, enclosures::folder)).first::<(i64, i64)>(connection).optional()?;
    let Some((attempt, old)) = old else { return Ok(None) };
    let values = (
        enclosures::attempt.eq(attempt + 1),
        enclosures::folder.eq(folder),
        enclosures::size.eq(size),
        enclosures::complete.eq(false),
    );
    // Collected meanwhile by another process, as can happen on PostgreSQL: nothing was begun.
    let begun = diesel::update(row()).set(values).execute(connection)?;
    Ok((begun > 0).then_some((attempt + 1, old)))
}

fn complete(connection: &mut AnyConnection, lock: EnclosureLock, folder: i64) -> QueryResult<usize> {
    let row = enclosures::lock.eq(lock.as_bytes().to_vec()).and(enclosures::folder.eq(folder));
    diesel::update(enclosures::table.filter(row)).set(enclosures::complete.eq(true)).execute(connection)
}
