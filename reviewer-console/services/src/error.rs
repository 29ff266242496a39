//! The error type of all services.
//!
//! Which variant when: `NotFound` for what does not exist or is not this account's (both look the same),
//! `NotUnderstood` for a request that no page makes, `Unsound` for a stored record that fails its check, `Recorder` and
//! `Register` pass on their errors, `Inside` is for everything that no user can correct. What a user can correct is not
//! an error but an outcome of the use case.

pub use recorder_protocol::{ClientError as RecorderError, Refusal};

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// It does not exist, or is not for this account: both look the same.
    #[error("no such thing")]
    NotFound,
    /// A field is missing or malformed.
    #[error("the request is not understood")]
    NotUnderstood,
    /// The recorder could not be reached, or refused; nothing was opened or done.
    #[error("the recorder did not record")]
    Recorder(#[from] recorder_protocol::ClientError),
    /// The register failed, for instance because the disk is full.
    #[error("the register failed")]
    Register(#[from] database::DatabaseError),
    /// An enclosure could not be read.
    #[error("an enclosure cannot be read")]
    Enclosure(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The officer has not been granted the post's keys.
    #[error("the post's keys are not in this session")]
    NoPostKeys,
    /// A stored record fails its integrity check: the rules or the recorder's signature do not allow it.
    #[error("a stored record fails its integrity check")]
    Unsound,
    /// An internal error that no user can correct.
    #[error("something went wrong inside")]
    Inside(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ConsoleError {
    /// Wraps an error as [`ConsoleError::Inside`].
    pub fn inside(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Inside(Box::new(error))
    }

    /// Whether the operator must be informed.
    #[must_use]
    pub fn is_operators(&self) -> bool {
        !matches!(self, Self::NotFound | Self::NotUnderstood | Self::NoPostKeys)
    }
}
