//! What may still be open when a case is signed off.

use super::{Case, Penalty, PenaltyStatus};

/// What may be open when everything is put right on the spot.
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
    /// What is not settled yet besides: whoever signs off must know.
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
