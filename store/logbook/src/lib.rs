//! The recorder's tables: the order of first receipt. (The access log joins them here.)

mod schema;

use std::path::Path;

use crypto::mailbox::LetterDigest;
use database::{AnyConnection, DatabaseUrl, Error, Migrated, Migrations, Writer};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

use crate::schema::first_receipts;

const MIGRATIONS: Migrations = || {
    const ALL: EmbeddedMigrations = embed_migrations!("../../migrations/logbook");
    ALL
};

/// Brings the logbook to this version's schema.
pub fn migrate(file: &Path) -> Result<Migrated, Error> {
    database::migrate(&DatabaseUrl::Sqlite(file.to_owned()), MIGRATIONS)
}

/// An open logbook. Clones share it.
#[derive(Clone)]
pub struct Logbook {
    writer: Writer,
}

impl Logbook {
    /// Opens a migrated logbook.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let url = DatabaseUrl::Sqlite(file.to_owned());
        database::refuse_unknown_schema(&url, MIGRATIONS)?;
        Ok(Self { writer: Writer::start(url)? })
    }

    /// Gives each letter its place in the order of first receipt, from 1 without gaps; one that
    /// has a place keeps it. `now` is UTC, RFC 3339. Durable when it returns.
    pub fn receive(&self, letters: Vec<LetterDigest>, now: String) -> Result<Vec<u64>, Error> {
        let written = self.writer.write(move |connection| {
            letters.iter().map(|digest| place(connection, digest, &now)).collect::<QueryResult<Vec<i64>>>()
        });
        let places = written.wait()?;
        places.into_iter().map(|place| u64::try_from(place).map_err(|_| Error::Corrupt)).collect()
    }
}

fn place(connection: &mut AnyConnection, digest: &LetterDigest, now: &str) -> QueryResult<i64> {
    let known = first_receipts::table.filter(first_receipts::digest.eq(digest.to_hex()));
    if let Some(place) = known.select(first_receipts::sequence).first(connection).optional()? {
        return Ok(place);
    }
    // The one writer runs jobs one after the other, so nobody else takes this number.
    let last: Option<i64> = first_receipts::table.select(max(first_receipts::sequence)).first(connection)?;
    let next = last.unwrap_or(0) + 1;
    diesel::insert_into(first_receipts::table)
        .values((
            first_receipts::sequence.eq(next),
            first_receipts::digest.eq(digest.to_hex()),
            first_receipts::recorded_at.eq(now),
        ))
        .execute(connection)?;
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> LetterDigest {
        LetterDigest::from([byte; 32])
    }

    #[test]
    fn the_order_has_no_gaps_and_repeating_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("logbook.sqlite");
        assert!(Logbook::open(&file).is_err(), "not migrated");
        assert_eq!(migrate(&file).expect("migrated").run, 1);
        let logbook = Logbook::open(&file).expect("a logbook");
        let now = || "2026-11-23T01:02:03Z".to_owned();
        assert_eq!(logbook.receive(vec![digest(1), digest(2), digest(1)], now()).expect("places"), [1, 2, 1]);
        assert_eq!(logbook.receive(vec![digest(3), digest(2)], now()).expect("places"), [3, 2]);
        drop(logbook);
        let again = Logbook::open(&file).expect("a logbook");
        assert_eq!(again.receive(vec![digest(4), digest(3)], now()).expect("places"), [4, 3]);
    }

    #[test]
    fn receipts_are_never_altered_or_deleted() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("logbook.sqlite");
        migrate(&file).expect("migrated");
        let logbook = Logbook::open(&file).expect("a logbook");
        logbook.receive(vec![digest(1)], String::new()).expect("a place");
        let altered = logbook
            .writer
            .write(|c| diesel::update(first_receipts::table).set(first_receipts::sequence.eq(9)).execute(c));
        assert!(altered.wait().is_err());
        let deleted = logbook.writer.write(|c| diesel::delete(first_receipts::table).execute(c));
        assert!(deleted.wait().is_err());
        assert_eq!(logbook.receive(vec![digest(1)], String::new()).expect("a place"), [1]);
    }
}
