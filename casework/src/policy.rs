//! Rule sets: dated data, frozen onto what was decided under them.

use crypto::day::Day;
use crypto::mailbox::LetterDigest;
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
    /// Two rule sets of one first day.
    #[error("two rule sets begin on {0}")]
    SameDay(Day),
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

/// All rule sets of a house, by their first day.
#[derive(Clone, Debug)]
pub struct RuleSets(Vec<RuleSet>);

/// A rule set with the digest by which a claim names it.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// The rules.
    pub policy: Policy,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
}

impl RuleSets {
    /// Reads rule sets. Each applies from its first day until the next one's.
    pub fn parse(texts: &[&str]) -> Result<Self, BadPolicy> {
        let read = |text: &&str| {
            let digest = LetterDigest::of(text.as_bytes()).to_hex();
            Policy::parse(text).map(|policy| RuleSet { policy, digest })
        };
        let mut sets = texts.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        sets.sort_by_key(|set| set.policy.in_force_from);
        match sets.windows(2).find(|pair| pair[0].policy.in_force_from == pair[1].policy.in_force_from) {
            Some(pair) => Err(BadPolicy::SameDay(pair[0].policy.in_force_from)),
            None => Ok(Self(sets)),
        }
    }

    /// The rules in force on a day; none before the first.
    #[must_use]
    pub fn in_force(&self, on: Day) -> Option<&RuleSet> {
        self.0.iter().rev().find(|set| set.policy.in_force_from <= on)
    }

    /// The rules that a claim names by their digest.
    #[must_use]
    pub fn of_digest(&self, digest: &str) -> Option<&RuleSet> {
        self.0.iter().find(|set| set.digest == digest)
    }

    /// The newest rules, which the forms follow.
    #[must_use]
    pub fn newest(&self) -> Option<&RuleSet> {
        self.0.last()
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

    #[test]
    fn each_rule_set_applies_until_the_next_begins() {
        let later =
            TODAY.replace("2022-01-30", "2027-01-01").replace("rate_basis_points = 500", "rate_basis_points = 600");
        let sets = RuleSets::parse(&[&later, TODAY]).expect("rule sets");
        let rate = |day: &str| {
            let set = sets.in_force(day.parse().expect("a day"));
            set.map(|set| set.policy.rate_basis_points)
        };
        assert_eq!(rate("2022-01-29"), None);
        assert_eq!([rate("2022-01-30"), rate("2026-12-31"), rate("2027-01-01")], [Some(500), Some(500), Some(600)]);
        assert_eq!(sets.newest().expect("one").digest, LetterDigest::of(later.as_bytes()).to_hex());
        assert!(matches!(RuleSets::parse(&[TODAY, TODAY]), Err(BadPolicy::SameDay(_))));
    }
}
