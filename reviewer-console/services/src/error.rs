//! The one error of the services.
//!
//! Which variant when: `NotFound` for what is not there or not this person's (both look the same), `NotUnderstood` for
//! a request that no page makes, `Unsound` for a stored record that fails its check, `Recorder` and `Register` pass on
//! what those said, `Inside` is everything that nobody outside can help. What a person can put right is no error but an
//! outcome of the use case.

pub use recorder_protocol::{ClientError as RecorderError, Refusal};

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// Nothing here, or nothing for this person: both look the same.
    #[error("no such thing")]
    NotFound,
    /// A field is missing or not of its form.
    #[error("the request is not understood")]
    NotUnderstood,
    /// The recorder could not be asked or refused: nothing was opened or done.
    #[error("the recorder did not record")]
    Recorder(#[from] recorder_protocol::ClientError),
    /// The register failed; a full disk is here.
    #[error("the register failed")]
    Register(#[from] database::DatabaseError),
    /// An enclosure could not be read.
    #[error("an enclosure cannot be read")]
    Enclosure(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The officer has not been granted the post's keys.
    #[error("the post's keys are not in this session")]
    NoPostKeys,
    /// A stored record fails its integrity check: it is not what the rules or the recorder's signature allow.
    #[error("a stored record fails its integrity check")]
    Unsound,
    /// Something of our own went wrong.
    #[error("something went wrong inside")]
    Inside(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ConsoleError {
    /// An error of our own that no person can help.
    pub fn inside(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Inside(Box::new(error))
    }

    /// Whether the operator must hear of it.
    #[must_use]
    pub fn is_operators(&self) -> bool {
        !matches!(self, Self::NotFound | Self::NotUnderstood | Self::NoPostKeys)
    }
}
