//! A case's life: listed, assigned, rectified, applied for closure, verified, closed or reopened;
//! beside it penalty decisions and their review, transfers to other authorities, expert opinions.
//! Nothing in these types has room for a reporter.

use model::{Day, Role, codes};

mod entry;
mod penalty;
mod transfer;
mod unsettled;

pub use entry::{Assignment, Entry, Evidence, FactSheet};
pub use penalty::{Decision, Penalty, Result as ReviewResult, Status};
pub use transfer::{Answer, Authority, Transfer};
pub use unsettled::Unsettled;

use crate::entered::{BadText, Entered};

/// Penalty decisions of one case: several parties of one problem, each fined once or twice.
const MOST_DECISIONS: usize = 20;

codes!(
    /// How far a case is.
    State {
        /// A problem on the list; nobody is responsible yet.
        Listed = "listed",
        /// Beyond one township or department: the county assigns it.
        Escalated = "escalated",
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
    /// What may be entered, in the order in which a page offers it.
    Kind {
        /// The fact sheet: the case begins.
        Listed = "listed",
        /// Lead unit, responsible person, measures, deadline, standard.
        Assigned = "assigned",
        /// The unit has begun.
        Started = "started",
        /// The unit tells how it goes.
        Progress = "progress",
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
        /// A penalty decision.
        Decided = "decided",
        /// A penalty decision that was entered wrongly.
        Withdrawn = "withdrawn",
        /// The party asks for a review, or sues.
        Contested = "contested",
        /// What the review came to.
        Reviewed = "reviewed",
        /// Nothing can change the decision any more.
        Finalised = "final",
        /// Part of the fine was paid.
        Collected = "collected",
        /// Beyond one township or department.
        Escalated = "escalated",
        /// Somebody above watches it.
        Supervised = "supervised",
        /// Sent to police or procuratorate.
        Transferred = "transferred",
        /// What they answered.
        Answered = "answered",
        /// An expert was asked.
        AskedExpert = "asked-expert",
        /// What the expert said.
        Opinion = "opinion",
    }
);

/// Why an entry is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not follow from this state; see [`Case::possible`].
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

/// A case: what its entries lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What was found.
    pub sheet: FactSheet,
    /// The day on which it was listed.
    pub listed_on: Day,
    /// How far it is.
    pub state: State,
    /// Who does what, once assigned.
    pub assignment: Option<Assignment>,
    /// The day of the first assignment, and of the last closure.
    pub first_assigned_on: Option<Day>,
    /// The day of the last closure, while it is closed.
    pub closed_on: Option<Day>,
    /// Whether the county has it.
    pub escalated: bool,
    /// Whether somebody above watches it.
    pub supervised: bool,
    /// Penalty decisions, oldest first, without those that were entered wrongly.
    pub penalties: Vec<Penalty>,
    /// Transfers, oldest first.
    pub transfers: Vec<Transfer>,
    /// The expert who was asked and has not answered.
    pub expert: Option<String>,
    /// Who checked on the spot, while that stands.
    pub verified_by: Option<String>,
}

impl Kind {
    /// Who may enter it.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Listed
            | Self::Assigned
            | Self::Verified
            | Self::Reopened
            | Self::Transferred
            | Self::Answered
            | Self::AskedExpert
            | Self::Opinion => &[Role::Officer],
            Self::Started | Self::Progress | Self::Applied => &[Role::CaseUnit],
            // The unit knows these first; where it does not work here, an officer enters them.
            Self::Decided
            | Self::Withdrawn
            | Self::Contested
            | Self::Reviewed
            | Self::Finalised
            | Self::Collected
            | Self::Escalated => &[Role::CaseUnit, Role::Officer],
            Self::Returned | Self::Supervised => &[Role::Officer, Role::Approver],
            Self::Closed => &[Role::Approver],
        }
    }

    /// Whether it may be entered in every state: it goes beside the way to closure.
    fn is_beside(self) -> bool {
        matches!(
            self,
            Self::Decided
                | Self::Withdrawn
                | Self::Contested
                | Self::Reviewed
                | Self::Finalised
                | Self::Collected
                | Self::Transferred
                | Self::Answered
                | Self::AskedExpert
                | Self::Opinion
        )
    }
}

impl State {
    /// Kinds of entries that may follow on the way to closure.
    fn next(self) -> &'static [Kind] {
        match self {
            Self::Listed => &[Kind::Assigned, Kind::Escalated, Kind::Supervised],
            Self::Escalated => &[Kind::Assigned, Kind::Supervised],
            Self::Assigned => &[Kind::Started, Kind::Assigned, Kind::Escalated, Kind::Supervised],
            Self::Rectifying => &[Kind::Progress, Kind::Applied, Kind::Assigned, Kind::Escalated, Kind::Supervised],
            Self::Applied => &[Kind::Verified, Kind::Returned, Kind::Supervised],
            Self::Verified => &[Kind::Closed, Kind::Returned, Kind::Supervised],
            Self::Closed => &[Kind::Reopened],
        }
    }
}

