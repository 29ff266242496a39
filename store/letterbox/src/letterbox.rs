//! The letterbox: its writer, its readers and its parts.

use std::sync::Arc;

use database::{AnyConnection, DatabaseUrl, Migrated, Migrations, Readers, Writer};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use enclosure_store::PartStore;

use crate::LetterboxError;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/letterbox/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/letterbox/postgres");

fn migrations(url: &DatabaseUrl) -> Migrations {
    match url {
        #[cfg(feature = "postgres")]
        DatabaseUrl::Postgres(_) => || POSTGRES,
        _ => || SQLITE,
    }
}

/// Brings the letterbox's database to this version's schema.
pub fn migrate(url: &DatabaseUrl) -> Result<Migrated, LetterboxError> {
    Ok(database::migrate(url, migrations(url))?)
}

/// An open letterbox. Clones share it.
#[derive(Clone)]
pub struct Letterbox {
    pub(crate) url: DatabaseUrl,
    writer: Writer,
    readers: Arc<Readers>,
    pub(crate) parts: PartStore,
}

impl Letterbox {
    /// Opens a migrated database and its store of parts. Fails if the schema is not this version's.
    pub fn open(url: &DatabaseUrl, parts: PartStore) -> Result<Self, LetterboxError> {
        database::refuse_unknown_schema(url, migrations(url))?;
        let writer = Writer::start(url.clone())?;
        Ok(Self { url: url.clone(), writer, readers: Arc::new(Readers::of(url.clone())), parts })
    }

    /// Writes; returns when durable. Queueing may block, so it runs off the event loop.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut AnyConnection) -> diesel::QueryResult<T> + Send + 'static,
    ) -> Result<T, LetterboxError> {
        let writer = self.writer.clone();
        let written = tokio::task::spawn_blocking(move || writer.write(job)).await?;
        Ok(written.durable().await?)
    }

    /// Reads off the event loop.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut AnyConnection) -> diesel::QueryResult<T> + Send + 'static,
    ) -> Result<T, LetterboxError> {
        let readers = Arc::clone(&self.readers);
        Ok(tokio::task::spawn_blocking(move || readers.read(question)).await??)
    }
}
