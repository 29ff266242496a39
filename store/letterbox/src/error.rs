//! The letterbox's error type.

use enclosure_store::PartsError;

/// Why the letterbox refused a request or failed.
#[derive(Debug, thiserror::Error)]
pub enum LetterboxError {
    /// The database could not answer.
    #[error(transparent)]
    Database(#[from] database::DatabaseError),
    /// A part could not be stored or read.
    #[error(transparent)]
    Parts(#[from] PartsError),
    /// No letter waits for an enclosure of this token, or no attempt was begun.
    #[error("no such enclosure")]
    NoEnclosure,
    /// The mailbox's row key is another mailbox's.
    #[error("another mailbox has this row key")]
    MailboxTaken,
    /// Another attempt to send the enclosure has begun.
    #[error("another attempt has begun")]
    OtherAttempt,
    /// The part does not have the size that its number requires, or the number does not exist.
    #[error("no part of this number and size")]
    PartSize,
    /// A part of a complete enclosure is gone: the enclosure is incomplete again, so that its sender is asked for it.
    #[error("a part is gone")]
    PartGone,
    /// The statement does not verify, is not newer, or is not in force.
    #[error("the key statement is refused")]
    Statement(#[source] crypto::keys::statement::BadStatement),
    /// Somebody reads the database, such as a backup or a shell, so that its write-ahead log keeps old content.
    #[error("the write-ahead log could not be emptied, since somebody reads the database")]
    LogInUse,
    /// A blocking thread was cancelled at shutdown.
    #[error("the letterbox is shutting down")]
    Stopping,
}

impl From<diesel::result::Error> for LetterboxError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<tokio::task::JoinError> for LetterboxError {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Stopping
    }
}
