//! Why an entry of a case is refused.

use super::{CaseEntryKind, CaseState};
use crate::signed_entry::BadText;

/// Why an entry is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefusal {
    /// It does not follow from this state; see [`Case::possible`].
    #[error("{} does not follow {}", .kind.code(), .state.map_or("nothing", CaseState::code))]
    OutOfOrder {
        /// Where the case is; none before it is listed.
        state: Option<CaseState>,
        /// What was to be entered.
        kind: CaseEntryKind,
    },
    /// Who has checked on the spot does not sign off.
    #[error("the same person may not check and sign off")]
    SamePerson,
    /// A deadline before the day from which it runs.
    #[error("the deadline is before the beginning")]
    DeadlinePast,
    /// Something of a day that has not come.
    #[error("{0} is in the future")]
    Future(&'static str),
    /// A decision from before the day on which it was found, or a later step from before an earlier.
    #[error("{0} is before what it follows")]
    TooEarly(&'static str),
    /// A decision of this document number is on this case already.
    #[error("the decision {0} is entered already")]
    AlreadyDecided(String),
    /// No decision of this document number for which this could be entered.
    #[error("no such decision stands")]
    NoDecision,
    /// A transfer of this document number to this authority is on this case already.
    #[error("the transfer {0} is entered already")]
    AlreadyTransferred(String),
    /// No transfer of this document number waits for an answer.
    #[error("no such transfer waits")]
    NoTransfer,
    /// Not a category of the form.
    #[error("the category is unknown")]
    Category,
    /// Negative, or more than can be computed with.
    #[error("the amount is out of range")]
    Amount,
    /// A changed fine without an amount, or an amount where the fine is not changed.
    #[error("a changed fine has an amount, any other result has none")]
    ReviewFine,
    /// A payment of nothing.
    #[error("nothing was paid")]
    NothingPaid,
    /// More was paid than the fine is.
    #[error("more than the fine")]
    MoreThanFine,
    /// Files of no name, or too many.
    #[error("the evidence is not of its form")]
    Evidence,
    /// A text that is missing or too long.
    #[error(transparent)]
    Text(#[from] BadText),
}
