//! Visits: a letter in, a slot out, in one transaction. It writes as much for a new mailbox as for a known one.

use crypto::letters::enclosure_token::EnclosureLock;
use crypto::letters::mailbox::MailboxId;
use database::AnyConnection;
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::dialect::{
    NewEnclosure, NewLetter, NewMailbox, insert_enclosure, insert_letter, insert_mailbox, touch_mailbox,
};
use crate::schema::{letters, mailboxes};
use crate::{Letterbox, LetterboxError};

/// A visit whose form has been checked.
pub struct NewVisit {
    /// The mailbox that the letter was sent to.
    pub mailbox: MailboxId,
    /// The hash of the token that permits sending the letter's enclosure.
    pub enclosure: EnclosureLock,
    /// The sealed letter, as received.
    pub letter: Vec<u8>,
    /// Sealed slot, stored if the mailbox is new.
    pub first_slot: Vec<u8>,
    /// The day of receipt. No finer time is stored.
    pub day: Day,
    /// The letter's row key: 63 fresh random bits.
    pub row: i64,
}

impl Letterbox {
    /// Stores the letter and returns the mailbox's slot once both are durable. Repeating a visit changes nothing and
    /// returns the slot again.
    pub async fn visit(&self, visit: NewVisit) -> Result<Vec<u8>, LetterboxError> {
        let written = self.write(move |connection| match record(connection, visit) {
            // The savepoint of this visit alone is undone.
            Err(diesel::result::Error::RollbackTransaction) => Ok(None),
            other => other.map(Some),
        });
        written.await?.ok_or(LetterboxError::MailboxTaken)
    }

    /// A mailbox's slot, without a visit; none if the mailbox is not known.
    pub async fn slot(&self, mailbox: MailboxId) -> Result<Option<Vec<u8>>, LetterboxError> {
        let row = mailboxes::id.eq(mailbox.row_key()).and(mailboxes::hash.eq(mailbox.as_bytes().to_vec()));
        self.read(move |c| mailboxes::table.filter(row).select(mailboxes::slot).first(c).optional()).await
    }
}

fn record(connection: &mut AnyConnection, visit: NewVisit) -> QueryResult<Vec<u8>> {
    let mailbox = visit.mailbox.row_key();
    let hash = visit.mailbox.as_bytes().to_vec();
    let touched = visit.row;
    let first = NewMailbox { id: mailbox, hash: hash.clone(), slot: visit.first_slot, touched };
    let is_new = insert_mailbox(connection, &first)? == 1;
    let row = mailboxes::table.find(mailbox);
    let (kept, slot) = row.select((mailboxes::hash, mailboxes::slot)).first::<(Vec<u8>, Vec<u8>)>(connection)?;
    // Two mailboxes whose hashes share the first 63 bits: refused, never mixed. By chance this becomes likely only with
    // some three thousand million mailboxes; somebody who computes as many hashes can do it to mailboxes of their own.
    if kept != hash {
        return Err(diesel::result::Error::RollbackTransaction);
    }
    if !is_new {
        touch_mailbox(connection, mailbox, touched)?;
    }
    let unused_slot = if is_new { Vec::new() } else { first.slot };
    let digest = LetterDigest::of(&visit.letter).as_bytes().to_vec();
    let received_on = visit.day.to_string();
    let letter =
        NewLetter { id: visit.row, mailbox, digest: digest.clone(), sealed: visit.letter, unused_slot, received_on };
    insert_letter(connection, &letter)?;
    // The row of the letter, which may have come before.
    let stored = letters::table.filter(letters::mailbox.eq(mailbox).and(letters::digest.eq(digest)));
    let id = stored.select(letters::id).first::<i64>(connection)?;
    let lock = visit.enclosure.as_bytes().to_vec();
    insert_enclosure(
        connection,
        &NewEnclosure { id, lock, attempt: 0, folder: 0, size: 0, complete: false, closed: false },
    )?;
    Ok(slot)
}
