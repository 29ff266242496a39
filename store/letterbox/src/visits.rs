//! Visits: a letter in, a slot out, in one transaction that runs the same statements for a new
//! and a known mailbox.

use crypto::letters::mailbox::MailboxId;
use database::AnyConnection;
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::dialect::{NewLetter, NewMailbox, insert_letter, insert_mailbox};
use crate::schema::mailboxes;
use crate::{Letterbox, LetterboxError};

/// A visit whose form has been checked.
pub struct NewVisit {
    /// The mailbox it came to.
    pub mailbox: MailboxId,
    /// The sealed letter.
    pub letter: Vec<u8>,
    /// Kept if the mailbox is new.
    pub first_slot: Vec<u8>,
    /// The day, and nothing finer.
    pub day: Day,
    /// 63 fresh random bits, the letter's row key.
    pub row: i64,
}

impl Letterbox {
    /// Keeps the letter and answers with the mailbox's slot once both are durable. Repeating a
    /// visit changes nothing and gets the same answer.
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
    // Two mailboxes with the same first 63 bits: refused rather than mixed. It takes some
    // three thousand million mailboxes to make this likely.
    if kept != hash {
        return Err(diesel::result::Error::RollbackTransaction);
    }
    let received_on = visit.day.to_string();
    insert_letter(connection, &NewLetter { id: visit.row, mailbox, digest, sealed: visit.letter, received_on })?;
    Ok(slot)
}
