//! The console's tables: statements signed so far, mailboxes with the keys of their first
//! letter, and the letters admitted.

mod admission;
mod schema;
mod statements;

use std::path::Path;

use database::{DatabaseUrl, Error, Migrated, Migrations, Writer};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use admission::{Admission, Refused};

const MIGRATIONS: Migrations = || {
    const ALL: EmbeddedMigrations = embed_migrations!("../../migrations/register");
    ALL
};

/// Brings the register to this version's schema.
pub fn migrate(file: &Path) -> Result<Migrated, Error> {
    database::migrate(&DatabaseUrl::Sqlite(file.to_owned()), MIGRATIONS)
}

/// An open register. Clones share it.
#[derive(Clone)]
pub struct Register {
    writer: Writer,
}

impl Register {
    /// Opens a migrated register.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let url = DatabaseUrl::Sqlite(file.to_owned());
        database::refuse_unknown_schema(&url, MIGRATIONS)?;
        Ok(Self { writer: Writer::start(url)? })
    }
}
