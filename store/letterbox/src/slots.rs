//! Slots that the console has sealed, and the mailboxes that it names.

use bundle::MailboxRange;
use crypto::letters::mailbox::MailboxId;
use database::AnyConnection;
use diesel::prelude::*;

use crate::dialect::{NewMailbox, insert_mailbox, lock_mailbox};
use crate::schema::{letters, mailboxes};
use crate::{Letterbox, LetterboxError};

/// Mailboxes that one transaction drops: 10 MB.
const AT_ONCE: usize = 300;

impl Letterbox {
    /// Stores slots; a mailbox that is not known is made, as for a report that was told on the telephone. Without a slot
    /// a mailbox keeps the one that it has. Returns whether every one of them has a slot now.
    pub async fn replace_slots(&self, slots: Vec<(MailboxId, Option<Vec<u8>>)>) -> Result<bool, LetterboxError> {
        self.write(move |connection| {
            let mut all = true;
            for (mailbox, slot) in slots {
                all &= replace(connection, mailbox, slot)?;
            }
            Ok(all)
        })
        .await
    }

    /// Drops the mailboxes of a range that are not named, except those of which a letter is here. `named` is in the order
    /// of row keys.
    pub async fn drop_unnamed(&self, range: MailboxRange, named: &[MailboxId]) -> Result<(), LetterboxError> {
        let here: Vec<(i64, Vec<u8>)> = self
            .read(move |connection| {
                let with_letters = letters::table.select(letters::mailbox);
                mailboxes::table
                    .filter(mailboxes::id.between(range.first, range.last))
                    .filter(mailboxes::id.ne_all(with_letters))
                    .select((mailboxes::id, mailboxes::hash))
                    .load(connection)
            })
            .await?;
        let is_named = |row: i64| named.binary_search_by_key(&row, MailboxId::row_key).is_ok();
        let unnamed: Vec<i64> = here.into_iter().map(|(row, _)| row).filter(|row| !is_named(*row)).collect();
        // In steps: the site waits for each, and overwriting what is dropped takes time.
        for some in unnamed.chunks(AT_ONCE) {
            let some = some.to_vec();
            self.write(move |connection| drop_some(connection, &some)).await?;
        }
        Ok(())
    }
}

fn replace(connection: &mut AnyConnection, mailbox: MailboxId, slot: Option<Vec<u8>>) -> QueryResult<bool> {
    let hash = mailbox.as_bytes().to_vec();
    let row = || mailboxes::table.filter(mailboxes::id.eq(mailbox.row_key()).and(mailboxes::hash.eq(hash.clone())));
    let Some(slot) = slot else {
        return Ok(row().select(mailboxes::id).first::<i64>(connection).optional()?.is_some());
    };
    if diesel::update(row()).set(mailboxes::slot.eq(&slot)).execute(connection)? > 0 {
        return Ok(true);
    }
    let new = NewMailbox { id: mailbox.row_key(), hash: hash.clone(), slot, touched: mailbox.row_key() };
    // Another mailbox may have this row key, which somebody can compute on purpose: that one keeps its place, and nobody
    // else has to wait for it.
    insert_mailbox(connection, &new).map(|_| true)
}

fn drop_some(connection: &mut AnyConnection, rows: &[i64]) -> QueryResult<()> {
    for row in rows {
        lock_mailbox(connection, *row)?;
        let waiting = letters::table.filter(letters::mailbox.eq(row)).select(letters::id);
        if waiting.first::<i64>(connection).optional()?.is_none() {
            diesel::delete(mailboxes::table.find(row)).execute(connection)?;
        }
    }
    Ok(())
}
