//! The life of a case: listed, assigned, rectified, applied for closure, verified,
//! closed or reopened. Beside this run penalty decisions and their reviews, transfers
//! to other authorities and expert opinions. These types have no field for a reporter.

use super::PenaltyStatus;
use model::{Day, Role};

use super::{
    Assignment, CaseEntry, CaseEntryKind, CaseRefusal, CaseState, FactSheet, Penalty, Transfer, penalty, transfer,
};
use crate::signed_entry::SignedEntry;

/// Most penalty decisions of one case: several parties may be fined for one problem, each once or twice.
const MOST_DECISIONS: usize = 20;

/// The state of a case, computed from its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The fact sheet that began the case.
    pub sheet: FactSheet,
    /// The day on which it was listed.
    pub listed_on: Day,
    /// The stage on the way to closure.
    pub state: CaseState,
    /// Unit, responsible person, measures and deadline; `None` before the first assignment.
    pub assignment: Option<Assignment>,
    /// The day of the first assignment; `None` before it.
    pub first_assigned_on: Option<Day>,
    /// The day on which it was closed; `None` unless it is closed.
    pub closed_on: Option<Day>,
    /// Whether it was escalated to the county.
    pub escalated: bool,
    /// Whether a higher authority supervises it.
    pub supervised: bool,
    /// Penalty decisions, oldest first, without those that were entered by mistake.
    pub penalties: Vec<Penalty>,
    /// Transfers to other authorities, oldest first.
    pub transfers: Vec<Transfer>,
    /// The expert who was asked and has not answered yet.
    pub expert: Option<String>,
    /// The account that verified the case on the spot; cleared when the case is returned or reopened.
    pub verified_by: Option<String>,
}

impl Case {
    /// Kinds of entries that a role may make now. In the state `Verified`
    /// only an approver may return the case, in any other only an officer.
    #[must_use]
    pub fn possible(&self, role: Role) -> Vec<CaseEntryKind> {
        let returns = (self.state == CaseState::Verified) == (role == Role::Approver);
        let fits = |kind: &CaseEntryKind| kind.roles().contains(&role) && (*kind != CaseEntryKind::Returned || returns);
        CaseEntryKind::ALL.iter().copied().filter(|kind| self.follows(*kind) && fits(kind)).collect()
    }

    /// Whether an entry of this kind may follow now, regardless of role.
    fn follows(&self, kind: CaseEntryKind) -> bool {
        let some = |fits: fn(&Penalty) -> bool| self.penalties.iter().any(fits);
        match kind {
            CaseEntryKind::Decided => self.penalties.len() < MOST_DECISIONS,
            CaseEntryKind::Withdrawn => some(|one| one.status == PenaltyStatus::Open),
            CaseEntryKind::Contested | CaseEntryKind::Finalised => {
                some(|one| matches!(one.status, PenaltyStatus::Open | PenaltyStatus::Reviewed))
            }
            CaseEntryKind::Reviewed => some(|one| one.status == PenaltyStatus::Contested),
            CaseEntryKind::Collected => some(|one| one.is_effective() && one.collected < one.fine),
            CaseEntryKind::Answered => self.transfers.iter().any(|one| one.answer.is_none()),
            CaseEntryKind::Opinion => self.expert.is_some(),
            CaseEntryKind::AskedExpert => self.expert.is_none(),
            CaseEntryKind::Escalated if self.escalated => false,
            CaseEntryKind::Supervised if self.supervised => false,
            other => other.is_beside() || self.state.next().contains(&other),
        }
    }

    /// Starts a case from a new fact sheet. Refuses any other entry, and a sheet that fails its checks.
    pub fn listed(entered: &SignedEntry<CaseEntry>) -> Result<Self, CaseRefusal> {
        let case = Self::beginning(entered)?;
        entered.what.check(entered.on)?;
        Ok(case)
    }

    fn beginning(entered: &SignedEntry<CaseEntry>) -> Result<Self, CaseRefusal> {
        let CaseEntry::Listed(sheet) = &entered.what else {
            return Err(CaseRefusal::OutOfOrder { state: None, kind: entered.what.kind() });
        };
        Ok(Self {
            sheet: sheet.clone(),
            listed_on: entered.on,
            state: CaseState::Listed,
            assignment: None,
            first_assigned_on: None,
            closed_on: None,
            escalated: false,
            supervised: false,
            penalties: Vec::new(),
            transfers: Vec::new(),
            expert: None,
            verified_by: None,
        })
    }

