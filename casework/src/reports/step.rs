//! Steps of handling, each stored as one sealed record.

use model::StepCode;
use serde::{Deserialize, Serialize};

use crate::cases::FactSheet;

/// What the figures count a report under, as of the day on which it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classification {
    /// Code of a [`Category`](crate::reports::Category).
    pub category: String,
    /// Township or subdistrict; empty where the report names none.
    pub town: String,
    /// The code of its [`Origin`](crate::reports::Origin).
    pub origin: String,
}

/// A step of handling. Notes are for colleagues; the reporter never sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum HandlingStep {
    /// An officer entered the report for somebody who called, wrote or came.
    Entered {
        /// The code of its [`Origin`](crate::reports::Origin).
        origin: String,
    },
    /// A second officer confirms, on the same day, that the report came in this way.
    Vouched {},
    /// The report is given to an officer of the post.
    Given {
        /// The account of that officer.
        to: String,
    },
    /// Not a matter of this authority.
    NotOurs {
        /// Why, and which authority is responsible.
        note: String,
        /// Classification for the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// The matter was known before.
    Known {
        /// Number of the case from which it is known. The reporter is informed once that case is decided.
        case: u64,
        /// Further remarks; may be empty.
        note: String,
        /// Classification for the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// Contains too little to be checked.
    NotEffective {
        /// Which information is missing.
        note: String,
        /// Classification for the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// The report is to be checked.
    Verify {
        /// Who checks it and how; may be empty.
        note: String,
        /// Classification for the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// Reports the same matter as an earlier report.
    Joined {
        /// Number of the earlier report.
        report: u64,
        /// Whether the two share the reward: received on the same
        /// day, and before anybody had opened a report on this fact.
        joint: bool,
        /// Further remarks; may be empty.
        note: String,
        /// Classification for the figures.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filed: Option<Classification>,
    },
    /// A later report on the same matter, recorded with the earlier report.
    Merged {
        /// Number of the later report.
        report: u64,
        /// Whether the two share the reward.
        joint: bool,
    },
    /// The later report turned out to concern another matter.
    Parted {
        /// Number of the later report.
        report: u64,
    },
    /// Checked, and nothing was found.
    NotConfirmed {
        /// What was checked, and how.
        note: String,
    },
    /// Checked and found: minor, put right, and by law without a penalty.
    Minor {
        /// What was found and how it was put right.
        note: String,
    },
    /// A fact sheet was written; another officer must review it before it crosses.
    Drafted {
        /// The fact sheet as drafted.
        sheet: FactSheet,
        /// Whether it must become a case at once.
        urgent: bool,
    },
    /// The reviewing officer asks for another sheet.
    Redraft {
        /// What could reveal the reporter.
        note: String,
    },
    /// Checked and found: the fact sheet crosses, and becomes a case on a case day or, if urgent, at once.
    Crossed {},
    /// The case of the fact sheet was opened.
    Confirmed {
        /// Number of the case.
        case: u64,
    },
    /// A reward was proposed.
    Proposed {
        /// Number of the claim.
        claim: u64,
    },
    /// An earlier decision was wrong; the handling starts anew.
    Reconsidered {
        /// Why the decision was wrong.
        note: String,
    },
}

impl HandlingStep {
    /// Sets the classification for the figures, on the steps that have one.
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

    /// Its kind; the log holds nothing else of the step.
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

    /// The stable code of its kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().code()
    }

    /// The note; empty for steps without one.
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

    /// Whether the step judges the report, which requires having read it.
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
