//! Giving space back and removing traces of order: free pages of a SQLite file show an order of arrival, and its
//! write-ahead log holds old content. PostgreSQL does this by itself.

use std::path::PathBuf;

use database::{AnyConnection, DatabaseUrl};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use diesel::{QueryableByName, SqliteConnection, sql_query};

use crate::{Letterbox, LetterboxError};

/// Content up to this size, in bytes, is written anew as a whole: some 30,000 mailboxes. Only that loses the order of
/// arrival that the places of pages keep. Whoever writes waits meanwhile, about six seconds at this size, for which
/// every connection has the patience.
const REWRITE_UP_TO: i64 = 1024 * 1024 * 1024;
/// Pages that one step gives back while the site waits: 4 MB.
const STEP: u32 = 1_000;

impl Letterbox {
    /// Rewrites a SQLite file whose content is small enough, gives the free pages of a larger one back in steps, and
    /// empties the write-ahead log. Fails if somebody else reads the database for so long that the log stays.
    pub async fn compact(&self) -> Result<(), LetterboxError> {
        let DatabaseUrl::Sqlite(path) = &self.url else { return Ok(()) };
        let path = path.clone();
        tokio::task::spawn_blocking(move || compact(path, REWRITE_UP_TO)).await?
    }
}

impl Letterbox {
    /// Bytes of free pages in a SQLite file, which new letters take first; 0 on PostgreSQL.
    pub async fn free_bytes(&self) -> Result<u64, LetterboxError> {
        let free = self
            .read(|connection| match connection {
                AnyConnection::Sqlite(sqlite) => pages(sqlite).map(|pages| pages.free.saturating_mul(pages.size)),
                #[cfg(feature = "postgres")]
                AnyConnection::Postgres(_) => Ok(0),
            })
            .await?;
        Ok(u64::try_from(free).unwrap_or_default())
    }

    /// Whether the database can be written to, as far as that shows without writing.
    pub async fn is_writable(&self) -> bool {
        self.write(|_| Ok(())).await.is_ok()
    }
}

fn compact(path: PathBuf, rewrite_up_to: i64) -> Result<(), LetterboxError> {
    let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    let mut connection = AnyConnection::to(&DatabaseUrl::Sqlite(path))?;
    // The pattern is infallible only if PostgreSQL is not built in.
    #[allow(clippy::infallible_destructuring_match)]
    let sqlite = match &mut connection {
        AnyConnection::Sqlite(sqlite) => sqlite,
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => return Ok(()),
    };
    // Rewriting makes a second copy: beside the database, not in the system's folder for temporary files.
    let folder = if folder.is_empty() { ".".to_owned() } else { folder.replace('\'', "''") };
    sqlite.batch_execute(&format!("PRAGMA temp_store = FILE; PRAGMA temp_store_directory = '{folder}';"))?;
    // What is in use counts, not the file: after a flood was collected most of it is free. A disk that has no room for
    // a second copy still gets its pages back.
    let rewritten = pages(sqlite)?.used_bytes() <= rewrite_up_to && sql_query("VACUUM").execute(sqlite).is_ok();
    if !rewritten {
        let mut free = pages(sqlite)?.free;
        while free > 0 {
            // As a batch, which runs to its end: the statement returns a row after every page.
            sqlite.batch_execute(&format!("PRAGMA incremental_vacuum({STEP});"))?;
            empty_log(sqlite)?;
            let left = pages(sqlite)?.free;
            if left >= free {
                break;
            }
            free = left;
        }
    }
    empty_log(sqlite)
}

/// Empties the write-ahead log, once all readers of its content have ended. Waits for them as for any lock.
fn empty_log(sqlite: &mut SqliteConnection) -> Result<(), LetterboxError> {
    let done: Checkpointed = sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(sqlite)?;
    if done.busy == 0 { Ok(()) } else { Err(LetterboxError::LogInUse) }
}

/// The answer of `wal_checkpoint`.
#[derive(QueryableByName)]
struct Checkpointed {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// Pages of the file, and the size of each in bytes.
#[derive(QueryableByName)]
struct Pages {
    #[diesel(sql_type = BigInt)]
    all: i64,
    #[diesel(sql_type = BigInt)]
    free: i64,
    #[diesel(sql_type = BigInt)]
    size: i64,
}

impl Pages {
    fn used_bytes(&self) -> i64 {
        (self.all - self.free).saturating_mul(self.size)
    }
}

fn pages(sqlite: &mut SqliteConnection) -> QueryResult<Pages> {
    let query = "SELECT page_count AS \"all\", freelist_count AS free, page_size AS size \
                 FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
    sql_query(query).get_result(sqlite)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database with two megabytes of content, of which nine tenths were erased.
    fn flooded() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("letterbox.sqlite");
        let mut connection = open(&path);
        connection
            .batch_execute(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB); \
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) \
                 INSERT INTO t SELECT i, randomblob(10000) FROM n; DELETE FROM t WHERE id % 10 <> 0;",
            )
            .expect("flooded");
        (folder, path)
    }

    fn open(path: &std::path::Path) -> AnyConnection {
        AnyConnection::to(&DatabaseUrl::Sqlite(path.to_owned())).expect("opens")
    }

    fn size(path: &std::path::Path) -> u64 {
        // The log is removed with the last connection.
        std::fs::metadata(path).map_or(0, |file| file.len())
    }

    /// H3 and R1 of the review: above a size of the file nothing came back, and a flood closed the site for good.
    #[test]
    fn free_pages_are_given_back_at_any_size() {
        for rewrite_up_to in [0, REWRITE_UP_TO] {
            let (_folder, path) = flooded();
            compact(path.clone(), rewrite_up_to).expect("compacted");
            assert!(size(&path) < 500_000, "{} bytes are left of {rewrite_up_to}", size(&path));
            assert_eq!(size(&path.with_extension("sqlite-wal")), 0);
        }
    }

    /// R13 of the review: the log stayed, and the exchange said that it was done.
    #[test]
    fn a_log_that_somebody_reads_is_not_called_empty() {
        let (_folder, path) = flooded();
        let mut reader = open(&path);
        reader.batch_execute("BEGIN; SELECT count(*) FROM t;").expect("reading");
        let mut connection = open(&path);
        connection.batch_execute("PRAGMA busy_timeout = 10; INSERT INTO t VALUES (1, x'00');").expect("written");
        #[allow(clippy::infallible_destructuring_match)]
        let sqlite = match &mut connection {
            AnyConnection::Sqlite(sqlite) => sqlite,
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(_) => unreachable!(),
        };
        assert!(matches!(empty_log(sqlite), Err(LetterboxError::LogInUse)));
        reader.batch_execute("COMMIT;").expect("read");
        assert!(empty_log(sqlite).is_ok());
    }
}
