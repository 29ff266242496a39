//! What may be entered in a case, and what each entry must say by itself.

use model::{Day, Fen};
use serde::{Deserialize, Serialize};

use super::{Authority, CaseEntryKind, CaseRefusal, Decision, ReviewResult, Transfer, TransferAnswer};
use crate::reports::Category;
use crate::signed_entry::{filled, line, short};

/// Files of one entry.
pub(crate) const MOST_FILES: usize = 10;
/// Characters of a file's name.
const NAME: usize = 120;

/// An entry of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CaseEntry {
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
        /// Pictures and documents.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    /// The unit says that it is done.
    Applied {
        /// What was done.
        note: String,
        /// Pictures and documents.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    /// Checked on the spot: done.
    Verified {
        /// What was found.
        note: String,
        /// Pictures and documents.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
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
        /// What the public is told of it; empty for nothing.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        publication: String,
    },
    /// It has come back.
    Reopened {
        /// What happened.
        note: String,
    },
    /// A penalty decision.
    Decided(Decision),
    /// A decision was entered wrongly.
    Withdrawn {
        /// Its document number. Empty in entries from when a case had one decision at most.
        #[serde(default)]
        document: String,
        /// Why.
        note: String,
    },
    /// The party asks for a review, or sues.
    Contested {
        /// The decision's document number.
        document: String,
        /// Since when.
        on: Day,
        /// Before whom.
        note: String,
    },
    /// What the review came to.
    Reviewed {
        /// The decision's document number.
        document: String,
        /// The code of a [`ReviewResult`].
        result: String,
        /// The fine as it is now, where it was changed.
        fine: Option<Fen>,
        /// The day of the review's decision.
        on: Day,
        /// Its document number and reasons.
        note: String,
    },
    /// Nothing can change the decision any more.
    #[serde(rename = "final")]
    Finalised {
        /// The decision's document number.
        document: String,
        /// Since when.
        on: Day,
    },
    /// Part of the fine was paid.
    Collected {
        /// The decision's document number.
        document: String,
        /// How much came in.
        amount: Fen,
        /// When.
        on: Day,
    },
    /// Beyond one township or department: to the county.
    Escalated {
        /// Why.
        note: String,
    },
    /// Somebody above watches it.
    Supervised {
        /// Who, and what they expect.
        note: String,
    },
    /// Sent to police or procuratorate.
    Transferred(Transfer),
    /// What they answered.
    Answered {
        /// The number of the letter of transfer.
        document: String,
        /// What they say.
        answer: TransferAnswer,
    },
    /// An expert was asked, with the fact sheet alone.
    AskedExpert {
        /// Who.
        expert: String,
        /// What.
        note: String,
    },
    /// What the expert said.
    Opinion {
        /// In words.
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

/// A file that belongs to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// As it was called.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
}

impl CaseEntry {
    /// What kind of entry.
    #[must_use]
    pub fn kind(&self) -> CaseEntryKind {
        match self {
            Self::Listed(_) => CaseEntryKind::Listed,
            Self::Assigned(_) => CaseEntryKind::Assigned,
            Self::Started {} => CaseEntryKind::Started,
            Self::Progress { .. } => CaseEntryKind::Progress,
            Self::Decided(_) => CaseEntryKind::Decided,
            Self::Withdrawn { .. } => CaseEntryKind::Withdrawn,
            Self::Contested { .. } => CaseEntryKind::Contested,
            Self::Reviewed { .. } => CaseEntryKind::Reviewed,
            Self::Finalised { .. } => CaseEntryKind::Finalised,
            Self::Collected { .. } => CaseEntryKind::Collected,
            Self::Applied { .. } => CaseEntryKind::Applied,
            Self::Verified { .. } => CaseEntryKind::Verified,
            Self::Returned { .. } => CaseEntryKind::Returned,
            Self::Closed { .. } => CaseEntryKind::Closed,
            Self::Reopened { .. } => CaseEntryKind::Reopened,
            Self::Escalated { .. } => CaseEntryKind::Escalated,
            Self::Supervised { .. } => CaseEntryKind::Supervised,
            Self::Transferred(_) => CaseEntryKind::Transferred,
            Self::Answered { .. } => CaseEntryKind::Answered,
            Self::AskedExpert { .. } => CaseEntryKind::AskedExpert,
            Self::Opinion { .. } => CaseEntryKind::Opinion,
        }
    }

    /// The note, where the entry has one.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        match self {
            Self::Progress { note, .. }
            | Self::Withdrawn { note, .. }
            | Self::Contested { note, .. }
            | Self::Reviewed { note, .. }
            | Self::Applied { note, .. }
            | Self::Verified { note, .. }
            | Self::Returned { note }
            | Self::Closed { note, .. }
            | Self::Reopened { note }
            | Self::Escalated { note }
            | Self::Supervised { note }
            | Self::AskedExpert { note, .. }
            | Self::Opinion { note } => Some(note),
            Self::Transferred(transfer) => Some(&transfer.note),
            Self::Answered { answer, .. } => Some(&answer.note),
            Self::Listed(_)
            | Self::Assigned(_)
            | Self::Started {}
            | Self::Decided(_)
            | Self::Finalised { .. }
            | Self::Collected { .. } => None,
        }
    }

    /// The files that belong to it.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        match self {
            Self::Progress { evidence, .. } | Self::Applied { evidence, .. } | Self::Verified { evidence, .. } => {
                evidence
            }
            _ => &[],
        }
    }

    /// Checks what the entry says by itself.
    pub(super) fn check(&self, on: Day) -> Result<(), CaseRefusal> {
        if let Some(note) = self.note() {
            filled(&[("note", note)])?;
        }
        check_files(self.evidence())?;
        match self {
            Self::Listed(sheet) => sheet.check(on),
            Self::Assigned(to) => to.check(on),
            Self::Decided(decision) => {
                filled(&[("document", &decision.document), ("decided-party", &decision.party)])?;
                amount(decision.fine)?;
                past("decided-on", decision.decided_on, on)
            }
            Self::Reviewed { result, fine, on: day, .. } => {
                past("on", *day, on)?;
                let changed = ReviewResult::of_code(result) == Some(ReviewResult::Changed);
                if changed != fine.is_some() {
                    return Err(CaseRefusal::ReviewFine);
                }
                fine.map_or(Ok(()), amount)
            }
            Self::Collected { amount: paid, on: day, .. } => {
                past("on", *day, on)?;
                if *paid == Fen(0) { Err(CaseRefusal::NothingPaid) } else { amount(*paid) }
            }
            Self::Withdrawn { document, .. } => Ok(filled(&[("document", document)])?),
            Self::Contested { on: day, .. } | Self::Finalised { on: day, .. } => past("on", *day, on),
            Self::Answered { answer, .. } => past("on", answer.on, on),
            Self::Transferred(transfer) => transfer.check(on),
            Self::AskedExpert { expert, .. } => Ok(filled(&[("expert", expert)])?),
            Self::Closed { publication, .. } => Ok(short(&[("publication", publication)])?),
            _ => Ok(()),
        }
    }
}

