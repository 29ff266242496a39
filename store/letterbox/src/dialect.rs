//! Statements written separately for each database: `ON CONFLICT` does not compile on the joined connection type.

use database::AnyConnection;
use diesel::prelude::*;

use crate::schema::{enclosures, letters, mailboxes};

#[derive(Insertable)]
#[diesel(table_name = mailboxes)]
pub(crate) struct NewMailbox {
    pub(crate) id: i64,
    pub(crate) hash: Vec<u8>,
    pub(crate) slot: Vec<u8>,
    pub(crate) touched: i64,
}

#[derive(Insertable)]
#[diesel(table_name = letters)]
pub(crate) struct NewLetter {
    pub(crate) id: i64,
    pub(crate) mailbox: i64,
    pub(crate) digest: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) unused_slot: Vec<u8>,
    pub(crate) received_on: String,
}

#[derive(Insertable)]
#[diesel(table_name = enclosures)]
pub(crate) struct NewEnclosure {
    pub(crate) id: i64,
    pub(crate) lock: Vec<u8>,
    pub(crate) attempt: i64,
    pub(crate) folder: i64,
    pub(crate) size: i64,
    pub(crate) complete: bool,
    pub(crate) closed: bool,
}

/// Defines an insert that leaves an existing row unchanged, and returns 0 for one. An existing row is no error, since every request may be
/// repeated.
macro_rules! insert_unless_there {
    ($(#[$doc:meta])* $name:ident, $table:ident, $row:ty) => {
        $(#[$doc])*
        pub(crate) fn $name(connection: &mut AnyConnection, row: &$row) -> QueryResult<usize> {
            let insert = diesel::insert_into($table::table).values(row).on_conflict_do_nothing();
            match connection {
                AnyConnection::Sqlite(c) => insert.execute(c),
                #[cfg(feature = "postgres")]
                AnyConnection::Postgres(c) => insert.execute(c),
            }
        }
    };
}

insert_unless_there!(
    /// Stores a new mailbox with its first slot; a known mailbox keeps its slot.
    insert_mailbox, mailboxes, NewMailbox
);
insert_unless_there!(
    /// Stores a letter; a repeated letter changes nothing. A copy that came through another mailbox is another row: it
    /// must not stand in the letter's way.
    insert_letter, letters, NewLetter
);
insert_unless_there!(
    /// Stores the right to send a letter's enclosure. A token that permits one already permits no second: a stranger
    /// could otherwise have one enclosure copied for many letters.
    insert_enclosure, enclosures, NewEnclosure
);

/// Changes a known mailbox's row at a visit. On PostgreSQL nothing is changed: there rows are written in their own way,
/// and locks held for a whole batch of visits would cross those of the exchange.
pub(crate) fn touch_mailbox(connection: &mut AnyConnection, id: i64, touched: i64) -> QueryResult<usize> {
    match connection {
        AnyConnection::Sqlite(c) => {
            diesel::update(mailboxes::table.find(id)).set(mailboxes::touched.eq(touched)).execute(c)
        }
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => Ok(0),
    }
}

/// Keeps visits from adding a letter to a mailbox until the end of the transaction. On SQLite the one writer does.
#[cfg_attr(not(feature = "postgres"), allow(unused_variables))]
pub(crate) fn lock_mailbox(connection: &mut AnyConnection, id: i64) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(c) => {
            mailboxes::table.find(id).select(mailboxes::id).for_update().first::<i64>(c).optional().map(|_| ())
        }
    }
}
