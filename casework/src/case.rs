//! A case's life: listed, assigned, rectified, applied for closure, verified, closed or reopened.
//! Nothing in these types has room for a reporter.

use crypto::access::Role;
use crypto::day::Day;

mod entry;

pub use entry::{Assignment, Decision, Entry, FactSheet};

use crate::codes::codes;
use crate::entered::{BadText, Entered};

codes!(
    /// How far a case is.
    State {
        /// A problem on the list; nobody is responsible yet.
        Listed = "listed",
        /// One lead unit, one responsible person, one deadline.
        Assigned = "assigned",
        /// Measures are under way.
        Rectifying = "rectifying",
        /// The unit has applied for closure.
        Applied = "applied",
        /// Checked on the spot.
        Verified = "verified",
        /// Signed off by another person.
        Closed = "closed",
    }
);

codes!(
    /// What may be entered.
    Kind {
        /// The fact sheet: the case begins.
        Listed = "listed",
        /// Lead unit, responsible person, measures, deadline, standard.
        Assigned = "assigned",
        /// The unit has begun.
        Started = "started",
        /// The unit tells how it goes.
        Progress = "progress",
        /// A penalty decision.
        Decided = "decided",
        /// A penalty decision that was entered wrongly.
        Withdrawn = "withdrawn",
        /// The unit applies for closure.
        Applied = "applied",
        /// Checked on the spot: done.
        Verified = "verified",
        /// Not done: back to the unit.
        Returned = "returned",
        /// Signed off.
        Closed = "closed",
        /// It has come back.
        Reopened = "reopened",
    }
);

/// Why an entry is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not follow from this state; see [`possible`].
    #[error("{} does not follow {}", .kind.code(), .state.map_or("nothing", State::code))]
    OutOfOrder {
        /// Where the case is; none before it is listed.
        state: Option<State>,
        /// What was to be entered.
        kind: Kind,
    },
    /// Who has checked on the spot does not sign off.
    #[error("the same person may not check and sign off")]
    SamePerson,
    /// The deadline lies before the day of the assignment.
    #[error("the deadline is before the beginning")]
    DeadlinePast,
    /// A decision or a finding of a day that has not come.
    #[error("{0} is in the future")]
    Future(&'static str),
    /// A decision from before the day on which it was found.
    #[error("the decision is older than the finding")]
    BeforeFound,
    /// There is a standing decision; it must be withdrawn first.
    #[error("the decision {0} stands")]
    AlreadyDecided(String),
    /// There is no decision to withdraw.
    #[error("no decision stands")]
    NotDecided,
    /// Not a category of the form.
    #[error("the category is unknown")]
    Category,
    /// Negative, or more than can be computed with.
    #[error("the fine is out of range")]
    Fine,
    /// A text that is missing or too long.
    #[error(transparent)]
    Text(#[from] BadText),
}

/// A case: what its entries lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What was found.
    pub sheet: FactSheet,
    /// How far it is.
    pub state: State,
    /// Who does what, once assigned.
    pub assignment: Option<Assignment>,
    /// The standing penalty decision.
    pub decision: Option<Decision>,
    /// Who checked on the spot, while that stands.
    pub verified_by: Option<String>,
}

impl Kind {
    /// Who may enter it.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Listed | Self::Assigned | Self::Verified | Self::Reopened => &[Role::Officer],
            Self::Started | Self::Progress | Self::Applied => &[Role::CaseUnit],
            // The unit knows the decision first; where it does not work here, an officer enters it.
            Self::Decided | Self::Withdrawn => &[Role::CaseUnit, Role::Officer],
            Self::Returned => &[Role::Officer, Role::Approver],
            Self::Closed => &[Role::Approver],
        }
    }
}

impl State {
    /// Kinds of entries that may follow.
    fn next(self) -> &'static [Kind] {
        match self {
            Self::Listed => &[Kind::Assigned, Kind::Decided, Kind::Withdrawn],
            Self::Assigned => &[Kind::Started, Kind::Assigned, Kind::Decided, Kind::Withdrawn],
            Self::Rectifying => &[Kind::Progress, Kind::Applied, Kind::Assigned, Kind::Decided, Kind::Withdrawn],
            Self::Applied => &[Kind::Verified, Kind::Returned, Kind::Decided, Kind::Withdrawn],
            Self::Verified => &[Kind::Closed, Kind::Returned, Kind::Decided, Kind::Withdrawn],
            Self::Closed => &[Kind::Reopened, Kind::Decided, Kind::Withdrawn],
        }
    }
}

