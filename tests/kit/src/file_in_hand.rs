//! Somebody has a database's file in hand: they forge, damage or restore what is in it, read it at rest, or hold its
//! lock.
//!
//! This is the only place of the whole-system tests with SQL. What the product itself can reach or show is asked
//! through its pages and stores.

use database::{AnyConnection, DatabaseUrl};
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _};

use crate::installation::Installation;

/// A row that was read at rest.
#[derive(QueryableByName)]
struct AtRest {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The lock on a database's file, held by another process. Dropping it lets go.
pub struct FileLock {
    _holder: AnyConnection,
}

fn in_hand(url: &DatabaseUrl) -> AnyConnection {
    AnyConnection::to(url).expect("connected")
}

fn tamper(url: &DatabaseUrl, sql: &str) {
    in_hand(url).batch_execute(sql).expect(sql);
}

fn read(url: &DatabaseUrl, sql: &str) -> Vec<String> {
    let rows: Vec<AtRest> = diesel::sql_query(sql).load(&mut in_hand(url)).expect(sql);
    rows.into_iter().map(|row| row.text).collect()
}

impl Installation {
    fn register_file(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.at("console/register.sqlite"))
    }

    fn logbook_file(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.at("recorder/logbook.sqlite"))
    }

    /// Changes the register as somebody can who writes the console's disk. Triggers that keep rows must be dropped first.
    pub fn tamper_with_register(&self, sql: &str) {
        tamper(&self.register_file(), sql);
    }

    /// Changes the letterbox as somebody can who writes the portal's database.
    pub fn tamper_with_letterbox(&self, sql: &str) {
        tamper(&self.letterbox(), sql);
    }

    /// Changes the log as somebody can who writes the recorder's disk. Triggers that keep rows must be dropped first.
    pub fn tamper_with_logbook(&self, sql: &str) {
        tamper(&self.logbook_file(), sql);
    }

    /// What the console's disk shows: the column `text` of a query.
    #[must_use]
    pub fn read_register_at_rest(&self, query: &str) -> Vec<String> {
        read(&self.register_file(), query)
    }

    /// What the portal's database shows: the column `text` of a query.
    #[must_use]
    pub fn read_letterbox_at_rest(&self, query: &str) -> Vec<String> {
        read(&self.letterbox(), query)
    }

    /// What the recorder's disk shows: the column `text` of a query.
    #[must_use]
    pub fn read_logbook_at_rest(&self, query: &str) -> Vec<String> {
        read(&self.logbook_file(), query)
    }

    /// Takes the lock with which others write the register.
    #[must_use]
    pub fn lock_register(&self) -> FileLock {
        let mut holder = in_hand(&self.register_file());
        holder.batch_execute("BEGIN IMMEDIATE").expect("held");
        FileLock { _holder: holder }
    }
}
