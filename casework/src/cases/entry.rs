//! Entries of a case, and the checks on the content of each.

use model::{Day, Fen};
use serde::{Deserialize, Serialize};

use super::{Authority, CaseEntryKind, CaseRefusal, Decision, ReviewResult, Transfer, TransferAnswer};
use crate::reports::Category;
use crate::signed_entry::{filled, line, short};

/// Most files of one entry.
pub(crate) const MOST_FILES: usize = 10;
/// Most characters of a file's name.
const NAME: usize = 120;

/// An entry of a case. Every `note` is required and has at most 2,000 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CaseEntry {
    /// The case is listed with its fact sheet.
    Listed(FactSheet),
    /// A unit is assigned, with measures and a deadline.
    Assigned(Assignment),
    /// The unit has started the measures.
    Started {},
    /// The unit reports progress.
    Progress {
        /// What has been done so far.
        note: String,
        /// Pictures and documents, at most 10 files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    /// The unit applies for closure.
    Applied {
        /// What was done to put it right.
        note: String,
        /// Pictures and documents, at most 10 files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    /// An officer has checked on the spot that it is done.
    Verified {
        /// What was found on the spot.
        note: String,
        /// Pictures and documents, at most 10 files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    /// The case is returned to the unit as not done.
    Returned {
        /// What is still missing.
        note: String,
    },
    /// An approver signs the case off.
    Closed {
        /// A note for the case file.
        note: String,
        /// Text for the published results; empty to publish nothing.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        publication: String,
    },
    /// A closed case is reopened, because the problem has come back.
    Reopened {
        /// What has happened since the closure.
        note: String,
    },
    /// A penalty decision was made.
    Decided(Decision),
    /// A decision is withdrawn, because it was entered by mistake.
    Withdrawn {
        /// The decision's document number. Empty in entries of earlier versions, when a case had at most one decision.
        #[serde(default)]
        document: String,
        /// Why the entry was wrong.
        note: String,
    },
    /// The party asks for a review, or sues.
    Contested {
        /// The decision's document number.
        document: String,
        /// The day from which the decision is contested.
        on: Day,
        /// The reviewing authority or court.
        note: String,
    },
    /// A review has ended.
    Reviewed {
        /// The decision's document number.
        document: String,
        /// The code of a [`ReviewResult`].
        result: String,
        /// The new fine; only with the result `changed`.
        fine: Option<Fen>,
        /// The day of the review decision.
        on: Day,
        /// Document number and reasons of the review.
        note: String,
    },
    /// The decision has become final and cannot be changed any more.
    #[serde(rename = "final")]
    Finalised {
        /// The decision's document number.
        document: String,
        /// The day from which the decision is final.
        on: Day,
    },
    /// A payment towards the fine.
    Collected {
        /// The decision's document number.
        document: String,
        /// The amount paid, more than zero.
        amount: Fen,
        /// The day of the payment.
        on: Day,
    },
    /// The case goes to the county, because it concerns more than one township or department.
    Escalated {
        /// Why the case needs the county.
        note: String,
    },
    /// A higher authority supervises the case.
    Supervised {
        /// The authority, and what it expects.
        note: String,
    },
    /// The case is transferred to the police or the procuratorate.
    Transferred(Transfer),
    /// The other authority has answered a transfer.
    Answered {
        /// The number of the letter of transfer.
        document: String,
        /// The answer and its day.
        answer: TransferAnswer,
    },
    /// An expert was asked; only the fact sheet was passed on.
    AskedExpert {
        /// Name of the expert.
        expert: String,
        /// The question to the expert.
        note: String,
    },
    /// The expert has given an opinion.
    Opinion {
        /// The text of the opinion.
        note: String,
    },
}

/// A fact sheet: what an officer writes for the case side. It contains nothing that points to a reporter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSheet {
    /// Code of a [`Category`].
    pub category: String,
    /// The party concerned, at most 200 characters.
    pub party: String,
    /// The address, at most 200 characters; may be empty.
    pub address: String,
    /// Township or subdistrict, at most 200 characters.
    pub town: String,
    /// What was found when it was checked.
    pub found: String,
    /// The day of the finding.
    pub found_on: Day,
}

/// An assignment: measures, one lead unit, one responsible person and one deadline. All texts are required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Name of the lead unit.
    pub unit: String,
    /// Name of the main responsible person.
    pub responsible: String,
    /// The measures to be taken.
    pub measures: String,
    /// The last day for the measures, not before the day of the entry.
    pub deadline: Day,
    /// The standard by which the measures count as done.
    pub standard: String,
}

/// A file attached to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Its original name, 1 to 120 characters.
    pub name: String,
    /// The file's size in bytes.
    pub size: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
}

impl CaseEntry {
    /// The kind of this entry.
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

    /// The attached files; empty for kinds that have none.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        match self {
            Self::Progress { evidence, .. } | Self::Applied { evidence, .. } | Self::Verified { evidence, .. } => {
                evidence
            }
            _ => &[],
        }
    }

    /// Checks the entry's own content, without regard to the state of the case.
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
        let named = !human_text::is_blank(&file.name) && file.name.chars().count() <= NAME;
        named && file.digest.len() == 64 && file.digest.bytes().all(|c| c.is_ascii_hexdigit())
    };
    if files.len() <= MOST_FILES && files.iter().all(fits) { Ok(()) } else { Err(CaseRefusal::Evidence) }
}
