//! The error type that all stores share.

/// Why a store could not answer. `Display` shows nothing of the data.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The database could not be opened.
    #[error("the database cannot be opened")]
    Connect(#[source] diesel::ConnectionError),
    /// A statement failed, for example because the disk is full or the connection was lost.
    #[error("the database refused a statement")]
    Query(#[from] diesel::result::Error),
    /// The database has tables that this version does not know, or lacks some.
    #[error("the database has another schema ({found} of {known} migrations, {unknown} unknown); run migrate")]
    Schema {
        /// Number of this version's migrations that the database has.
        found: usize,
        /// Number of migrations of this version.
        known: usize,
        /// Number of the database's migrations that this version does not know.
        unknown: usize,
    },
    /// A migration failed; the copy made before it lies beside the database.
    #[error("a migration failed")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The writer has stopped.
    #[error("the database writer has stopped")]
    Stopped,
    /// The transaction that a statement was part of could not be committed.
    #[error("the transaction was not committed: {0}")]
    NotCommitted(String),
    /// A stored value violates the store's own rules.
    #[error("the database holds a value that is not of its form")]
    Corrupt,
}
