//! Why an entry of a case is refused.

use super::{CaseEntryKind, CaseState};
use crate::signed_entry::BadText;

/// Why an entry is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefusal {
    /// The entry does not follow from this state; see [`Case::possible`](super::Case::possible).
    #[error("{} does not follow {}", .kind.code(), .state.map_or("nothing", CaseState::code))]
    OutOfOrder {
        /// The state of the case; `None` before it is listed.
        state: Option<CaseState>,
        /// The kind of the refused entry.
        kind: CaseEntryKind,
    },
    /// The person who verified the case on the spot may not sign it off.
    #[error("the same person may not check and sign off")]
    SamePerson,
    /// A deadline before the day from which it runs.
    #[error("the deadline is before the beginning")]
    DeadlinePast,
    /// A day in the future; names the field.
    #[error("{0} is in the future")]
    Future(&'static str),
    /// A decision dated before the finding, or a step dated before an earlier one; names the field.
    #[error("{0} is before what it follows")]
    TooEarly(&'static str),
    /// The case already has a decision with this document number.
    #[error("the decision {0} is entered already")]
    AlreadyDecided(String),
    /// No decision with this document number admits this entry.
    #[error("no such decision stands")]
    NoDecision,
    /// The case already has a transfer with this document number to this authority.
    #[error("the transfer {0} is entered already")]
    AlreadyTransferred(String),
    /// No transfer with this document number awaits an answer; or a new
    /// transfer names an unknown authority or already has an answer.
    #[error("no such transfer waits")]
    NoTransfer,
    /// The category code is unknown.
    #[error("the category is unknown")]
    Category,
    /// An amount below zero or above [`Fen::MOST`](model::Fen::MOST).
    #[error("the amount is out of range")]
    Amount,
    /// A changed fine without an amount, or an amount with another result.
    #[error("a changed fine has an amount, any other result has none")]
    ReviewFine,
    /// A payment of zero.
    #[error("nothing was paid")]
    NothingPaid,
    /// The payments add up to more than the fine.
    #[error("more than the fine")]
    MoreThanFine,
    /// Too many files, or a file whose name or digest is not of its form.
    #[error("the evidence is not of its form")]
    Evidence,
    /// A text that is missing or too long.
    #[error(transparent)]
    Text(#[from] BadText),
}
