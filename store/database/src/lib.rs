//! The code that all stores share: connections, the one writer, readers, migrations, backups and errors.
//!
//! Each store (letterbox, register, logbook) adds its tables and queries.

mod backup;
mod connection;
mod error;
mod migrate;
mod readers;
mod writer;

pub use backup::{Backup, BackupError};
pub use connection::{AnyConnection, BadUrl, DatabaseUrl};
pub use error::DatabaseError;
pub use migrate::{Migrated, Migrations, migrate, refuse_unknown_schema};
pub use readers::Readers;
pub use writer::{Durable, Writer};
