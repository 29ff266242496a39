//! Reward rule sets: dated data, frozen for what was decided under them.

use model::{Day, Fen, codes};
use serde::Deserialize;

use crate::reports::Category;

codes!(
    /// Persons who earn no reward, whatever they report.
    Exclusion {
        /// Persons who have a duty in the matter.
        DutyStaff = "duty-staff",
        /// Near relatives of such persons.
        NearRelatives = "near-relatives",
        /// Persons who report for such persons.
        Agents = "agents",
        /// Persons who committed the violation.
        Violator = "violator",
    }
);

codes!(
    /// Events that may add to the share of the fine.
    AddOnEvent {
        /// Somebody was taken into administrative detention.
        Detention = "detention",
        /// Somebody was arrested.
        Arrest = "arrest",
        /// Somebody was convicted.
        Conviction = "conviction",
    }
);

/// A dated rule set in the format of `policy/rewards/*.toml`. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The document that the rules come from.
    pub document: String,
    /// The first day on which it applies.
    pub in_force_from: Day,
    /// The last day on which it applies, if the rules name one.
    pub in_force_until: Option<Day>,
    /// The document of the rules that these replace. Those rules have no last day and apply until the day before.
    pub replaces: Option<String>,
    /// The reward's share of the fine in basis points: 500 is 5 %. At most 10,000.
    pub rate_basis_points: u32,
    /// The highest ordinary reward.
    pub cap_fen: Fen,
    /// The highest reward for an exceptionally grave case, paid once.
    pub special_cap_fen: Fen,
    /// How fractions are rounded.
    pub rounding: Rounding,
    /// Codes of the categories that earn a reward.
    pub rewarded_categories: Vec<String>,
    /// Codes of the [`Exclusion`]s that apply.
    pub exclusions: Vec<String>,
    /// Which of several reports of one fact earns the reward.
    pub first_reporter: FirstReporter,
    /// How reports of one fact on the same day share the reward.
    pub same_day: SameDay,
    /// Which fine counts when there are several decisions.
    pub several_violations: SeveralFines,
    /// Add-ons to the share; usually none.
    #[serde(default)]
    pub add_ons: Vec<AddOn>,
    /// Whether an anonymous reporter may be paid against the code.
    pub anonymous_payment: bool,
    /// Townships and subdistricts that the form offers.
    pub towns: Vec<String>,
    /// Deadlines for the notice, the claim, the payment and reconsideration.
    pub clocks: ClaimPeriods,
    /// Which approvals are needed, and by when.
    pub approval: ApprovalRules,
}

/// How fractions are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Fractions of a fen are cut off.
    DownToFen,
    /// Fractions of a yuan are cut off.
    DownToYuan,
}

/// Which of several reports of one fact earns the reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirstReporter {
    /// The first in the recorder's order of receipt.
    Earliest,
}

/// How reports of one fact on the same day share the reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SameDay {
    /// They share equally; odd fen go to the first.
    EqualShares,
    /// The first earns the whole reward.
    FirstOnly,
}

/// Which fine counts when there are several decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeveralFines {
    /// The highest fine counts.
    Highest,
    /// The sum of the fines counts.
    Sum,
}

/// An addition to the share of the fine, within the cap.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddOn {
    /// Code of an [`AddOnEvent`].
    pub event: String,
    /// The amount that it adds.
    pub amount_fen: Fen,
}

/// Deadlines of a claim, in days or working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimPeriods {
    /// Working days from the final decision to the notice to the reporter.
    pub notify_within_working_days: u16,
    /// Days from the notice within which a reward must be claimed.
    pub claim_within_days: u16,
    /// Days from the claim within which the reward must be fetched. A claim note is valid for this long.
    pub pay_within_days: u16,
    /// Days from the notice, or from the lapse, within which reconsideration may be asked for.
    pub reconsider_within_days: u16,
    /// Working days within which the request is answered.
    pub reconsider_answer_within_working_days: u16,
}

/// The approvals that are needed before anything is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRules {
    /// Working days from the penalty decision to the proposal.
    pub propose_within_working_days: u16,
    /// Working days that each approver has.
    pub approve_within_working_days: u16,
    /// Number of approvals for an ordinary reward, 1 to 9.
    pub approvers: u8,
    /// Number of approvals for a special reward, up to 9 and no fewer than for an ordinary one.
    pub special_approvers: u8,
    /// Whether the last approver of a special reward attaches the government's consent.
    pub special_consent_document: bool,
}

/// Why a rule set is refused, with file and line.
#[derive(Debug, thiserror::Error)]
pub enum BadPolicy {
    /// Not the expected TOML.
    #[error("{file}: {error}")]
    Form {
        /// Name of the file.
        file: String,
        /// The parser's error, with line and column.
        error: Box<toml::de::Error>,
    },
    /// An unknown code, a value out of range, or a gap or overlap between rule sets.
    #[error("{file}, line {line}: {key} {why}")]
    Value {
        /// Name of the file.
        file: String,
        /// Number of the line, from 1.
        line: usize,
        /// The key with the wrong value.
        key: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// No rule set was given.
    #[error("there is no rule set")]
    None,
}

impl Policy {
    /// Whether a category earns a reward under these rules.
    #[must_use]
    pub fn rewards(&self, category: Category) -> bool {
        self.rewarded_categories.iter().any(|code| code == category.code())
    }

    /// Number of approvals that an award needs.
    #[must_use]
    pub fn approvers(&self, special: bool) -> u8 {
        if special { self.approval.special_approvers } else { self.approval.approvers }
    }
}
