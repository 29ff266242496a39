//! What may be entered in a case, and what each entry must say by itself.

use crypto::day::Day;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::{Kind, Refused};
use crate::entered::{filled, short};
use crate::money::Fen;
use crate::report::Category;

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
    pub(super) fn check(&self, on: Day) -> Result<(), Refused> {
        match self {
            Self::Listed(sheet) => {
                filled(&[("party", &sheet.party), ("town", &sheet.town), ("found", &sheet.found)])?;
                short(&[("address", &sheet.address)])?;
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
    /// A document's number as one compares it: without spaces, brackets and forms that differ from
    /// typist to typist.
    #[must_use]
    pub fn document_key(document: &str) -> String {
        let plain = document.nfkc().filter(|c| !c.is_whitespace());
        let one_kind = plain.map(|c| match c {
            '〔' | '【' | '［' | '[' | '（' | '{' => '(',
            '〕' | '】' | '］' | ']' | '）' | '}' => ')',
            other => other,
        });
        one_kind.collect::<String>().to_lowercase()
    }
}
