//! The steps of handling, each kept as one sealed record.

use model::StepCode;
use serde::{Deserialize, Serialize};

use crate::cases::FactSheet;

/// What figures count a report under, as it was when it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classification {
    /// Category code.
    pub category: String,
    /// Township or subdistrict; empty where the report names none.
    pub town: String,
    /// The code of its [`Origin`](crate::reports::Origin).
    pub origin: String,
}

/// A step of handling. The note is for colleagues; the reporter never sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum HandlingStep {
    /// An officer entered it for somebody who called, wrote or came.
    Entered {
        /// The code of its [`Origin`](crate::reports::Origin).
        origin: String,
    },
    /// A second officer confirms, on the same day, that it came so.
    Vouched {},
    /// Who of the post handles it.
    Given {
        /// The account.
        to: String,
    },
    /// Not a matter of this authority.
    NotOurs {
        /// Why, and whose it is.
        note: String,
        /// For the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// Known before.
    Known {
        /// The case that it is known from. The reporter is told once that case is decided.
        case: u64,
        /// Anything else.
        note: String,
        /// For the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// Too little to be checked.
    NotEffective {
        /// What is missing.
        note: String,
        /// For the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// To be checked.
    Verify {
        /// By whom and how.
        note: String,
        /// For the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// It tells of what an earlier report told of.
    Joined {
        /// The earlier report's number.
        report: u64,
        /// Whether the two share the reward: of the same day, and received before anybody had opened
        /// a report on this fact.
        joint: bool,
        /// Anything else.
        note: String,
        /// For the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// The same, kept with the earlier report.
    Merged {
        /// The later report's number.
        report: u64,
        /// Whether the two share the reward.
        joint: bool,
    },
    /// That later report does not tell of this after all.
    Parted {
        /// The later report's number.
        report: u64,
    },
    /// Checked, and not found.
    NotConfirmed {
        /// What was looked at.
        note: String,
    },
    /// Checked and found: minor, put right, and by law without a penalty.
    Minor {
        /// What was found and how it was put right.
        note: String,
    },
    /// A fact sheet is written; another officer must look at it before it crosses.
    Drafted {
        /// The sheet.
        sheet: FactSheet,
        /// Whether it must become a case at once.
        urgent: bool,
    },
    /// The other officer asks for another sheet.
    Redraft {
        /// What shines through.
        note: String,
    },
    /// Checked and found: the fact sheet crossed and becomes a case on its day.
    Crossed {},
    /// Its case was opened.
    Confirmed {
        /// The case.
        case: u64,
    },
    /// A reward was proposed.
    Proposed {
        /// The claim.
        claim: u64,
    },
    /// An earlier decision was wrong: everything is open again.
    Reconsidered {
        /// Why.
        note: String,
    },
}

impl HandlingStep {
    /// The same, with what figures count the report under where the step has room for it.
    #[must_use]
    pub fn classified_as(mut self, under: Option<Classification>) -> Self {
        match &mut self {
            Self::NotOurs { filed, .. }
            | Self::Known { filed, .. }
            | Self::NotEffective { filed, .. }
            | Self::Verify { filed, .. }
            | Self::Joined { filed, .. } => *filed = under,
            _ => {}
        }
        self
    }

    /// Its kind, which is all that the log holds of it.
    #[must_use]
    pub fn kind(&self) -> StepCode {
        match self {
            Self::Entered { .. } => StepCode::Entered,
            Self::Vouched {} => StepCode::Vouched,
            Self::Given { .. } => StepCode::Given,
            Self::NotOurs { .. } => StepCode::NotOurs,
            Self::Known { .. } => StepCode::Known,
            Self::Joined { .. } => StepCode::Joined,
            Self::Merged { .. } => StepCode::Merged,
            Self::Parted { .. } => StepCode::Parted,
            Self::NotEffective { .. } => StepCode::NotEffective,
            Self::Verify { .. } => StepCode::Verify,
            Self::NotConfirmed { .. } => StepCode::NotConfirmed,
            Self::Minor { .. } => StepCode::Minor,
            Self::Drafted { .. } => StepCode::Drafted,
            Self::Redraft { .. } => StepCode::Redraft,
            Self::Crossed {} => StepCode::Crossed,
            Self::Confirmed { .. } => StepCode::Confirmed,
            Self::Proposed { .. } => StepCode::Proposed,
            Self::Reconsidered { .. } => StepCode::Reconsidered,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// The note, where there is one.
    #[must_use]
    pub fn note(&self) -> &str {
        match self {
            Self::NotOurs { note, .. }
            | Self::Known { note, .. }
            | Self::Joined { note, .. }
            | Self::NotEffective { note, .. }
            | Self::Verify { note, .. }
            | Self::NotConfirmed { note }
            | Self::Minor { note }
            | Self::Redraft { note }
            | Self::Reconsidered { note } => note,
            _ => "",
        }
    }

    /// Whether the step says what nobody can say who has not read the report.
    #[must_use]
    pub fn judges(&self) -> bool {
        !matches!(self, Self::Entered { .. } | Self::Vouched {} | Self::Given { .. })
    }

    pub(super) fn filed(&self) -> Option<&Classification> {
        match self {
            Self::NotOurs { filed, .. }
            | Self::Known { filed, .. }
            | Self::Joined { filed, .. }
            | Self::NotEffective { filed, .. }
            | Self::Verify { filed, .. } => filed.as_ref(),
            _ => None,
        }
    }
}
