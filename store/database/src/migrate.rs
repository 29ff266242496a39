//! Migrations, and the check that a database has exactly this version's schema.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

use crate::{AnyConnection, DatabaseError, DatabaseUrl};

/// A store's embedded migrations; a function because the library's set can be neither copied nor borrowed.
pub type Migrations = fn() -> EmbeddedMigrations;

/// The result of a migration.
#[derive(Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Number of migrations applied now; zero if the schema was up to date.
    pub run: usize,
    /// The copy of the SQLite file made before migrating; none if the file is new or nothing was pending.
    pub copy: Option<PathBuf>,
}

/// For the operator: the number of migrations applied, and the path of the copy.
impl fmt::Display for Migrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} migrations run", self.run)?;
        self.copy.as_ref().map_or(Ok(()), |copy| write!(f, "\ncopy from before: {}", copy.display()))
    }
}

/// Runs `$body` on the connection inside either variant.
macro_rules! inside {
    ($connection:expr, $inner:ident => $body:expr) => {
        match $connection {
            AnyConnection::Sqlite($inner) => $body,
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres($inner) => $body,
        }
    };
}

/// Brings a database to this version's schema. A SQLite file that exists is copied first.
pub fn migrate(url: &DatabaseUrl, source: Migrations) -> Result<Migrated, DatabaseError> {
    let existed = matches!(url, DatabaseUrl::Sqlite(path) if path.exists());
    let mut connection = AnyConnection::to(url)?;
    let (pending, applied) = inside!(&mut connection, c => (
        c.pending_migrations(source()).map_err(DatabaseError::Migration)?.len(),
        c.applied_migrations().map_err(DatabaseError::Migration)?.len(),
    ));
    if pending == 0 {
        return Ok(Migrated { run: 0, copy: None });
    }
    let copy = match url {
        DatabaseUrl::Sqlite(path) if existed => Some(copy_before(&mut connection, path, applied)?),
        _ => None,
    };
    inside!(&mut connection, c => c.run_pending_migrations(source()).map_err(DatabaseError::Migration)?);
    Ok(Migrated { run: pending, copy })
}

/// `VACUUM INTO` makes a consistent copy even while the write-ahead log holds changes. The copy gets its final name
/// only when it is complete and durable, and never the name of an older copy.
fn copy_before(connection: &mut AnyConnection, path: &Path, applied: usize) -> Result<PathBuf, DatabaseError> {
    let named = |suffix: String| {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(suffix);
        path.with_file_name(name)
    };
    let part = named(".copy-in-work".to_owned());
    let failed = |error: std::io::Error| DatabaseError::Migration(Box::new(error));
    if part.exists() {
        std::fs::remove_file(&part).map_err(failed)?;
    }
    let quoted = part.to_str().ok_or(DatabaseError::Corrupt)?.replace('\'', "''");
    inside!(connection, c => c.batch_execute(&format!("VACUUM INTO '{quoted}'"))?);
    let copies = (1..).map(|number| named(format!(".before-migration-{}-{number}", applied + 1)));
    let copy = copies.into_iter().find(|copy| !copy.exists()).ok_or(DatabaseError::Corrupt)?;
    std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(failed)?;
    std::fs::rename(&part, &copy).map_err(failed)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(copy)
}

/// Refuses a database whose migrations are not exactly this version's. It only reads, since a site's database role
/// need not be allowed to create tables.
pub fn refuse_unknown_schema(url: &DatabaseUrl, source: Migrations) -> Result<(), DatabaseError> {
    let mut connection = AnyConnection::to(url)?;
    let known = inside!(&mut connection, c => names(c, source)?);
    let applied = applied(&mut connection)?;
    let found = known.intersection(&applied).count();
    let unknown = applied.difference(&known).count();
    if found == known.len() && unknown == 0 {
        return Ok(());
    }
    Err(DatabaseError::Schema { found, known: known.len(), unknown })
}

fn names<C, DB>(_: &C, source: Migrations) -> Result<BTreeSet<String>, DatabaseError>
where
    C: diesel::Connection<Backend = DB>,
    DB: diesel::backend::Backend,
{
    let migrations: Vec<Box<dyn Migration<DB>>> = source().migrations().map_err(DatabaseError::Migration)?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// The migrations recorded in the database; none if it has no table of migrations.
fn applied(connection: &mut AnyConnection) -> Result<BTreeSet<String>, DatabaseError> {
    use self::__diesel_schema_migrations::{table, version};
    match table.select(version).load::<String>(connection) {
        Ok(versions) => Ok(versions.into_iter().collect()),
        Err(diesel::result::Error::DatabaseError(..)) => Ok(BTreeSet::new()),
        Err(error) => Err(error.into()),
    }
}
