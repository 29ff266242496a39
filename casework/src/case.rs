//! A case's life: listed, assigned, rectified, applied for closure, verified, closed or reopened.
//! Nothing in these types has room for a reporter.

use crypto::access::Role;
use crypto::day::Day;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::codes::codes;
use crate::entered::{BadText, Entered, filled};
use crate::money::Fen;
use crate::report::Category;

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

/// An entry of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// The fact sheet.
    Listed(FactSheet),
    /// Who does what until when.
    Assigned(Assignment),
    /// The unit has begun.
    Started {},
    /// How it goes.
    Progress {
        /// In words.
        note: String,
    },
    /// A penalty decision.
    Decided(Decision),
    /// The standing decision was entered wrongly.
    Withdrawn {
        /// Why.
        note: String,
    },
    /// The unit says that it is done.
    Applied {
        /// What was done.
        note: String,
    },
    /// Checked on the spot: done.
    Verified {
        /// What was found.
        note: String,
    },
    /// Not done.
    Returned {
        /// What is missing.
        note: String,
    },
    /// Signed off.
    Closed {
        /// For the file.
        note: String,
    },
    /// It has come back.
    Reopened {
        /// What happened.
        note: String,
    },
}

/// What an officer writes for the case side; points to no reporter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSheet {
    /// Category code.
    pub category: String,
    /// The party.
    pub party: String,
    /// Where.
    pub address: String,
    /// Township or subdistrict.
    pub town: String,
    /// What was found when it was checked.
    pub found: String,
    /// On which day.
    pub found_on: Day,
}

/// One set of measures, one lead unit, one responsible person, one deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The lead unit.
    pub unit: String,
    /// The main responsible person.
    pub responsible: String,
    /// What is to be done.
    pub measures: String,
    /// Until when.
    pub deadline: Day,
    /// When it counts as done.
    pub standard: String,
}

/// A penalty decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The document's number.
    pub document: String,
    /// The party fined.
    pub party: String,
    /// The fine; zero when there is no penalty.
    pub fine: Fen,
    /// The day of the decision.
    pub decided_on: Day,
}

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

impl Entry {
    /// What kind of entry.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Listed(_) => Kind::Listed,
            Self::Assigned(_) => Kind::Assigned,
            Self::Started {} => Kind::Started,
            Self::Progress { .. } => Kind::Progress,
            Self::Decided(_) => Kind::Decided,
            Self::Withdrawn { .. } => Kind::Withdrawn,
            Self::Applied { .. } => Kind::Applied,
            Self::Verified { .. } => Kind::Verified,
            Self::Returned { .. } => Kind::Returned,
            Self::Closed { .. } => Kind::Closed,
            Self::Reopened { .. } => Kind::Reopened,
        }
    }

    /// The note, where the entry is one.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        match self {
            Self::Progress { note }
            | Self::Withdrawn { note }
            | Self::Applied { note }
            | Self::Verified { note }
            | Self::Returned { note }
            | Self::Closed { note }
            | Self::Reopened { note } => Some(note),
            Self::Listed(_) | Self::Assigned(_) | Self::Started {} | Self::Decided(_) => None,
        }
    }

    /// Checks what the entry says by itself.
    fn check(&self, on: Day) -> Result<(), Refused> {
        match self {
            Self::Listed(sheet) => {
                filled(&[("party", &sheet.party), ("town", &sheet.town), ("found", &sheet.found)])?;
                crate::entered::short(&[("address", &sheet.address)])?;
                Category::of_code(&sheet.category).ok_or(Refused::Category)?;
                if sheet.found_on > on { Err(Refused::Future("found-on")) } else { Ok(()) }
            }
            Self::Assigned(to) => {
                let texts = [
                    ("unit", to.unit.as_str()),
                    ("responsible", &to.responsible),
                    ("measures", &to.measures),
                    ("standard", &to.standard),
                ];
                filled(&texts)?;
                if to.deadline < on { Err(Refused::DeadlinePast) } else { Ok(()) }
            }
            Self::Decided(decision) => {
                filled(&[("document", &decision.document), ("decided-party", &decision.party)])?;
                if decision.fine < Fen(0) || decision.fine > Fen::MOST {
                    return Err(Refused::Fine);
                }
                if decision.decided_on > on { Err(Refused::Future("decided-on")) } else { Ok(()) }
            }
            Self::Started {} => Ok(()),
            _ => Ok(filled(&[("note", self.note().unwrap_or_default())])?),
        }
    }
}

impl Decision {
    /// The document's number as one compares it: without spaces, brackets and forms that differ
    /// from typist to typist.
    #[must_use]
    pub fn document_key(&self) -> String {
        let plain = self.document.nfkc().filter(|c| !c.is_whitespace());
        let one_kind = plain.map(|c| match c {
            '〔' | '【' | '［' | '[' | '（' | '{' => '(',
            '〕' | '】' | '］' | ']' | '）' | '}' => ')',
            other => other,
        });
        one_kind.collect::<String>().to_lowercase()
    }
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
