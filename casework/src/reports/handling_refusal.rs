//! Why a step of handling is refused.

use super::ReportStage;
use crate::signed_entry::BadText;

/// Why a step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandlingRefusal {
    /// See [`Handling::possible`].
    #[error("{step} does not follow {}", .stage.code())]
    OutOfOrder {
        /// Where the handling is.
        stage: ReportStage,
        /// The step's code.
        step: &'static str,
    },
    /// Who has entered or drafted it is no second pair of eyes.
    #[error("a second person is needed")]
    SamePerson,
    /// A later day than that of the entry: by then somebody may have thought of a friend.
    #[error("only on the day of the entry")]
    TooLate,
    /// A channel that officers do not enter.
    #[error("the origin is not one that is entered by hand")]
    Origin,
    /// A note of the wrong length.
    #[error(transparent)]
    Text(#[from] BadText),
}