    /// Applies one new entry. Checks its order and its content.
    pub fn apply(self, entered: &SignedEntry<CaseEntry>) -> Result<Self, CaseRefusal> {
        let after = self.followed_by(entered)?;
        entered.what.check(entered.on)?;
        Ok(after)
    }

    /// Applies an entry without checking its content. It was checked when it was made; stricter checks of a later
    /// version must not make earlier entries unreadable.
    fn followed_by(mut self, entered: &SignedEntry<CaseEntry>) -> Result<Self, CaseRefusal> {
        let kind = entered.what.kind();
        if !self.follows(kind) {
            return Err(CaseRefusal::OutOfOrder { state: Some(self.state), kind });
        }
        match &entered.what {
            CaseEntry::Listed(_) => return Err(CaseRefusal::OutOfOrder { state: Some(self.state), kind }),
            CaseEntry::Closed { .. } if self.verified_by.as_deref() == Some(&entered.by) => {
                return Err(CaseRefusal::SamePerson);
            }
            CaseEntry::Assigned(to) => {
                self.assignment = Some(to.clone());
                self.first_assigned_on.get_or_insert(entered.on);
                self.state = CaseState::Assigned;
            }
            CaseEntry::Started {} => self.state = CaseState::Rectifying,
            CaseEntry::Progress { .. } => {}
            CaseEntry::Applied { .. } => self.state = CaseState::Applied,
            CaseEntry::Verified { .. } => {
                self.verified_by = Some(entered.by.clone());
                self.state = CaseState::Verified;
            }
            CaseEntry::Closed { .. } => {
                self.closed_on = Some(entered.on);
                self.state = CaseState::Closed;
            }
            CaseEntry::Returned { .. } | CaseEntry::Reopened { .. } => {
                (self.verified_by, self.closed_on) = (None, None);
                self.state = CaseState::Rectifying;
            }
            CaseEntry::Escalated { .. } => {
                self.escalated = true;
                self.state = CaseState::Escalated;
            }
            CaseEntry::Supervised { .. } => self.supervised = true,
            CaseEntry::AskedExpert { expert, .. } => self.expert = Some(expert.clone()),
            CaseEntry::Opinion { .. } => self.expert = None,
            CaseEntry::Transferred(transfer) => transfer::send(&mut self.transfers, transfer)?,
            CaseEntry::Answered { document, answer } => transfer::answer(&mut self.transfers, document, answer)?,
            penalty => penalty::enter(&mut self.penalties, penalty, self.sheet.found_on)?,
        }
        Ok(self)
    }

    /// Computes the case from its stored entries, oldest first, without checking their content again.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a SignedEntry<CaseEntry>>) -> Result<Self, CaseRefusal> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(CaseRefusal::OutOfOrder { state: None, kind: CaseEntryKind::Listed })?;
        entries.try_fold(Self::beginning(first)?, Self::followed_by)
    }

    /// The decision that a reward follows from: among those in force the one with the highest fine, since of several
    /// violations the highest counts; among equal fines the oldest.
    #[must_use]
    pub fn decisive(&self) -> Option<&Penalty> {
        self.penalties_in_force().first().copied()
    }

    /// The decisions in force, highest fine first.
    #[must_use]
    pub fn penalties_in_force(&self) -> Vec<&Penalty> {
        let mut penalties_in_force: Vec<&Penalty> = self.penalties.iter().filter(|one| one.is_effective()).collect();
        penalties_in_force.sort_by_key(|one| std::cmp::Reverse(one.fine));
        penalties_in_force
    }

    /// Whether a decision in force is under review, so that its fine may still change.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.penalties_in_force().iter().any(|penalty| penalty.status == PenaltyStatus::Contested)
    }

    /// The decision with this document number; numbers are compared by
    /// [`Decision::document_key`](super::Decision::document_key).
    #[must_use]
    pub fn penalty(&self, document: &str) -> Option<&Penalty> {
        penalty::find(&self.penalties, document)
    }

    /// Whether a reporter may be informed of the outcome: decided, or closed without a decision.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.decisive().is_some() || self.state == CaseState::Closed
    }

    /// Whether the deadline has passed and the unit has not applied for closure.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        let open = matches!(self.state, CaseState::Assigned | CaseState::Rectifying);
        open && self.assignment.as_ref().is_some_and(|to| to.deadline < today)
    }

    /// Transfers whose answer is overdue.
    pub fn late_answers(&self, today: Day) -> impl Iterator<Item = &Transfer> {
        self.transfers.iter().filter(move |one| one.answer.is_none() && one.answer_by < today)
    }
}

#[cfg(test)]
mod tests;
