//! Connections: SQLite by default, PostgreSQL by URL for the letterbox.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, MultiConnection, SqliteConnection};

use crate::DatabaseError;

/// Settings of every SQLite connection. `synchronous = FULL`: every acknowledged write survives a power cut.
/// `secure_delete`: erased content is overwritten. `temp_store`: what a statement may have to undo stays in memory; in the
/// system's folder for temporary files it would be content on another disk. The busy timeout, in milliseconds, outlasts a backup's lock.
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;";

/// The location of a database: `sqlite:PATH`, `postgres://…` or `postgresql://…`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The path of a SQLite file.
    Sqlite(PathBuf),
    /// A connection string of libpq, which may hold a password: no `Debug`.
    Postgres(String),
}

/// The text is not a database URL.
#[derive(Debug, thiserror::Error)]
#[error("a database is sqlite:PATH or postgres://…")]
pub struct BadUrl;

impl FromStr for DatabaseUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(BadUrl)
    }
}

/// A connection to either database.
#[derive(MultiConnection)]
pub enum AnyConnection {
    /// A connection to a SQLite file.
    Sqlite(SqliteConnection),
    /// A connection to a PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(diesel::PgConnection),
}

impl AnyConnection {
    /// Connects. The URL's scheme alone decides the variant.
    pub fn to(url: &DatabaseUrl) -> Result<Self, DatabaseError> {
        match url {
            DatabaseUrl::Sqlite(path) => Ok(Self::Sqlite(sqlite(path)?)),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(url) => {
                Ok(Self::Postgres(diesel::PgConnection::establish(url).map_err(DatabaseError::Connect)?))
            }
            #[cfg(not(feature = "postgres"))]
            DatabaseUrl::Postgres(_) => Err(DatabaseError::Connect(diesel::ConnectionError::BadConnection(
                "this program was built without PostgreSQL (cargo feature postgres)".to_owned(),
            ))),
        }
    }
}

fn sqlite(path: &Path) -> Result<SqliteConnection, DatabaseError> {
    let path = path.to_str().ok_or_else(|| {
        DatabaseError::Connect(diesel::ConnectionError::BadConnection("the path is not UTF-8".to_owned()))
    })?;
    let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    let mut connection = SqliteConnection::establish(path).map_err(DatabaseError::Connect)?;
    if is_new {
        // Only before anything is written: free pages of a large file can later be given back in steps.
        connection.batch_execute("PRAGMA auto_vacuum = INCREMENTAL;")?;
    }
    connection.batch_execute(PRAGMAS)?;
    Ok(connection)
}
