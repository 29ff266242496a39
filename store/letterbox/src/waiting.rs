//! What waits to go with an inward bundle: letters, and enclosures whose parts are all here.

use bytes::Bytes;
use crypto::letters::mailbox::MailboxId;
use crypto::sealing::enclosure::EnclosureSize;
use crypto::sealing::outer::SEALED;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use model::{Day, LetterDigest};

use crate::schema::{enclosures, letters, mailboxes};
use crate::{Letterbox, LetterboxError};

/// A letter that waits.
pub struct WaitingLetter {
    /// Row key of the letter, 63 random bits.
    pub row: i64,
    /// The mailbox that it came through.
    pub mailbox: MailboxId,
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// The sealed letter, [`SEALED`] bytes.
    pub sealed: Vec<u8>,
    /// The day on which the portal received it.
    pub received_on: Day,
}

/// A batch of letters, oldest day first.
pub struct WaitingLetters {
    /// The letters.
    pub letters: Vec<WaitingLetter>,
    /// After which place the next batch begins; none after the last batch.
    pub last: Option<LetterPlace>,
    /// Row keys of entries that are not of their form. They stay where they are and stop nothing.
    pub malformed: Vec<i64>,
}

/// A letter's place in the order in which they are read.
#[derive(Clone)]
pub struct LetterPlace {
    received_on: String,
    row: i64,
}

/// Enclosures whose parts are all here.
pub struct WaitingEnclosures {
    /// Those that the console expects first; then by size.
    pub enclosures: Vec<WaitingEnclosure>,
    /// Row keys of entries that are not of their form. They stay where they are and stop nothing.
    pub malformed: Vec<i64>,
}

/// An enclosure that waits.
#[derive(Clone, Copy, Debug)]
pub struct WaitingEnclosure {
    /// Row key of the letter, 63 random bits.
    pub row: i64,
    /// The mailbox that its letter came through.
    pub mailbox: MailboxId,
    /// SHA-256 of the sealed letter that it belongs to.
    pub letter: LetterDigest,
    /// The number of the attempt.
    pub attempt: u64,
    /// Where the parts of this attempt are.
    pub folder: i64,
    /// Size before sealing, as announced.
    pub size: EnclosureSize,
    /// Whether the console expects it; otherwise its letter has not been acknowledged.
    pub wanted: bool,
}

impl Letterbox {
    /// Letters after a place that went with no bundle yet, oldest day first, at most `most`. Entries of another size do
    /// not come from this site's pages; they are left in place.
    pub async fn waiting_letters(
        &self,
        after: Option<LetterPlace>,
        most: i64,
    ) -> Result<WaitingLetters, LetterboxError> {
        type Row = (i64, Vec<u8>, Vec<u8>, Vec<u8>, String);
        let rows: Vec<Row> = self
            .read(move |connection| {
                let (day, row) = after.map_or((String::new(), i64::MIN), |place| (place.received_on, place.row));
                let later = letters::received_on.gt(day.clone());
                letters::table
                    .inner_join(mailboxes::table)
                    .filter(letters::bundle.eq(0).and(letters::acknowledged_on.eq("")))
                    .filter(later.or(letters::received_on.eq(day).and(letters::id.gt(row))))
                    .filter(size_of_letter().eq(i32::try_from(SEALED).unwrap_or(i32::MAX)))
                    .select((letters::id, mailboxes::hash, letters::digest, letters::sealed, letters::received_on))
                    .order((letters::received_on, letters::id))
                    .limit(most)
                    .load(connection)
            })
            .await?;
        let last = rows.last().map(|(row, _, _, _, day): &Row| LetterPlace { received_on: day.clone(), row: *row });
        let letter = |(row, mailbox, digest, sealed, day): Row| {
            let (mailbox, digest) = (id(mailbox)?.into(), id(digest)?.into());
            if sealed.len() != SEALED {
                return None;
            }
            Some(WaitingLetter { row, mailbox, digest, sealed, received_on: day.parse().ok()? })
        };
        let (letters, malformed) = well_formed(rows, |row| row.0, letter);
        Ok(WaitingLetters { letters, last, malformed })
    }