impl Case {
    /// What somebody in this role may enter now. An officer returns what they have just seen on
    /// the spot, an approver what is up for signing off.
    #[must_use]
    pub fn possible(&self, role: Role) -> Vec<Kind> {
        let returns = (self.state == State::Verified) == (role == Role::Approver);
        let fits = |kind: &Kind| kind.roles().contains(&role) && (*kind != Kind::Returned || returns);
        Kind::ALL.iter().copied().filter(|kind| self.follows(*kind) && fits(kind)).collect()
    }

    /// Whether this kind of entry may follow now, whoever makes it.
    fn follows(&self, kind: Kind) -> bool {
        let some = |fits: fn(&Penalty) -> bool| self.penalties.iter().any(fits);
        match kind {
            Kind::Decided => self.penalties.len() < MOST_DECISIONS,
            Kind::Withdrawn => some(|one| one.status == Status::Open),
            Kind::Contested | Kind::Finalised => some(|one| matches!(one.status, Status::Open | Status::Upheld)),
            Kind::Reviewed => some(|one| one.status == Status::Contested),
            Kind::Collected => some(|one| one.is_effective() && one.collected < one.fine),
            Kind::Answered => self.transfers.iter().any(|one| one.answer.is_none()),
            Kind::Opinion => self.expert.is_some(),
            Kind::AskedExpert => self.expert.is_none(),
            Kind::Escalated if self.escalated => false,
            Kind::Supervised if self.supervised => false,
            other => other.is_beside() || self.state.next().contains(&other),
        }
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
        Ok(Self {
            sheet: sheet.clone(),
            listed_on: entered.on,
            state: State::Listed,
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
        if !self.follows(kind) {
            return Err(Refused::OutOfOrder { state: Some(self.state), kind });
        }
        match &entered.what {
            Entry::Listed(_) => return Err(Refused::OutOfOrder { state: Some(self.state), kind }),
            Entry::Closed { .. } if self.verified_by.as_deref() == Some(&entered.by) => {
                return Err(Refused::SamePerson);
            }
            Entry::Assigned(to) => {
                self.assignment = Some(to.clone());
                self.first_assigned_on.get_or_insert(entered.on);
                self.state = State::Assigned;
            }
            Entry::Started {} => self.state = State::Rectifying,
            Entry::Progress { .. } => {}
            Entry::Applied { .. } => self.state = State::Applied,
            Entry::Verified { .. } => {
                self.verified_by = Some(entered.by.clone());
                self.state = State::Verified;
            }
            Entry::Closed { .. } => {
                self.closed_on = Some(entered.on);
                self.state = State::Closed;
            }
            Entry::Returned { .. } | Entry::Reopened { .. } => {
                (self.verified_by, self.closed_on) = (None, None);
                self.state = State::Rectifying;
            }
            Entry::Escalated { .. } => {
                self.escalated = true;
                self.state = State::Escalated;
            }
            Entry::Supervised { .. } => self.supervised = true,
            Entry::AskedExpert { expert, .. } => self.expert = Some(expert.clone()),
            Entry::Opinion { .. } => self.expert = None,
            Entry::Transferred(transfer) => transfer::send(&mut self.transfers, transfer)?,
            Entry::Answered { document, answer } => transfer::answer(&mut self.transfers, document, answer)?,
            penalty => penalty::enter(&mut self.penalties, penalty, self.sheet.found_on)?,
        }
        Ok(self)
    }

    /// The case that these entries lead to.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entered<Entry>>) -> Result<Self, Refused> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(Refused::OutOfOrder { state: None, kind: Kind::Listed })?;
        entries.try_fold(Self::beginning(first)?, Self::followed_by)
    }

    /// The decision that a reward follows from: of those that stand, the one with the highest fine,
    /// since of several violations the highest counts; the oldest among equals.
    #[must_use]
    pub fn decisive(&self) -> Option<&Penalty> {
        self.standing().first().copied()
    }

    /// The decisions that stand, the one with the highest fine first.
    #[must_use]
    pub fn standing(&self) -> Vec<&Penalty> {
        let mut standing: Vec<&Penalty> = self.penalties.iter().filter(|one| one.is_effective()).collect();
        standing.sort_by_key(|one| std::cmp::Reverse(one.fine));
        standing
    }

    /// Whether a decision that stands is under review: what becomes of its fine is not known.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.standing().iter().any(|penalty| penalty.status == Status::Contested)
    }

    /// The decision of a document number, as one compares these.
    #[must_use]
    pub fn penalty(&self, document: &str) -> Option<&Penalty> {
        penalty::find(&self.penalties, document)
    }

    /// Whether a reporter of it may learn of it: decided, or closed without a decision.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.decisive().is_some() || self.state == State::Closed
    }

    /// Whether the deadline has passed and the unit has not applied for closure.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        let open = matches!(self.state, State::Assigned | State::Rectifying);
        open && self.assignment.as_ref().is_some_and(|to| to.deadline < today)
    }

    /// Transfers whose answer is late.
    pub fn late_answers(&self, today: Day) -> impl Iterator<Item = &Transfer> {
        self.transfers.iter().filter(move |one| one.answer.is_none() && one.answer_by < today)
    }
}

#[cfg(test)]
mod tests;