impl Case {
    /// What somebody in this role may enter now. An officer returns what they have just seen on
    /// the spot, an approver what is up for signing off.
    #[must_use]
    pub fn possible(&self, role: Role) -> Vec<Kind> {
        let fits = |kind: &Kind| match kind {
            Kind::Decided => self.decision.is_none(),
            Kind::Withdrawn => self.decision.is_some(),
            Kind::Returned => (self.state == State::Verified) == (role == Role::Approver),
            _ => true,
        };
        let next = self.state.next().iter().copied();
        next.filter(|kind| kind.roles().contains(&role)).filter(fits).collect()
    }

    /// The case that a new fact sheet begins.
    pub fn listed(entered: &Entered<Entry>) -> Result<Self, Refused> {
        let case = Self::beginning(entered)?;
        entered.what.check(entered.on)?;
        Ok(case)
    }

    fn beginning(entered: &Entered<Entry>) -> Result<Self, Refused> {
        let Entry::Listed(sheet) = &entered.what else {
            return Err(Refused::OutOfOrder { state: None, kind: entered.what.kind() });
        };
        let sheet = sheet.clone();
        Ok(Self { sheet, state: State::Listed, assignment: None, decision: None, verified_by: None })
    }

    /// The case after one more, new entry.
    pub fn after(self, entered: &Entered<Entry>) -> Result<Self, Refused> {
        let after = self.followed_by(entered)?;
        entered.what.check(entered.on)?;
        Ok(after)
    }

    /// The case after an entry that was checked when it was made: what a later version asks of
    /// texts must not make earlier ones unreadable.
    fn followed_by(mut self, entered: &Entered<Entry>) -> Result<Self, Refused> {
        let kind = entered.what.kind();
        if !self.state.next().contains(&kind) {
            return Err(Refused::OutOfOrder { state: Some(self.state), kind });
        }
        match &entered.what {
            Entry::Listed(_) => return Err(Refused::OutOfOrder { state: Some(self.state), kind }),
            Entry::Assigned(to) => {
                self.assignment = Some(to.clone());
                self.state = State::Assigned;
            }
            Entry::Started {} => self.state = State::Rectifying,
            Entry::Progress { .. } => {}
            Entry::Decided(decision) => {
                if let Some(standing) = self.decision {
                    return Err(Refused::AlreadyDecided(standing.document));
                }
                if decision.decided_on < self.sheet.found_on {
                    return Err(Refused::BeforeFound);
                }
                self.decision = Some(decision.clone());
            }
            Entry::Withdrawn { .. } => {
                self.decision.take().ok_or(Refused::NotDecided)?;
            }
            Entry::Applied { .. } => self.state = State::Applied,
            Entry::Verified { .. } => {
                self.verified_by = Some(entered.by.clone());
                self.state = State::Verified;
            }
            Entry::Closed { .. } if self.verified_by.as_deref() == Some(&entered.by) => {
                return Err(Refused::SamePerson);
            }
            Entry::Closed { .. } => self.state = State::Closed,
            Entry::Returned { .. } | Entry::Reopened { .. } => {
                self.verified_by = None;
                self.state = State::Rectifying;
            }
        }
        Ok(self)
    }

    /// The case that these entries lead to.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entered<Entry>>) -> Result<Self, Refused> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(Refused::OutOfOrder { state: None, kind: Kind::Listed })?;
        entries.try_fold(Self::beginning(first)?, Self::followed_by)
    }

    /// Whether a reporter of it may learn of it: decided, or closed without a decision.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.decision.is_some() || self.state == State::Closed
    }

    /// Whether the deadline has passed and the unit has not applied for closure.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        let open = matches!(self.state, State::Assigned | State::Rectifying);
        open && self.assignment.as_ref().is_some_and(|to| to.deadline < today)
    }
}

#[cfg(test)]
mod tests;
