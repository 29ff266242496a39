//! Properties that every store relies on: savepoints, many readers, a copy before every migration.

use std::path::Path;
use std::thread;

use database::{AnyConnection, DatabaseUrl, Readers, Writer, migrate};
use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("tests/migrations");

fn count(connection: &mut AnyConnection) -> QueryResult<i64> {
    diesel::select(sql::<BigInt>("(SELECT count(*) FROM notes)")).get_result(connection)
}

/// A database with one table and `rows` rows.
fn with_notes(file: &Path, rows: usize) -> DatabaseUrl {
    let url = DatabaseUrl::Sqlite(file.to_owned());
    let writer = Writer::start(url.clone()).expect("a writer");
    writer.write(|c| c.batch_execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)")).wait().expect("a table");
    for id in 0..rows {
        writer.write(move |c| c.batch_execute(&format!("INSERT INTO notes VALUES ({id})"))).wait().expect("a row");
    }
    url
}

#[test]
fn a_job_that_fails_is_undone_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = with_notes(&folder.path().join("notes.sqlite"), 1);
    let writer = Writer::start(url.clone()).expect("a writer");
    let jobs: Vec<_> = (1..100)
        .map(|id| {
            // Every third job writes a new row and then one that is there already.
            let second = if id % 3 == 0 { 0 } else { 1000 + id };
            let rows = format!("INSERT INTO notes VALUES ({id}); INSERT INTO notes VALUES ({second})");
            writer.write(move |c| c.batch_execute(&rows))
        })
        .collect();
    let failed = jobs.into_iter().map(database::Durable::wait).filter(Result::is_err).count();
    assert_eq!(failed, 33);
    assert_eq!(Readers::of(url).read(count).expect("counted"), 1 + 2 * 66);
}

#[test]
fn more_readers_than_connections_all_get_their_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let readers = Readers::of(with_notes(&folder.path().join("notes.sqlite"), 3));
    thread::scope(|scope| {
        for number in 0..40 {
            let readers = &readers;
            scope.spawn(move || {
                // Some reads fail, and must release their place all the same.
                let question = if number % 4 == 0 { "SELECT * FROM nothing" } else { "SELECT 1" };
                let answer = readers.read(|c| c.batch_execute(question));
                assert_eq!(answer.is_ok(), number % 4 != 0);
            });
        }
    });
    assert_eq!(readers.read(count).expect("counted"), 3);
}

#[test]
fn a_file_is_copied_before_it_is_migrated_and_no_copy_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notes.sqlite");
    let url = with_notes(&file, 2);
    let first = migrate(&url, || MIGRATIONS).expect("migrated");
    let copy = first.copy.expect("a copy");
    assert_eq!((first.run, copy.file_name()), (2, Some("notes.sqlite.before-migration-1-1".as_ref())));
    assert_eq!(Readers::of(DatabaseUrl::Sqlite(copy)).read(count).expect("counted"), 2);
    let writer = Writer::start(url.clone()).expect("a writer");
    let back = "DROP TABLE first; DROP TABLE second; DELETE FROM __diesel_schema_migrations; DELETE FROM notes";
    writer.write(move |c| c.batch_execute(back)).wait().expect("taken back");
    let second = migrate(&url, || MIGRATIONS).expect("migrated").copy.expect("a copy");
    assert_eq!(second.file_name(), Some("notes.sqlite.before-migration-1-2".as_ref()));
    assert_eq!(Readers::of(DatabaseUrl::Sqlite(second)).read(count).expect("counted"), 0);
    assert_eq!(migrate(&url, || MIGRATIONS).expect("nothing to do").copy, None);
}
