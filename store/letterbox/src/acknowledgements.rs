//! What the console has taken in. Nothing is erased before it says so, and then only after some days: a console that is
//! restored from a backup of yesterday asks for it again.

use bundle::Taken;
use crypto::letters::mailbox::MailboxId;
use database::AnyConnection;
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::schema::{enclosures, letters, mailboxes};
use crate::{Letterbox, LetterboxError};

/// Days for which what was acknowledged is kept: 48 hours at least, since only days are stored.
const KEPT_FOR: u16 = 2;
/// Days after which an enclosure that has not come is given up. The console holds its letter.
const GIVEN_UP_AFTER: u16 = 30;

/// A letter by its mailbox and its digest.
pub type LetterName = (MailboxId, LetterDigest);

impl Letterbox {
    /// Notes letters that the console has taken in. Names that are not known are skipped; repeating it changes nothing.
    pub async fn acknowledge_letters(&self, taken: Vec<(LetterName, Taken)>, today: Day) -> Result<(), LetterboxError> {
        let today = today.to_string();
        let strays = self.write(move |connection| {
            let mut strays = Vec::new();
            for (name, taken) in taken {
                if let Some(row) = row_of(connection, name)? {
                    strays.extend(acknowledge(connection, row, taken, &today)?);
                }
            }
            Ok(strays)
        });
        for folder in strays.await? {
            self.parts.remove(folder).await?;
        }
        Ok(())
    }

    /// Notes attempts that the console holds whole, or does not want. An attempt that began after it is left.
    pub async fn acknowledge_enclosures(
        &self,
        taken: Vec<(LetterName, u64)>,
        today: Day,
    ) -> Result<(), LetterboxError> {
        let today = today.to_string();
        let noted = self.write(move |connection| {
            for (name, attempt) in taken {
                let Some(row) = row_of(connection, name)? else { continue };
                let attempt = i64::try_from(attempt).unwrap_or(i64::MAX);
                let same = enclosures::id.eq(row).and(enclosures::attempt.eq(attempt));
                diesel::update(enclosures::table.filter(same.and(enclosures::acknowledged_on.eq(""))))
                    .set((
                        enclosures::acknowledged_on.eq(&today),
                        enclosures::closed.eq(true),
                        enclosures::bundle.eq(0),
                    ))
                    .execute(connection)?;
            }
            Ok(())
        });
        noted.await
    }

    /// Has everything go again that went with a bundle up to this number and was not acknowledged: it was lost.
    pub async fn send_lost_again(&self, upto: u64) -> Result<(), LetterboxError> {
        let upto = i64::try_from(upto).unwrap_or(i64::MAX);
        let reset = self.write(move |connection| {
            let lost = letters::bundle.between(1, upto).and(letters::acknowledged_on.eq(""));
            diesel::update(letters::table.filter(lost)).set(letters::bundle.eq(0)).execute(connection)?;
            let lost = enclosures::bundle.between(1, upto).and(enclosures::acknowledged_on.eq(""));
            diesel::update(enclosures::table.filter(lost)).set(enclosures::bundle.eq(0)).execute(connection)
        });
        reset.await.map(|_| ())
    }

    /// Has everything go again that is still here, to a console that was made anew or restored.
    pub async fn send_all_again(&self) -> Result<(), LetterboxError> {
        let reset = self.write(|connection| {
            let here = letters::sealed.ne(Vec::new());
            diesel::update(letters::table.filter(here))
                .set((letters::bundle.eq(0), letters::acknowledged_on.eq("")))
                .execute(connection)?;
            diesel::update(enclosures::table)
                .set((enclosures::bundle.eq(0), enclosures::acknowledged_on.eq("")))
                .execute(connection)
        });
        reset.await.map(|_| ())
    }

    /// Erases what was acknowledged some days ago, gives up enclosures that have not come within thirty days after their
    /// letters, and removes parts that no attempt names. Returns whether anything was erased.
    pub async fn sweep(&self, today: Day) -> Result<bool, LetterboxError> {
        let (acknowledged, oldest) =
            (today.minus_days(KEPT_FOR).to_string(), today.minus_days(GIVEN_UP_AFTER).to_string());
        let erased = self.write(move |connection| {
            let erased = erase_acknowledged(connection, &acknowledged)?;
            Ok(erased + give_up(connection, oldest, acknowledged)?)
        });
        let erased = erased.await?;
        self.remove_stray_parts().await?;
        Ok(erased > 0)
    }
}