    /// Enclosures whose parts are all here and went with no bundle yet: those that the console expects, and, up to a size
    /// before sealing, those whose letters it has not acknowledged.
    pub async fn waiting_enclosures(&self, unadmitted_up_to: usize) -> Result<WaitingEnclosures, LetterboxError> {
        type Row = (i64, Vec<u8>, Vec<u8>, i64, i64, i64, bool);
        let up_to = i64::try_from(unadmitted_up_to).unwrap_or(i64::MAX);
        let rows: Vec<Row> = self
            .read(move |connection| {
                let whole = enclosures::complete.eq(true).and(enclosures::bundle.eq(0));
                let small = letters::acknowledged_on.eq("").and(enclosures::size.le(up_to));
                enclosures::table
                    .inner_join(letters::table.inner_join(mailboxes::table))
                    .filter(whole.and(enclosures::acknowledged_on.eq("")))
                    .filter(enclosures::wanted.eq(true).or(small))
                    .select((
                        enclosures::id,
                        mailboxes::hash,
                        letters::digest,
                        enclosures::attempt,
                        enclosures::folder,
                        enclosures::size,
                        enclosures::wanted,
                    ))
                    .order((enclosures::wanted.desc(), enclosures::size, enclosures::id))
                    .load(connection)
            })
            .await?;
        let enclosure = |(row, mailbox, digest, attempt, folder, size, wanted): Row| {
            let size = usize::try_from(size).ok()?.try_into().ok()?;
            let (mailbox, letter) = (id(mailbox)?.into(), id(digest)?.into());
            let attempt = u64::try_from(attempt).ok()?;
            Some(WaitingEnclosure { row, mailbox, letter, attempt, folder, size, wanted })
        };
        let (enclosures, malformed) = well_formed(rows, |row| row.0, enclosure);
        Ok(WaitingEnclosures { enclosures, malformed })
    }

    /// One part of a complete enclosure. Fails with [`LetterboxError::PartGone`] if it is not there: the enclosure is
    /// incomplete then, as its sender can see, and given up like others.
    pub async fn part(&self, enclosure: WaitingEnclosure, number: u32) -> Result<Bytes, LetterboxError> {
        let size = enclosure.size.part_size(number).ok_or(LetterboxError::PartSize)?;
        match self.parts.part(enclosure.folder, number, size).await {
            Err(error) if error.is_missing() => {
                let same = enclosures::id.eq(enclosure.row).and(enclosures::folder.eq(enclosure.folder));
                let open = (enclosures::complete.eq(false), enclosures::closed.eq(false));
                let reopen = diesel::update(enclosures::table.filter(same)).set(open);
                self.write(move |connection| reopen.execute(connection)).await?;
                Err(LetterboxError::PartGone)
            }
            read => Ok(read?),
        }
    }

    /// Keeps further attempts from beginning before this one goes with a bundle: the console would hold another one than
    /// the sender believes. False if one has begun meanwhile.
    pub async fn close_enclosure(&self, enclosure: WaitingEnclosure) -> Result<bool, LetterboxError> {
        let same = enclosures::id.eq(enclosure.row).and(enclosures::folder.eq(enclosure.folder));
        let close = diesel::update(enclosures::table.filter(same)).set(enclosures::closed.eq(true));
        Ok(self.write(move |connection| close.execute(connection)).await? == 1)
    }
}

/// Size of a sealed letter in bytes, computed by the database.
fn size_of_letter() -> SqlLiteral<Integer> {
    sql("length(sealed)")
}

fn id(bytes: Vec<u8>) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}

/// Values of the rows that are of their form, and the keys of the others.
fn well_formed<Row, Key, Value>(
    rows: Vec<Row>,
    key: impl Fn(&Row) -> Key,
    read: impl Fn(Row) -> Option<Value>,
) -> (Vec<Value>, Vec<Key>) {
    let (mut values, mut malformed) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let key = key(&row);
        match read(row) {
            Some(value) => values.push(value),
            None => malformed.push(key),
        }
    }
    (values, malformed)
}
