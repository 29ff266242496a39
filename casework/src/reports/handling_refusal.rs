//! Why a step of handling is refused.

use super::ReportStage;
use crate::signed_entry::BadText;

/// Why a step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandlingRefusal {
    /// The step does not follow from this stage; see [`Handling::possible`](super::Handling::possible).
    #[error("{step} does not follow {}", .stage.code())]
    OutOfOrder {
        /// The stage of the handling.
        stage: ReportStage,
        /// The code of the refused step.
        step: &'static str,
    },
    /// A second officer is needed, not the one who entered or drafted it.
    #[error("a second person is needed")]
    SamePerson,
    /// An entry may be confirmed only on its own day: later, somebody could do it as a favour to a friend.
    #[error("only on the day of the entry")]
    TooLate,
    /// A channel that officers do not enter by hand.
    #[error("the origin is not one that is entered by hand")]
    Origin,
    /// A required text is missing, or a text is too long.
    #[error(transparent)]
    Text(#[from] BadText),
}
