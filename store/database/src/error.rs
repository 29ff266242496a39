//! The one error of all stores.

/// Why a store could not answer. Display says nothing of the data.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The database could not be opened.
    #[error("the database cannot be opened")]
    Connect(#[source] diesel::ConnectionError),
    /// A statement failed; a full disk and a lost connection are here.
    #[error("the database refused a statement")]
    Query(#[from] diesel::result::Error),
    /// The database has tables that this version does not know, or lacks some.
    #[error("the database has another schema ({found} of {known} migrations, {unknown} unknown); run migrate")]
    Schema {
        /// Migrations of this version that the database has.
        found: usize,
        /// Migrations of this version.
        known: usize,
        /// Migrations of the database that this version does not know.
        unknown: usize,
    },
    /// A migration failed; the copy made before is beside the database.
    #[error("a migration failed")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The writer has stopped.
    #[error("the database writer has stopped")]
    Stopped,
    /// The transaction that a statement was part of could not be committed.
    #[error("the transaction was not committed: {0}")]
    NotCommitted(String),
    /// The store holds something that its own rules forbid.
    #[error("the database holds a value that is not of its form")]
    Corrupt,
}
