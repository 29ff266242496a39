//! The one error of the letterbox.

/// Why the letterbox refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// The object store failed; a full disk is here.
    #[error("the object store failed")]
    Parts(#[from] object_store::Error),
    /// No letter with this digest, or no enclosure announced for it.
    #[error("no such enclosure")]
    NoEnclosure,
    /// The enclosure was announced with another size.
    #[error("the enclosure was announced with another size")]
    OtherSize,
    /// The part has not the size that its number asks for, or the number does not exist.
    #[error("no part of this number and size")]
    PartSize,
    /// The part is there with other content.
    #[error("the part is there with other content")]
    OtherContent,
    /// The statement does not verify, is not newer, or is not in force.
    #[error("the key statement is refused")]
    Statement(#[source] crypto::statement::BadStatement),
    /// A blocking thread was cancelled at shutdown.
    #[error("the letterbox is shutting down")]
    Stopping,
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Stopping
    }
}
