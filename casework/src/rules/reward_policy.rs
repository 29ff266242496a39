//! Rule sets: dated data, frozen onto what was decided under them.

use model::{Day, Fen, codes};
use serde::Deserialize;

use crate::reports::Category;

codes!(
    /// Who earns nothing, whatever they report.
    Exclusion {
        /// Whoever has a duty in the matter.
        DutyStaff = "duty-staff",
        /// Near relatives of such.
        NearRelatives = "near-relatives",
        /// Whoever reports for such.
        Agents = "agents",
        /// Whoever committed the violation.
        Violator = "violator",
    }
);

codes!(
    /// What may add to the share of the fine.
    AddOnEvent {
        /// Somebody was taken into administrative detention.
        Detention = "detention",
        /// Somebody was arrested.
        Arrest = "arrest",
        /// Somebody was convicted.
        Conviction = "conviction",
    }
);

/// One dated rule set, as `policy/rewards/*.toml` has it. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The document that it comes from.
    pub document: String,
    /// The first day on which it applies.
    pub in_force_from: Day,
    /// The last day, where the rules name one.
    pub in_force_until: Option<Day>,
    /// The document of rules without a last day that these end: they apply until the day before.
    pub replaces: Option<String>,
    /// The reward's share of the fine: 500 are 5 %.
    pub rate_basis_points: u32,
    /// The most that is paid ordinarily.
    pub cap_fen: Fen,
    /// The most that is paid once for an exceptionally grave case.
    pub special_cap_fen: Fen,
    /// How a fraction is treated.
    pub rounding: Rounding,
    /// Category codes that earn a reward.
    pub rewarded_categories: Vec<String>,
    /// Codes of [`Exclusion`].
    pub exclusions: Vec<String>,
    /// Which of several reports of one fact earns the reward.
    pub first_reporter: FirstReporter,
    /// What reports of one fact of the same day are to each other.
    pub same_day: SameDay,
    /// Which fine counts when there are several decisions.
    pub several_violations: SeveralFines,
    /// What is added to the share; usually nothing.
    #[serde(default)]
    pub add_ons: Vec<AddOn>,
    /// Whether an anonymous reporter may be paid against the code.
    pub anonymous_payment: bool,
    /// Townships and subdistricts that the form offers.
    pub towns: Vec<String>,
    /// How long everything may take.
    pub clocks: ClaimPeriods,
    /// Who must agree.
    pub approval: ApprovalRules,
}

/// How a fraction of the smallest amount is treated.
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

/// What reports of one fact of the same day are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SameDay {
    /// They share equally, the odd fen going to who came first.
    EqualShares,
    /// The first earns it all.
    FirstOnly,
}

/// Which fine counts when there are several decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeveralFines {
    /// The highest.
    Highest,
    /// Their sum.
    Sum,
}

/// Something that adds to the share of the fine, within the cap.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddOn {
    /// A code of [`AddOnEvent`].
    pub event: String,
    /// What it adds.
    pub amount_fen: Fen,
}

/// How long everything may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimPeriods {
    /// Working days from the final decision to the notice.
    pub notify_within_working_days: u16,
    /// Days from the notice within which a reward must be claimed.
    pub claim_within_days: u16,
    /// Days from the claim within which it must be fetched: so long a claim note is good.
    pub pay_within_days: u16,
    /// Days from the notice, or from the lapse, within which reconsideration may be asked for.
    pub reconsider_within_days: u16,
    /// Working days within which it is answered.
    pub reconsider_answer_within_working_days: u16,
}

/// Who must agree before anything is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRules {
    /// Working days from the penalty decision to the proposal.
    pub propose_within_working_days: u16,
    /// Working days that each approver has.
    pub approve_within_working_days: u16,
    /// How many approve an ordinary reward.
    pub approvers: u8,
    /// How many approve a special one.
    pub special_approvers: u8,
    /// Whether the last of these attaches the government's consent.
    pub special_consent_document: bool,
}

/// Why a rule set is refused. `file` and `line` say where.
#[derive(Debug, thiserror::Error)]
pub enum BadPolicy {
    /// Not the TOML that is asked for.
    #[error("{file}: {error}")]
    Form {
        /// The file's name.
        file: String,
        /// What is wrong, with line and column.
        error: Box<toml::de::Error>,
    },
    /// A value that no program knows, or that makes no sense.
    #[error("{file}, line {line}: {key} {why}")]
    Value {
        /// The file's name.
        file: String,
        /// Counted from 1.
        line: usize,
        /// The key.
        key: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// There are no rules at all.
    #[error("there is no rule set")]
    None,
}

impl Policy {
    /// Whether a category earns a reward under these rules.
    #[must_use]
    pub fn rewards(&self, category: Category) -> bool {
        self.rewarded_categories.iter().any(|code| code == category.code())
    }

    /// How many must approve an award.
    #[must_use]
    pub fn approvers(&self, special: bool) -> u8 {
        if special { self.approval.special_approvers } else { self.approval.approvers }
    }
}
