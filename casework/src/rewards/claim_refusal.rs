//! Why an entry of a claim is refused.

use super::ClaimStage;
use crate::signed_entry::BadText;

/// Why an entry is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefusal {
    /// It does not follow from this state.
    #[error("{entry} does not follow {}", .state.map_or("nothing", ClaimStage::code))]
    OutOfOrder {
        /// The stage of the claim; `None` before it is proposed.
        state: Option<ClaimStage>,
        /// The code of the refused entry.
        entry: &'static str,
    },
    /// The person has already taken another part, or this part on the latest proposal.
    #[error("nobody acts twice on one claim")]
    ActsTwice,
    /// The last approval of a special award lacks the document of consent.
    #[error("the document of consent is missing")]
    NoConsent,
    /// The correction changes nothing.
    #[error("the award is the same as before")]
    Same,
    /// The day has passed, or has not come.
    #[error("the time for it has passed or has not come")]
    Time,
    /// The amount is not what is due and unpaid, or a payment came after the order's last day.
    #[error("this is not the amount that is due")]
    Amount,
    /// Reconsideration may be asked for only once.
    #[error("it was reconsidered before")]
    Once,
    /// A text that is missing or too long.
    #[error(transparent)]
    Text(#[from] BadText),
}
