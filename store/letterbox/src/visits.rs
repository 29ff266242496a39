//! Visits: a letter in, a slot out, in one transaction. It runs the same statements for a new and a known mailbox.

use crypto::letters::mailbox::MailboxId;
use database::AnyConnection;
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::dialect::{NewLetter, NewMailbox, insert_letter, insert_mailbox};
use crate::schema::mailboxes;
use crate::{Letterbox, LetterboxError};

/// A visit whose form has been checked.
pub struct NewVisit {
    /// The mailbox that the letter was sent to.
    pub mailbox: MailboxId,
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
        self.write(move |connection| record(connection, visit)).await
    }
}

fn record(connection: &mut AnyConnection, visit: NewVisit) -> QueryResult<Vec<u8>> {
    let mailbox = visit.mailbox.row_key();
    let hash = visit.mailbox.as_bytes().to_vec();
    insert_mailbox(connection, &NewMailbox { id: mailbox, hash: hash.clone(), slot: visit.first_slot })?;
    let digest = LetterDigest::of(&visit.letter).as_bytes().to_vec();
    let (kept, slot) = mailboxes::table
        .find(mailbox)
        .select((mailboxes::hash, mailboxes::slot))
        .first::<(Vec<u8>, Vec<u8>)>(connection)?;
    // Two mailboxes whose hashes share the first 63 bits: refused, never mixed. This becomes likely only with some
    // three thousand million mailboxes.
    if kept != hash {
        return Err(diesel::result::Error::RollbackTransaction);
    }
    let received_on = visit.day.to_string();
    insert_letter(connection, &NewLetter { id: visit.row, mailbox, digest, sealed: visit.letter, received_on })?;
    Ok(slot)
}