impl FactSheet {
    fn check(&self, on: Day) -> Result<(), CaseRefusal> {
        filled(&[("party", &self.party), ("town", &self.town), ("found", &self.found)])?;
        line(&[("party", &self.party), ("address", &self.address), ("town", &self.town)])?;
        Category::of_code(&self.category).ok_or(CaseRefusal::Category)?;
        past("found-on", self.found_on, on)
    }
}

impl Assignment {
    fn check(&self, on: Day) -> Result<(), CaseRefusal> {
        let texts = [
            ("unit", self.unit.as_str()),
            ("responsible", &self.responsible),
            ("measures", &self.measures),
            ("standard", &self.standard),
        ];
        filled(&texts)?;
        if self.deadline < on { Err(CaseRefusal::DeadlinePast) } else { Ok(()) }
    }
}

impl Transfer {
    fn check(&self, on: Day) -> Result<(), CaseRefusal> {
        filled(&[("document", &self.document)])?;
        Authority::of_code(&self.to).ok_or(CaseRefusal::NoTransfer)?;
        past("on", self.sent_on, on)?;
        if self.answer.is_some() {
            return Err(CaseRefusal::NoTransfer);
        }
        if self.answer_by < self.sent_on { Err(CaseRefusal::DeadlinePast) } else { Ok(()) }
    }
}

fn past(name: &'static str, day: Day, today: Day) -> Result<(), CaseRefusal> {
    if day > today { Err(CaseRefusal::Future(name)) } else { Ok(()) }
}

fn amount(amount: Fen) -> Result<(), CaseRefusal> {
    if amount < Fen(0) || amount > Fen::MOST { Err(CaseRefusal::Amount) } else { Ok(()) }
}

fn check_files(files: &[Evidence]) -> Result<(), CaseRefusal> {
    let fits = |file: &Evidence| {
        let named = !file.name.trim().is_empty() && file.name.chars().count() <= NAME;
        named && file.digest.len() == 64 && file.digest.bytes().all(|c| c.is_ascii_hexdigit())
    };
    if files.len() <= MOST_FILES && files.iter().all(fits) { Ok(()) } else { Err(CaseRefusal::Evidence) }
}
