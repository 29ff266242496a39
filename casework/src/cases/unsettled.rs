//! What may still be unsettled when a case is signed off.

use super::{Case, Penalty, PenaltyStatus};

/// A matter that may still be open although everything on the spot has been put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsettled {
    /// A decision is under review.
    Review,
    /// A fine is not paid in full.
    Fine,
    /// A transfer has no answer.
    Transfer,
    /// An expert has not answered.
    Expert,
}

impl Case {
    /// Matters that are still unsettled, to be shown to the approver who signs the case off.
    #[must_use]
    pub fn unsettled(&self) -> Vec<Unsettled> {
        let penalty = |is: fn(&Penalty) -> bool| self.penalties.iter().any(is);
        let all = [
            (penalty(|one| one.status == PenaltyStatus::Contested), Unsettled::Review),
            (penalty(|one| one.is_effective() && one.collected < one.fine), Unsettled::Fine),
            (self.transfers.iter().any(|one| one.answer.is_none()), Unsettled::Transfer),
            (self.expert.is_some(), Unsettled::Expert),
        ];
        all.into_iter().filter(|(open, _)| *open).map(|(_, what)| what).collect()
    }
}
