//! The exchange's side of the letterbox: letters and enclosures out, slots in. Only the console calls these
//! functions. Nothing is erased before the console has confirmed that it holds the content.

use bytes::Bytes;
use crypto::letters::mailbox::MailboxId;
use crypto::sealing::enclosure::EnclosureSize;
use crypto::sealing::outer::SEALED;
use database::AnyConnection;
use diesel::dsl::{exists, not, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use model::{Day, LetterDigest};

use crate::dialect::lock_mailbox;
use crate::schema::{enclosures, letters, mailboxes};
use crate::{Letterbox, LetterboxError};

/// Days after which an enclosure that has not come is given up. The console holds its letter.
const GIVEN_UP_AFTER: u16 = 30;
/// Mailboxes that one transaction drops: 10 MB.
const AT_ONCE: usize = 300;

/// A letter that waits for the exchange.
pub struct PulledLetter {
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
pub struct UncollectedLetters {
    /// The letters.
    pub letters: Vec<PulledLetter>,
    /// After which place the next batch begins; none after the last batch.
    pub last: Option<LetterPlace>,
    /// Entries that are not of their form. They stay where they are and stop nothing.
    pub malformed: Vec<LetterPlace>,
}

/// A letter's place in the order of collection.
#[derive(Clone)]
pub struct LetterPlace {
    received_on: String,
    /// Row key of the letter.
    pub row: i64,
}

impl LetterPlace {
    /// Whether [`Letterbox::count_uncollected`] counts it for this day.
    #[must_use]
    pub fn is_before(&self, day: Day) -> bool {
        self.received_on < day.to_string()
    }
}

/// Enclosures whose letters are collected.
pub struct BegunEnclosures {
    /// The enclosures, complete or not.
    pub enclosures: Vec<PulledEnclosure>,
    /// Row keys of entries that are not of their form. They stay where they are and stop nothing.
    pub malformed: Vec<i64>,
}

/// An enclosure that waits for the exchange.
#[derive(Clone, Copy, Debug)]
pub struct PulledEnclosure {
    /// Row key of the letter, 63 random bits.
    pub row: i64,
    /// The mailbox that its letter came through.
    pub mailbox: MailboxId,
    /// SHA-256 of the sealed letter that it belongs to.
    pub letter: LetterDigest,
    /// Where the parts of this attempt are.
    pub folder: i64,
    /// Size before sealing, as announced.
    pub size: EnclosureSize,
    /// Whether all parts have arrived.
    pub complete: bool,
}

/// A batch of mailboxes, in the order of their row keys.
pub struct Mailboxes {
    /// Ids of the mailboxes, in this order.
    pub ids: Vec<MailboxId>,
    /// Row keys of entries that are not of their form. They stay where they are and stop nothing.
    pub malformed: Vec<i64>,
    /// The last row key, after which the next batch begins; none after the last batch.
    pub last: Option<i64>,
}

impl Letterbox {
    /// Letters after a place that are not collected yet, oldest day first, at most `most`. Entries of another size do
    /// not come from this site's pages; they are left in place.
    pub async fn uncollected(
        &self,
        after: Option<LetterPlace>,
        most: i64,
    ) -> Result<UncollectedLetters, LetterboxError> {
        type Row = (i64, Vec<u8>, Vec<u8>, Vec<u8>, String);
        let rows: Vec<Row> = self
            .read(move |connection| {
                let (day, row) = after.map_or((String::new(), i64::MIN), |place| (place.received_on, place.row));
                let later = letters::received_on.gt(day.clone());
                letters::table
                    .inner_join(mailboxes::table)
                    .filter(later.or(letters::received_on.eq(day).and(letters::id.gt(row))))
                    .filter(size_of_letter().eq(i32::try_from(SEALED).unwrap_or(i32::MAX)))
                    .select((letters::id, mailboxes::hash, letters::digest, letters::sealed, letters::received_on))
                    .order((letters::received_on, letters::id))
                    .limit(most)
                    .load(connection)
            })
            .await?;
        let place = |(row, _, _, _, day): &Row| LetterPlace { received_on: day.clone(), row: *row };
        let last = rows.last().map(place);
        let letter = |(row, mailbox, digest, sealed, day): Row| {
            let (mailbox, digest) = (id(mailbox)?.into(), id(digest)?.into());
            if sealed.len() != SEALED {
                return None;
            }
            Some(PulledLetter { row, mailbox, digest, sealed, received_on: day.parse().ok()? })
        };
        let (letters, malformed) = well_formed(rows, place, letter);
        Ok(UncollectedLetters { letters, last, malformed })
    }

    /// Number of letters that are not collected yet, malformed ones included: all, or those from before a day.
    pub async fn count_uncollected(&self, before: Option<Day>) -> Result<u64, LetterboxError> {
        let before = before.map_or_else(|| "~".to_owned(), |day| day.to_string());
        let count: i64 = self
            .read(move |connection| {
                let waiting = size_of_letter().eq(i32::try_from(SEALED).unwrap_or(i32::MAX));
                let all = letters::table.inner_join(mailboxes::table).filter(waiting);
                all.filter(letters::received_on.lt(before)).count().get_result(connection)
            })
            .await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Removes letters that the console holds durably or needs not; `awaiting` are those of them whose enclosure is
    /// still to come: their rows stay until it is collected.
    pub async fn collected(&self, rows: Vec<i64>, awaiting: Vec<i64>) -> Result<(), LetterboxError> {
        self.write(move |connection| {
            let empty = Vec::<u8>::new;
            diesel::update(letters::table.filter(letters::id.eq_any(&awaiting)))
                .set((letters::sealed.eq(empty()), letters::unused_slot.eq(empty())))
                .execute(connection)?;
            let done = letters::id.eq_any(rows).and(letters::id.ne_all(awaiting));
            diesel::delete(letters::table.filter(done)).execute(connection)
        })
        .await
        .map(|_| ())
    }

    /// Enclosures of collected letters for which an attempt was begun, complete or not.
    pub async fn begun_enclosures(&self) -> Result<BegunEnclosures, LetterboxError> {
        type Row = (i64, Vec<u8>, Vec<u8>, i64, i64, bool);
        let rows: Vec<Row> = self
            .read(|connection| {
                enclosures::table
                    .inner_join(letters::table.inner_join(mailboxes::table))
                    .filter(letters::sealed.eq(Vec::new()).and(enclosures::attempt.gt(0)))
                    .select((
                        enclosures::id,
                        mailboxes::hash,
                        letters::digest,
                        enclosures::folder,
                        enclosures::size,
                        enclosures::complete,
                    ))
                    .order(enclosures::id)
                    .load(connection)
            })
            .await?;
        let enclosure = |(row, mailbox, digest, folder, size, complete): Row| {
            let size = usize::try_from(size).ok()?.try_into().ok()?;
            let (mailbox, letter) = (id(mailbox)?.into(), id(digest)?.into());
            Some(PulledEnclosure { row, mailbox, letter, folder, size, complete })
        };
        let (enclosures, malformed) = well_formed(rows, |row| row.0, enclosure);
        Ok(BegunEnclosures { enclosures, malformed })
    }

    /// One part of a complete enclosure, which must have this size in bytes. Fails with [`LetterboxError::PartGone`] if
    /// it is not there: the enclosure is incomplete then, as its sender can see, and given up like others.
    pub async fn part(&self, enclosure: PulledEnclosure, number: u32, size: usize) -> Result<Bytes, LetterboxError> {
        match self.parts.part(enclosure.folder, number, size).await {
            Err(error) if error.is_missing() => {
                let same = enclosures::id.eq(enclosure.row).and(enclosures::folder.eq(enclosure.folder));
                let reopen = diesel::update(enclosures::table.filter(same)).set(enclosures::complete.eq(false));
                self.write(move |connection| reopen.execute(connection)).await?;
                Err(LetterboxError::PartGone)
            }
            read => Ok(read?),
        }
    }

    /// Closes a complete attempt before the console says that it holds it: a later attempt would be acknowledged and
    /// never collected. False if one has begun meanwhile.
    pub async fn close_enclosure(&self, enclosure: PulledEnclosure) -> Result<bool, LetterboxError> {
        let closed = move |connection: &mut AnyConnection| {
            let same = enclosures::id.eq(enclosure.row).and(enclosures::folder.eq(enclosure.folder));
            diesel::update(enclosures::table.filter(same)).set(enclosures::closed.eq(true)).execute(connection)
        };
        Ok(self.write(closed).await? == 1)
    }

    /// Removes an enclosure that the console holds durably or does not expect, and the row of its letter. The parts go
    /// first: after a power cut the remaining row leads here again. If a new attempt has begun meanwhile, that one
    /// stays.
    pub async fn remove_collected(&self, enclosure: PulledEnclosure) -> Result<(), LetterboxError> {
        self.parts.remove(enclosure.folder).await?;
        let removed = move |connection: &mut AnyConnection| {
            let same = enclosures::table.find(enclosure.row).filter(enclosures::folder.eq(enclosure.folder));
            if same.select(enclosures::id).first::<i64>(connection).optional()?.is_none() {
                return Ok(0);
            }
            let collected = letters::id.eq(enclosure.row).and(letters::sealed.eq(Vec::new()));
            diesel::delete(letters::table.filter(collected)).execute(connection)
        };
        self.write(removed).await.map(|_| ())
    }

    /// Gives up enclosures that have not come, complete, within thirty days after their letters, and removes parts that
    /// no attempt names. Returns the number given up.
    pub async fn sweep(&self, today: Day) -> Result<usize, LetterboxError> {
        let oldest = today.minus_days(GIVEN_UP_AFTER).to_string();
        let given_up = self
            .write(move |connection| {
                // A day that is none never comes to an end.
                let day = letters::received_on.lt(oldest).and(letters::received_on.like("____-__-__"));
                let waiting = letters::sealed.eq(Vec::new()).and(day);
                let whole = enclosures::table.filter(enclosures::complete.eq(true)).select(enclosures::id);
                diesel::delete(letters::table.filter(waiting.and(letters::id.ne_all(whole)))).execute(connection)
            })
            .await?;
        self.remove_stray_parts().await?;
        Ok(given_up)
    }

    /// Mailboxes after a row key, at most `most`.
    pub async fn mailboxes_after(&self, after: Option<i64>, most: i64) -> Result<Mailboxes, LetterboxError> {
        let rows: Vec<(i64, Vec<u8>)> = self
            .read(move |connection| {
                let beginning = after.map_or(i64::MIN, |row| row);
                mailboxes::table
                    .filter(mailboxes::id.gt(beginning))
                    .select((mailboxes::id, mailboxes::hash))
                    .order(mailboxes::id)
                    .limit(most)
                    .load(connection)
            })
            .await?;
        let last = rows.last().map(|(row, _)| *row);
        let (ids, malformed) = well_formed(rows, |row| row.0, |(_, hash)| Some(id(hash)?.into()));
        Ok(Mailboxes { ids, malformed, last })
    }

    /// Replaces slots, all or none; a mailbox that no longer exists is skipped.
    pub async fn replace_slots(&self, slots: Vec<(MailboxId, Vec<u8>)>) -> Result<(), LetterboxError> {
        self.write(move |connection| {
            for (mailbox, slot) in slots {
                let row = mailboxes::table
                    .filter(mailboxes::id.eq(mailbox.row_key()).and(mailboxes::hash.eq(mailbox.as_bytes().to_vec())));
                diesel::update(row).set(mailboxes::slot.eq(slot)).execute(connection)?;
            }
            Ok(())
        })
        .await
    }

    /// Drops mailboxes, except those in which a letter waits. The caller names mailboxes that received nothing but
    /// cover letters.
    pub async fn drop_mailboxes(&self, ids: Vec<MailboxId>) -> Result<(), LetterboxError> {
        // In steps: the site waits for each, and overwriting what is dropped takes time.
        for some in ids.chunks(AT_ONCE) {
            self.drop_some(some.to_vec()).await?;
        }
        Ok(())
    }

    async fn drop_some(&self, ids: Vec<MailboxId>) -> Result<(), LetterboxError> {
        self.write(move |connection| {
            for mailbox in ids {
                lock_mailbox(connection, mailbox.row_key())?;
                let waiting = exists(
                    letters::table.filter(letters::mailbox.eq(mailboxes::id).and(letters::sealed.ne(Vec::new()))),
                );
                let row = mailboxes::id.eq(mailbox.row_key()).and(mailboxes::hash.eq(mailbox.as_bytes().to_vec()));
                diesel::delete(mailboxes::table.filter(row.and(not(waiting)))).execute(connection)?;
            }
            Ok(())
        })
        .await
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