fn row_of(connection: &mut AnyConnection, (mailbox, digest): LetterName) -> QueryResult<Option<i64>> {
    let mailbox = mailboxes::id.eq(mailbox.row_key()).and(mailboxes::hash.eq(mailbox.as_bytes().to_vec()));
    let letter = letters::table.inner_join(mailboxes::table).filter(mailbox);
    let letter = letter.filter(letters::digest.eq(digest.as_bytes().to_vec()));
    letter.select(letters::id).first::<i64>(connection).optional()
}

/// Returns the folder of parts that are not wanted.
fn acknowledge(connection: &mut AnyConnection, row: i64, taken: Taken, today: &str) -> QueryResult<Option<i64>> {
    let new = letters::table.filter(letters::id.eq(row).and(letters::acknowledged_on.eq("")));
    diesel::update(new).set((letters::acknowledged_on.eq(today), letters::bundle.eq(0))).execute(connection)?;
    let enclosure = enclosures::table.find(row);
    match taken {
        Taken::EnclosureWanted => {
            // Closed and not complete: it was refused while the letter did not open. It begins anew.
            let refused = enclosures::table.filter(enclosures::id.eq(row).and(enclosures::complete.eq(false)));
            let anew = (enclosures::closed.eq(false), enclosures::acknowledged_on.eq(""), enclosures::bundle.eq(0));
            diesel::update(refused).set(anew).execute(connection)?;
            diesel::update(enclosure).set(enclosures::wanted.eq(true)).execute(connection)?;
            Ok(None)
        }
        Taken::Done => {
            diesel::update(enclosure).set(enclosures::wanted.eq(false)).execute(connection)?;
            Ok(None)
        }
        // Anybody can send what does not open: until it does, no enclosure is taken.
        Taken::Unopened => {
            let folder = enclosure.select((enclosures::wanted, enclosures::folder));
            let Some((false, folder)) = folder.first::<(bool, i64)>(connection).optional()? else { return Ok(None) };
            diesel::update(enclosure)
                .set((enclosures::closed.eq(true), enclosures::complete.eq(false), enclosures::bundle.eq(0)))
                .execute(connection)?;
            Ok(Some(folder))
        }
    }
}

/// Erases letters that were acknowledged before a day. The row of a letter whose enclosure is still expected, or may be,
/// stays without content.
fn erase_acknowledged(connection: &mut AnyConnection, before: &str) -> QueryResult<usize> {
    let old = letters::acknowledged_on.ne("").and(letters::acknowledged_on.lt(before));
    let expected = enclosures::wanted.eq(true).and(enclosures::acknowledged_on.eq(""));
    let held = enclosures::acknowledged_on.ne("").and(enclosures::acknowledged_on.ge(before));
    let refused = enclosures::closed.eq(true).and(enclosures::complete.eq(false));
    let stays = enclosures::table.filter(expected.or(held).or(refused)).select(enclosures::id);
    let stays: Vec<i64> = stays.load(connection)?;
    let (empty, mut erased) = (Vec::<u8>::new, 0);
    for some in stays.chunks(500) {
        let held = letters::id.eq_any(some).and(letters::sealed.ne(empty()));
        erased += diesel::update(letters::table.filter(held.and(old)))
            .set((letters::sealed.eq(empty()), letters::unused_slot.eq(empty())))
            .execute(connection)?;
    }
    let gone: Vec<i64> = letters::table.filter(old).select(letters::id).load(connection)?;
    let stays: std::collections::HashSet<i64> = stays.into_iter().collect();
    let gone: Vec<i64> = gone.into_iter().filter(|row| !stays.contains(row)).collect();
    for some in gone.chunks(500) {
        erased += diesel::delete(letters::table.filter(letters::id.eq_any(some))).execute(connection)?;
    }
    Ok(erased)
}

/// Gives up enclosures that have not come, complete, and whose letters were acknowledged before a day.
fn give_up(connection: &mut AnyConnection, oldest: String, acknowledged: String) -> QueryResult<usize> {
    // A day that is none never comes to an end.
    let day = letters::received_on.lt(oldest).and(letters::received_on.like("____-__-__"));
    let waiting = letters::acknowledged_on.ne("").and(letters::acknowledged_on.lt(acknowledged)).and(day);
    let whole = enclosures::table.filter(enclosures::complete.eq(true)).select(enclosures::id);
    diesel::delete(letters::table.filter(waiting.and(letters::id.ne_all(whole)))).execute(connection)
}
