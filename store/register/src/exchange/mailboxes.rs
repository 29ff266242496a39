//! Mailboxes: the keys from which slots are made, and which ones the portal may drop.

use crypto::keys::signature::VerificationKey;
use crypto::letters::mailbox::{MailboxId, MailboxKeys, MailboxLock};
use crypto::sealing::recipient::HybridRecipient;
use database::DatabaseError;
use diesel::prelude::*;
use model::Day;

use crate::Register;
use crate::reports::stored_report::StoredReport;
use crate::schema::{mailboxes, unreadable};

/// Mailboxes that one transaction deletes.
const AT_ONCE: usize = 1000;

/// A mailbox from which a letter was admitted, or that only cover letters came through.
#[derive(Clone)]
pub struct StoredMailbox {
    /// The mailbox's id.
    pub id: MailboxId,
    /// The lock, a part of its id.
    pub lock: MailboxLock,
    /// The recipient that answers are sealed to. To be used only if [`StoredMailbox::is_intact`].
    pub reply_to: HybridRecipient,
    /// The key that verifies the signatures of its letters.
    pub verify_with: VerificationKey,
    /// The number of its report; none as long as no letter said anything.
    pub report: Option<u64>,
}

impl StoredMailbox {
    /// Whether the mailbox's id is that of its lock and keys. Otherwise somebody altered the register, perhaps to have
    /// answers sealed to another recipient. It does not show that the report is this mailbox's: somebody could put all
    /// four values of another mailbox in their place.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        MailboxId::of(&self.lock, &MailboxKeys::of(&self.verify_with, &self.reply_to)) == self.id
    }
}

impl Register {
    /// A mailbox; none if none of its letters was admitted.
    pub fn mailbox(&self, id: &MailboxId) -> Result<Option<StoredMailbox>, DatabaseError> {
        type Row = (String, String, String, Option<i64>);
        let row = mailboxes::table.filter(mailboxes::mailbox.eq(id.to_hex()));
        let row = row.select((mailboxes::lock, mailboxes::reply_to, mailboxes::verify_with, mailboxes::number));
        let found: Option<Row> = self.readers.read(|connection| row.first(connection).optional())?;
        let mailbox = |(lock, reply_to, verify_with, number): Row| {
            Some(StoredMailbox {
                id: *id,
                lock: lock.parse().ok()?,
                reply_to: reply_to.parse().ok()?,
                verify_with: VerificationKey::try_from(verify_with).ok()?,
                report: match number {
                    Some(number) => Some(u64::try_from(number).ok()?),
                    None => None,
                },
            })
        };
        found.map(|row| mailbox(row).ok_or(DatabaseError::Corrupt)).transpose()
    }

    /// The report of a mailbox; none if no letter of the mailbox was admitted that says anything.
    pub fn report_of(&self, mailbox: &MailboxId) -> Result<Option<StoredReport>, DatabaseError> {
        match self.mailbox(mailbox)?.and_then(|mailbox| mailbox.report) {
            Some(number) => self.report(number),
            None => Ok(None),
        }
    }

    /// Mailboxes that only cover letters came through, the last one before `before`.
    pub fn only_covers(&self, before: Day) -> Result<Vec<MailboxId>, DatabaseError> {
        let old = mailboxes::number.is_null().and(mailboxes::cover_on.lt(before.to_string()));
        let ids: Vec<String> =
            self.readers.read(|connection| mailboxes::table.filter(old).select(mailboxes::mailbox).load(connection))?;
        ids.into_iter().map(|id| id.parse().map_err(|_| DatabaseError::Corrupt)).collect()
    }

