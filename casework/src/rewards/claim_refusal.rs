//! Why an entry of a claim is refused.

use super::ClaimStage;
use crate::signed_entry::BadText;

/// Why an entry is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefusal {
    /// It does not follow from this state.
    #[error("{entry} does not follow {}", .state.map_or("nothing", ClaimStage::code))]
    OutOfOrder {
        /// Where the claim is; none before it is proposed.
        state: Option<ClaimStage>,
        /// What was to be entered.
        entry: &'static str,
    },
    /// Somebody who has taken another part already, or this one on this very proposal.
    #[error("nobody acts twice on one claim")]
    ActsTwice,
    /// A special award is approved last with the document that consents.
    #[error("the document of consent is missing")]
    NoConsent,
    /// The correction changes nothing.
    #[error("the award is the same as before")]
    Same,
    /// The day has passed, or has not come.
    #[error("the time for it has passed or has not come")]
    Time,
    /// Another amount than what is due and not paid.
    #[error("this is not the amount that is due")]
    Amount,
    /// Reconsideration is asked for once.
    #[error("it was reconsidered before")]
    Once,
    /// A text that is missing or too long.
    #[error(transparent)]
    Text(#[from] BadText),
}
