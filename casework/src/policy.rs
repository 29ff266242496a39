//! Rule sets: dated data, frozen onto what was decided under them.

use crypto::day::Day;
use serde::Deserialize;

use crate::money::Fen;
use crate::report::Category;

/// One dated rule set, as `policy/*.toml` has it. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The document that it comes from.
    pub document: String,
    /// The first day on which it applies.
    pub in_force_from: Day,
    /// The reward's share of the fine: 500 are 5 %.
    pub rate_basis_points: u32,
    /// The most that is paid ordinarily.
    pub cap_fen: Fen,
    /// The most that is paid once for an exceptionally grave case.
    pub special_cap_fen: Fen,
    /// How a fraction of a fen is treated.
    pub rounding: Rounding,
    /// Category codes that earn a reward.
    pub rewarded_categories: Vec<String>,
    /// Working days from the final decision to the notice.
    pub notify_within_working_days: u16,
    /// Days from the notice within which a reward must be claimed.
    pub claim_within_days: u16,
    /// Whether an anonymous reporter may be paid against the code.
    pub anonymous_payment: bool,
    /// Townships and subdistricts that the form offers.
    pub towns: Vec<String>,
}

/// How a fraction of a fen is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Cut off.
    DownToFen,
}

/// Why a rule set is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadPolicy {
    /// Not the TOML that is asked for; says the line.
    #[error("the rule set cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// A category code that no form offers.
    #[error("the rule set names an unknown category: {0}")]
    Category(String),
    /// A rate, cap or period that makes no sense.
    #[error("the rule set's {0} is out of range")]
    Range(&'static str),
}

impl Policy {
    /// Reads a rule set strictly.
    pub fn parse(text: &str) -> Result<Self, BadPolicy> {
        let policy: Self = toml::from_str(text)?;
        if let Some(unknown) = policy.rewarded_categories.iter().find(|code| Category::of_code(code).is_none()) {
            return Err(BadPolicy::Category(unknown.clone()));
        }
        let checks = [
            (policy.rate_basis_points <= 10_000, "rate_basis_points"),
            (policy.cap_fen >= Fen(0), "cap_fen"),
            (policy.special_cap_fen >= policy.cap_fen, "special_cap_fen"),
            (policy.claim_within_days > 0, "claim_within_days"),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, name)) => Err(BadPolicy::Range(name)),
            None => Ok(policy),
        }
    }

    /// Whether a category earns a reward under these rules.
    #[must_use]
    pub fn rewards(&self, category: Category) -> bool {
        self.rewarded_categories.iter().any(|code| code == category.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = include_str!("../../policy/2022-01-30.toml");

    #[test]
    fn the_rules_in_force_are_those_of_the_document() {
        let policy = Policy::parse(TODAY).expect("the rule set");
        assert_eq!(
            (policy.rate_basis_points, policy.cap_fen, policy.special_cap_fen),
            (500, Fen(10_000_000), Fen(50_000_000))
        );
        assert_eq!(policy.towns.len(), 15);
        assert_eq!(Category::ALL.iter().filter(|category| policy.rewards(**category)).count(), 4);
        assert!(!policy.rewards(Category::Other));
    }

    #[test]
    fn what_is_not_understood_is_refused_and_named() {
        let unknown = format!("{TODAY}\nbonus = 1\n");
        assert!(Policy::parse(&unknown).expect_err("unknown key").to_string().contains("bonus"));
        let category = TODAY.replace("\"covert-discharge\"", "\"noise\"");
        assert!(matches!(Policy::parse(&category), Err(BadPolicy::Category(code)) if code == "noise"));
        let rate = TODAY.replace("rate_basis_points = 500", "rate_basis_points = 50000");
        assert!(matches!(Policy::parse(&rate), Err(BadPolicy::Range("rate_basis_points"))));
    }
}
