//! Penalty decisions: entered, contested, reviewed, final, collected.

use human_text::plain;
use model::{Day, Fen, codes};
use serde::{Deserialize, Serialize};

use super::{CaseEntry, CaseRefusal};

/// A penalty decision as it was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The document number as entered; numbers are compared by [`Decision::document_key`].
    pub document: String,
    /// The party that was fined.
    pub party: String,
    /// The fine; zero when there is no penalty.
    pub fine: Fen,
    /// The day of the decision.
    pub decided_on: Day,
}

codes!(
    /// The result of a review.
    ReviewResult {
        /// The decision stands as it was.
        Upheld = "upheld",
        /// The fine was changed.
        Changed = "changed",
        /// The decision was revoked, and with it the fine.
        Revoked = "revoked",
    }
);

codes!(
    /// The stage of a penalty decision.
    PenaltyStatus {
        /// Entered; may still be contested.
        Open = "open",
        /// Under review or before a court.
        Contested = "contested",
        /// A review has upheld or changed it; a court may still follow.
        Reviewed = "reviewed",
        /// Final: it cannot be changed any more.
        Final = "final",
        /// A review has revoked it.
        Revoked = "revoked",
    }
);

/// A penalty decision and what followed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Penalty {
    /// The decision as it was entered.
    pub decision: Decision,
    /// The fine after the latest review; zero once revoked.
    pub fine: Fen,
    /// The stage of the decision.
    pub status: PenaltyStatus,
    /// The part of the fine that was paid.
    pub collected: Fen,
    /// The day of the latest event that concerns it.
    pub last: Day,
}

impl Penalty {
    /// Whether it is in force, that is, not revoked.
    #[must_use]
    pub fn is_effective(&self) -> bool {
        self.status != PenaltyStatus::Revoked
    }

    fn is(&self, document: &str) -> bool {
        Decision::document_key(&self.decision.document) == Decision::document_key(document)
    }
}

pub(super) fn find<'a>(penalties: &'a [Penalty], document: &str) -> Option<&'a Penalty> {
    penalties.iter().find(|one| one.is(document))
}

/// Applies an entry to the penalty decisions of a case.
pub(super) fn enter(
    penalties: &mut Vec<Penalty>,
    entry: &CaseEntry,
    found_on: Day,
) -> std::result::Result<(), CaseRefusal> {
    if let CaseEntry::Decided(decision) = entry {
        if let Some(known) = find(penalties, &decision.document) {
            return Err(CaseRefusal::AlreadyDecided(known.decision.document.clone()));
        }
        if decision.decided_on < found_on {
            return Err(CaseRefusal::TooEarly("decided-on"));
        }
        let (fine, last) = (decision.fine, decision.decided_on);
        let decision = decision.clone();
        penalties.push(Penalty { decision, fine, status: PenaltyStatus::Open, collected: Fen(0), last });
        return Ok(());
    }
    if let CaseEntry::Withdrawn { document, .. } = entry {
        let at = penalties
            .iter()
            .position(|one| one.status == PenaltyStatus::Open && (document.is_empty() || one.is(document)));
        penalties.remove(at.ok_or(CaseRefusal::NoDecision)?);
        return Ok(());
    }
    let (document, on) = match entry {
        CaseEntry::Contested { document, on, .. }
        | CaseEntry::Reviewed { document, on, .. }
        | CaseEntry::Finalised { document, on }
        | CaseEntry::Collected { document, on, .. } => (document, *on),
        _ => return Err(CaseRefusal::NoDecision),
    };
    let penalty = penalties.iter_mut().find(|one| one.is(document)).ok_or(CaseRefusal::NoDecision)?;
    if on < penalty.last && !matches!(entry, CaseEntry::Collected { .. }) || on < penalty.decision.decided_on {
        return Err(CaseRefusal::TooEarly("on"));
    }
    penalty.take(entry)?;
    penalty.last = penalty.last.max(on);
    Ok(())
}

impl Penalty {
    fn take(&mut self, entry: &CaseEntry) -> std::result::Result<(), CaseRefusal> {
        let contestable = matches!(self.status, PenaltyStatus::Open | PenaltyStatus::Reviewed);
        match entry {
            CaseEntry::Contested { .. } if contestable => self.status = PenaltyStatus::Contested,
            CaseEntry::Finalised { .. } if contestable => self.status = PenaltyStatus::Final,
            CaseEntry::Reviewed { result, fine, .. } if self.status == PenaltyStatus::Contested => {
                match ReviewResult::of_code(result).ok_or(CaseRefusal::NoDecision)? {
                    ReviewResult::Upheld => self.status = PenaltyStatus::Reviewed,
                    ReviewResult::Changed => {
                        self.fine = fine.ok_or(CaseRefusal::ReviewFine)?;
                        self.status = PenaltyStatus::Reviewed;
                    }
                    ReviewResult::Revoked => {
                        self.fine = Fen(0);
                        self.status = PenaltyStatus::Revoked;
                    }
                }
            }
            CaseEntry::Collected { amount, .. } if self.is_effective() => {
                let all = self.collected.0.checked_add(amount.0).map(Fen).ok_or(CaseRefusal::Amount)?;
                if all > self.fine {
                    return Err(CaseRefusal::MoreThanFine);
                }
                self.collected = all;
            }
            _ => return Err(CaseRefusal::NoDecision),
        }
        Ok(())
    }
}

impl Decision {
    /// The form in which document numbers are compared: that of [`plain`], without spaces, `第` and `号`. Brackets and
    /// dashes differ from typist to typist and become one sign.
    #[must_use]
    pub fn document_key(document: &str) -> String {
        let document = plain(document);
        let seen = document.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !"第号".contains(*c));
        let one_kind: String = seen.map(|c| if c.is_alphanumeric() { c } else { '.' }).collect();
        let parts: Vec<&str> = one_kind.split('.').filter(|part| !part.is_empty()).collect();
        parts.join(".")
    }
}
