//! Reads rule sets strictly: those of an installation must follow each other without a gap and without an overlap.

use model::{Day, Digest, Fen};

use super::{AddOnEvent, BadPolicy, Exclusion, Policy};
use crate::reports::Category;

/// A rule set's file, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct RuleFile<'a> {
    /// The file's name, for error messages.
    pub name: &'a str,
    /// The file's content, in TOML.
    pub text: &'a str,
}

/// The rule sets that are built into the programs. A later one is added as a further file; none is ever changed.
pub const BUILT_IN: &[RuleFile<'_>] =
    &[RuleFile { name: "2022-01-30.toml", text: include_str!("../../../policy/rewards/2022-01-30.toml") }];

/// A rule set with the digest by which claims refer to it.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// The rules as they were read.
    pub policy: Policy,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
}

/// All rule sets of an installation, ordered by their first day.
#[derive(Clone, Debug)]
pub struct RuleSets(Vec<RuleSet>);

impl RuleSets {
    /// Reads rule sets. Each applies until its own last day, or until the next one that names it as replaced. No day
    /// may lie between two of them, and none may have both.
    pub fn parse(files: &[RuleFile<'_>]) -> Result<Self, BadPolicy> {
        let mut sets = files.iter().map(|file| Ok((*file, file.parse()?))).collect::<Result<Vec<_>, BadPolicy>>()?;
        sets.sort_by_key(|(_, set)| set.policy.in_force_from);
        if sets.is_empty() {
            return Err(BadPolicy::None);
        }
        if let (file, Some(_)) = (sets[0].0, &sets[0].1.policy.replaces) {
            return Err(file.bad("replaces", "names rules that there are none of"));
        }
        for pair in sets.windows(2) {
            joins(&pair[0].1.policy, pair[1].0, &pair[1].1.policy)?;
        }
        Ok(Self(sets.into_iter().map(|(_, set)| set).collect()))
    }

    /// Reads the rule sets of an installation's own files, given as name and text; for `None` the built-in ones.
    pub fn of_house(own: Option<&[(String, String)]>) -> Result<Self, BadPolicy> {
        let Some(own) = own else { return Self::parse(BUILT_IN) };
        let files: Vec<RuleFile<'_>> = own.iter().map(|(name, text)| RuleFile { name, text }).collect();
        Self::parse(&files)
    }

    /// The rules in force on a day; `None` before the first rule set, or after the last day of the last.
    #[must_use]
    pub fn in_force(&self, on: Day) -> Option<&RuleSet> {
        let begun = self.0.iter().rev().find(|set| set.policy.in_force_from <= on)?;
        begun.policy.in_force_until.is_none_or(|last| on <= last).then_some(begun)
    }

    /// The rules with this digest, which a claim names; `None` if it is unknown.
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

/// Checks that one rule set follows another without a gap or an overlap.
fn joins(before: &Policy, file: RuleFile<'_>, after: &Policy) -> Result<(), BadPolicy> {
    let from = after.in_force_from;
    match (before.in_force_until, &after.replaces) {
        (None, Some(replaced)) if *replaced != before.document => {
            Err(file.bad("replaces", &format!("is not {}, the document of the rules before", before.document)))
        }
        (None, Some(_)) if before.in_force_from < from => Ok(()),
        (None, _) => Err(file.bad(
            "in_force_from",
            &format!("overlaps {}, which has no last day: say that these rules replace it", before.document),
        )),
        (Some(last), _) if from <= last => {
            Err(file.bad("in_force_from", &format!("overlaps {}, which applies until {last}", before.document)))
        }
        (Some(last), _) if from != last.plus_days(1) => {
            Err(file.bad("in_force_from", &format!("leaves a gap after {last}, when {} ends", before.document)))
        }
        (Some(_), Some(_)) => Err(file.bad("replaces", "names rules that have a last day of their own")),
        (Some(_), None) => Ok(()),
    }
}

impl RuleFile<'_> {
    fn parse(&self) -> Result<RuleSet, BadPolicy> {
        let policy: Policy = toml::from_str(self.text)
            .map_err(|error| BadPolicy::Form { file: self.name.to_owned(), error: Box::new(error) })?;
        self.check_codes(&policy)?;
        self.check_ranges(&policy)?;
        Ok(RuleSet { policy, digest: Digest::of(self.text.as_bytes()).to_hex() })
    }

    fn check_codes(&self, policy: &Policy) -> Result<(), BadPolicy> {
        let unknown = |code: &str| format!("has the unknown code {code}");
        let categories = policy.rewarded_categories.iter();
        if let Some(code) = categories.clone().find(|code| Category::of_code(code).is_none()) {
            return Err(self.bad("rewarded_categories", &unknown(code)));
        }
        if let Some(code) = policy.exclusions.iter().find(|code| Exclusion::of_code(code).is_none()) {
            return Err(self.bad("exclusions", &unknown(code)));
        }
        if let Some(add_on) = policy.add_ons.iter().find(|one| AddOnEvent::of_code(&one.event).is_none()) {
            return Err(self.bad("event", &unknown(&add_on.event)));
        }
        Ok(())
    }

    fn check_ranges(&self, policy: &Policy) -> Result<(), BadPolicy> {
        let (clocks, approval) = (&policy.clocks, &policy.approval);
        let checks = [
            (!policy.document.trim().is_empty(), "document"),
            (policy.in_force_until.is_none_or(|last| last >= policy.in_force_from), "in_force_until"),
            (policy.rate_basis_points <= 10_000, "rate_basis_points"),
            ((Fen(0)..=Fen::MOST).contains(&policy.cap_fen), "cap_fen"),
            ((policy.cap_fen..=Fen::MOST).contains(&policy.special_cap_fen), "special_cap_fen"),
            (policy.add_ons.iter().all(|one| (Fen(1)..=policy.cap_fen).contains(&one.amount_fen)), "amount_fen"),
            (clocks.claim_within_days > 0, "claim_within_days"),
            (clocks.pay_within_days > 0, "pay_within_days"),
            // The proposer is no approver: without a second person
            // nobody would approve. Nine are more than any office has.
            ((1..=9).contains(&approval.approvers), "approvers"),
            ((approval.approvers..=9).contains(&approval.special_approvers), "special_approvers"),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, key)) => Err(self.bad(key, "is out of range")),
            None => Ok(()),
        }
    }

    fn bad(&self, key: &'static str, why: &str) -> BadPolicy {
        let sets = |line: &str| line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
        let line = self.text.lines().position(sets).map_or(1, |index| index + 1);
        BadPolicy::Value { file: self.name.to_owned(), line, key, why: why.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = BUILT_IN[0].text;
    const DOCUMENT: &str = "天政办发〔2021〕46 号";

    fn file<'a>(name: &'a str, text: &'a str) -> RuleFile<'a> {
        RuleFile { name, text }
    }

    fn refused(texts: &[&str]) -> String {
        let files: Vec<RuleFile<'_>> = texts.iter().map(|text| file("rules.toml", text)).collect();
        RuleSets::parse(&files).expect_err("refused").to_string()
    }

    /// The rules with another document name, a later first day, and an additional line.
    fn later(from: &str, extra: &str) -> String {
        TODAY.replace(DOCUMENT, "later").replace("\"2022-01-30\"", &format!("\"{from}\"\n{extra}"))
    }

    #[test]
    fn the_rules_in_force_are_those_of_the_document() {
        let sets = RuleSets::parse(&[file("a", TODAY)]).expect("the rule set");
        let policy = &sets.newest().expect("one").policy;
        assert_eq!(
            (policy.rate_basis_points, policy.cap_fen, policy.special_cap_fen),
            (500, Fen(10_000_000), Fen(50_000_000))
        );
        assert_eq!((policy.towns.len(), policy.exclusions.len(), policy.add_ons.len()), (15, 4, 0));
        assert_eq!(Category::ALL.iter().filter(|category| policy.rewards(**category)).count(), 4);
        assert!(!policy.rewards(Category::Other));
        assert_eq!([policy.approvers(false), policy.approvers(true)], [1, 2]);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_line() {
        let at = |from: &str, to: &str| {
            assert!(TODAY.contains(from), "{from}");
            refused(&[&TODAY.replacen(from, to, 1)])
        };
        let line_of = |key: &str| TODAY.lines().position(|line| line.starts_with(key)).expect("a line") + 1;
        let unknown = at("rounding =", "bonus = 1\nrounding =");
        assert!(unknown.contains("bonus") && unknown.contains(&format!("line {}", line_of("rounding"))), "{unknown}");
        let category = at("\"covert-discharge\"", "\"noise\"");
        let line = line_of("rewarded_categories");
        assert_eq!(category, format!("rules.toml, line {line}: rewarded_categories has the unknown code noise"));
        for (from, to, key) in [
            ("rate_basis_points = 500", "rate_basis_points = 50000", "rate_basis_points"),
            ("cap_fen = 10_000_000", "cap_fen = -1", "cap_fen"),
            ("special_cap_fen = 50_000_000", "special_cap_fen = 1", "special_cap_fen"),
            ("approvers = 1", "approvers = 0", "approvers"),
            ("claim_within_days = 60", "claim_within_days = 0", "claim_within_days"),
            ("\"2022-01-30\"", "\"2022-01-30\"\nin_force_until = \"2022-01-29\"", "in_force_until"),
        ] {
            let said = at(from, to);
            assert!(said.contains(&format!(": {key} is out of range")) && said.contains("line "), "{said}");
        }
        assert!(at("\"highest\"", "\"lowest\"").contains("lowest"));
        assert!(refused(&[]).contains("no rule set"));
        let add_on = refused(&[&format!("{TODAY}\n[[add_ons]]\nevent = \"applause\"\namount_fen = 1\n")]);
        assert!(add_on.contains("event has the unknown code applause"), "{add_on}");
    }

    #[test]
    fn each_rule_set_applies_until_the_next_begins() {
        let next = later("2027-01-01", &format!("replaces = \"{DOCUMENT}\"")).replace("500\n", "600\n");
        let sets = RuleSets::parse(&[file("b", &next), file("a", TODAY)]).expect("rule sets");
        let rate = |day: &str| {
            let set = sets.in_force(day.parse().expect("a day"));
            set.map(|set| set.policy.rate_basis_points)
        };
        assert_eq!(rate("2022-01-29"), None);
        assert_eq!([rate("2022-01-30"), rate("2026-12-31"), rate("2027-01-01")], [Some(500), Some(500), Some(600)]);
        assert_eq!(sets.newest().expect("one").digest, Digest::of(next.as_bytes()).to_hex());
    }

    #[test]
    fn overlaps_and_gaps_are_refused() {
        assert!(refused(&[TODAY, TODAY]).contains("in_force_from overlaps"));
        assert!(refused(&[TODAY, &later("2027-01-01", "")]).contains("say that these rules replace it"));
        assert!(refused(&[TODAY, &later("2027-01-01", "replaces = \"another\"")]).contains("replaces is not"));
        let ended = TODAY.replace("\"2022-01-30\"", "\"2022-01-30\"\nin_force_until = \"2026-12-31\"");
        let said = refused(&[&ended, &later("2026-12-31", "")]);
        assert!(said.contains("line 3: in_force_from overlaps"), "{said}");
        assert!(refused(&[&ended, &later("2027-01-02", "")]).contains("in_force_from leaves a gap after 2026-12-31"));
        assert!(refused(&[&later("2022-01-30", "replaces = \"x\"")]).contains("that there are none of"));
        let next = later("2027-01-01", "");
        let sets = RuleSets::parse(&[file("a", &ended), file("b", &next)]).expect("they join");
        let one = RuleSets::parse(&[file("a", &ended)]).expect("one that ends");
        let day = "2027-01-01".parse().expect("a day");
        assert!(sets.in_force(day).is_some() && one.in_force(day).is_none());
    }
}
