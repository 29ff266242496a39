//! Errors that stop an exchange.

use bundle::BundleError;
use recorder_protocol::ClientError;

use crate::error::ConsoleError;
use crate::intake::ingest::NotIngested;
use crate::intake::journal::JournalError;

/// Why an exchange stopped. Everything before it is done and stays done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExchangeError {
    #[error("there is no folder of bundles: is the stick in?")]
    NoFolder,
    #[error(transparent)]
    Bundle(#[from] bundle::BundleError),
    #[error("the recorder did not record")]
    Recorder(#[from] ClientError),
    #[error(
        "letters stay at the portal, since the recorder lacks the outer key of the current statement: restore its keys"
    )]
    OuterKey,
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("the register failed")]
    Register(#[from] database::DatabaseError),
    #[error("the recorder gives places that other letters have here")]
    Order,
    #[error("the console's store of enclosures failed")]
    Parts(#[from] enclosure_store::PartsError),
    #[error("the folder of checkpoints for the witness cannot be read or written")]
    WitnessFolder(#[source] std::io::Error),
    #[error("what the witness answered is not of the log's and a witness's keys")]
    Answer(#[source] crypto::log::checkpoint::BadProof),
    #[error("the witness says that the log is not the one that it saw before")]
    Witness,
    #[error("a slot could not be sealed")]
    Seal(#[from] std::io::Error),
    #[error("something went wrong inside")]
    Inside,
}

impl ExchangeError {
    /// The stable code that the register stores and pages put into words.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NoFolder => "no-folder",
            Self::Bundle(BundleError::Wrong(wrong)) => wrong.code(),
            Self::Bundle(_) => "bundle-folder",
            Self::Recorder(ClientError::Contradiction(_)) => "log",
            Self::OuterKey => "outer-key",
            Self::Recorder(_) => "recorder",
            Self::WitnessFolder(_) | Self::Answer(_) => "witness-folder",
            Self::Witness => "witness",
            Self::Journal(_) => "journal",
            Self::Register(_) => "register",
            Self::Order => "order",
            Self::Parts(_) => "enclosure",
            Self::Seal(_) | Self::Inside => "inside",
        }
    }
}

impl From<NotIngested> for ExchangeError {
    fn from(error: NotIngested) -> Self {
        match error {
            NotIngested::Recorder(error) => error.into(),
            NotIngested::Letter(_) => Self::Inside,
            NotIngested::OuterKey(_) => Self::OuterKey,
        }
    }
}

impl From<ConsoleError> for ExchangeError {
    fn from(error: ConsoleError) -> Self {
        match error {
            ConsoleError::Register(error) => Self::Register(error),
            ConsoleError::Recorder(error) => Self::Recorder(error),
            error => {
                tracing::error!(code = "exchange.failed", "exchange failed: {}", program::chain(&error));
                Self::Inside
            }
        }
    }
}