    /// The mailboxes that the portal keeps, in the order of their row keys: those from which a letter was admitted, that
    /// only cover letters came through, and those of letters that do not open yet.
    pub fn kept_mailboxes(&self) -> Result<Vec<MailboxId>, DatabaseError> {
        let (admitted, waiting): (Vec<String>, Vec<String>) = self.readers.read(|connection| {
            let waiting = unreadable::table.filter(unreadable::sealed.ne(Vec::new())).select(unreadable::came_through);
            Ok((mailboxes::table.select(mailboxes::mailbox).load(connection)?, waiting.load(connection)?))
        })?;
        let ids = admitted.into_iter().chain(waiting).map(|id| id.parse().map_err(|_| DatabaseError::Corrupt));
        let mut ids: Vec<MailboxId> = ids.collect::<Result<_, _>>()?;
        // Of two with one row key the portal can have one only.
        ids.sort_unstable_by_key(|id| (id.row_key(), *id));
        ids.dedup_by_key(|id| id.row_key());
        Ok(ids)
    }

    /// Deletes mailboxes, which the portal drops when it is not told of them. A report is never deleted.
    pub fn forget_mailboxes(&self, ids: &[MailboxId]) -> Result<(), DatabaseError> {
        // In steps: officers wait for each.
        for some in ids.chunks(AT_ONCE) {
            self.forget_some(some.iter().map(MailboxId::to_hex).collect())?;
        }
        Ok(())
    }

    fn forget_some(&self, ids: Vec<String>) -> Result<(), DatabaseError> {
        let forgotten = self.writer.write(move |connection| {
            for id in ids {
                let mailbox = mailboxes::table.filter(mailboxes::mailbox.eq(&id).and(mailboxes::number.is_null()));
                diesel::delete(mailbox).execute(connection)?;
            }
            Ok(())
        });
        forgotten.wait()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::admission::IncomingLetters;
    use crate::reports::admission::tests::{cover, header, letters};
    use crate::reports::unopened::UnopenedLetter;
    use crate::tests::register;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn only_mailboxes_of_old_cover_letters_are_given_up() {
        let (register, _folder) = register();
        for batch in [cover(1, "2026-11-22"), cover(1, "2026-11-23"), cover(2, "2026-11-23"), letters([(2, 2, 2)])] {
            register.take_in(batch).expect("asked").expect("taken in");
        }
        assert!(register.only_covers(day("2026-11-23")).expect("asked").is_empty(), "not old");
        let covers = register.only_covers(day("2026-11-24")).expect("asked");
        assert_eq!(covers, [header(1, 1).mailbox()]);
        register.forget_mailboxes(&[covers[0], header(2, 1).mailbox()]).expect("forgotten");
        let known = |reporter| register.mailbox(&header(reporter, 1).mailbox()).expect("asked").is_some();
        assert!(!known(1) && known(2), "a report stays");
    }

    /// H3 of the review: each junk visit left a mailbox at the portal for good. The portal keeps those that are named.
    #[test]
    fn mailboxes_of_letters_that_open_or_may_open_are_kept_and_no_others() {
        let (register, _folder) = register();
        let ids = [1, 2, 3].map(|reporter| header(reporter, 1).mailbox());
        register.take_in(letters([(2, 1, 2)])).expect("asked").expect("taken in");
        register.take_in(cover(1, "2026-11-22")).expect("asked").expect("taken in");
        let (digest, outer_keys) = ([9; 32].into(), [1; 32].into());
        let (received_on, came_through) = (day("2026-11-20"), ids[2]);
        let waits = UnopenedLetter { came_through, digest, received_on, outer_keys, sealed: vec![1] };
        let batch = IncomingLetters { unopened: vec![waits], ..IncomingLetters::default() };
        register.take_in(batch).expect("asked").expect("taken in");
        let mut sorted = ids;
        sorted.sort_by_key(MailboxId::row_key);
        assert_eq!(register.kept_mailboxes().expect("asked"), sorted);
        register.give_up_unopened(day("2027-01-01")).expect("given up");
        let kept = register.kept_mailboxes().expect("asked");
        assert!(kept.len() == 2 && !kept.contains(&ids[2]));
    }
}
