use proptest::prelude::*;

use super::*;
use crate::rules::{BUILT_IN, RuleFile, RuleSets};

const TODAY: &str = BUILT_IN[0].text;

fn rules(text: &str) -> Policy {
    let sets = RuleSets::parse(&[RuleFile { name: "rules", text }]).expect("the rule set");
    sets.newest().expect("one").policy.clone()
}

/// The rules in force, or with the one changed setting that the worked cases name.
fn variant(name: &str) -> Policy {
    let changed = match name {
        "in force" => TODAY.to_owned(),
        "sum" => TODAY.replace("several_violations = \"highest\"", "several_violations = \"sum\""),
        "whole yuan" => TODAY.replace("\"down-to-fen\"", "\"down-to-yuan\""),
        "no exclusions" => TODAY.replace("[\"duty-staff\", \"near-relatives\", \"agents\", \"violator\"]", "[]"),
        "add-ons" => format!("{TODAY}\n[[add_ons]]\nevent = \"arrest\"\namount_fen = 1_000_000\n"),
        other => panic!("unknown rules: {other}"),
    };
    assert!(name == "in force" || changed != TODAY, "{name} changes something");
    rules(&changed)
}

/// Reads yuan exactly as the table writes them, including amounts that no form accepts.
fn yuan(text: &str) -> Fen {
    Fen(text.replace([',', '.'], "").parse().expect("an amount"))
}

fn outcome(result: Result<Award, NoAward>) -> String {
    let refused = match result {
        Ok(award) => return Fen(award.due_fen).to_string(),
        Err(NoAward::Negative) => "negative",
        Err(NoAward::Overflow(_)) => "too large",
        Err(NoAward::AboveSpecialCap(_)) => "above the special cap",
        Err(NoAward::NotMore(_)) => "not more",
        Err(NoAward::NotRewarded) => "not rewarded",
        Err(NoAward::Excluded) => "excluded",
        Err(NoAward::NoRule(_)) => "no such rule",
        Err(NoAward::NoShare) => "no such share",
    };
    format!("refused: {refused}")
}

#[test]
fn the_worked_cases_are_what_the_rules_give() {
    let table = include_str!("../../../../docs/topics/worked-cases.md");
    let mut count = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| no.")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, name, category, fines, excluded, added, special, share, due, _] = cells[..] else {
            panic!("ten cells: {line}")
        };
        let policy = variant(name);
        let (place, reporters) = share.split_once('/').expect("a share");
        let facts = Facts {
            category: Category::of_code(category).expect("a category"),
            fines: fines.split(" + ").filter(|fine| !fine.is_empty()).map(yuan).collect(),
            excluded: (!excluded.is_empty()).then(|| Exclusion::of_code(excluded).expect("an exclusion")),
            add_ons: AddOnEvent::of_code(added).into_iter().collect(),
            special: (!special.is_empty()).then(|| yuan(special)),
            share: Share { place: place.parse().expect("a place"), reporters: reporters.parse().expect("a number") },
        };
        let made = award(&policy, &facts);
        if let Ok(made) = &made {
            assert!(adds_up(made, &policy, facts.category), "case {number} is computed again from its lines");
        }
        assert_eq!(outcome(made), due, "case {number}: {line}");
        count += 1;
        assert_eq!(number, count.to_string(), "no case is missing");
    }
    assert!(count >= 40, "{count} cases");
}

proptest! {
    #[test]
    fn never_above_the_cap_and_monotone(a in 0..=Fen::MOST.0, b in 0..=Fen::MOST.0, name in 0_usize..4) {
        let policy = variant(["in force", "sum", "whole yuan", "add-ons"][name]);
        let (less, more) = (a.min(b), a.max(b));
        let due = |fine| {
            let add_ons = policy.add_ons.iter().filter_map(|one| AddOnEvent::of_code(&one.event)).collect();
            let facts = Facts { add_ons, ..Facts::of(Category::CovertDischarge, Fen(fine)) };
            Fen(award(&policy, &facts).expect("an award").due_fen)
        };
        prop_assert!(due(less) <= due(more) && due(more) <= policy.cap_fen);
    }

    #[test]
    fn shares_add_up_to_the_whole(fine in 0..=Fen::MOST.0, reporters in 1_u32..20) {
        let policy = rules(TODAY);
        let due = |share| {
            let facts = Facts { share, ..Facts::of(Category::CovertDischarge, Fen(fine)) };
            award(&policy, &facts).expect("an award").due_fen
        };
        let shares = (1..=reporters).map(|place| due(Share { reporters, place }));
        prop_assert_eq!(shares.sum::<i64>(), due(Share::WHOLE));
    }

    #[test]
    fn an_award_is_what_its_lines_say(
        fines in proptest::collection::vec(0..=Fen::MOST.0 / 4, 0..4),
        special in proptest::option::of(0..60_000_000_i64),
        reporters in 1_u32..5,
        name in 0_usize..3,
        added: bool,
        excluded: bool,
    ) {
        let policy = variant(["in force", "sum", "add-ons"][name]);
        let facts = Facts {
            fines: fines.into_iter().map(Fen).collect(),
            special: special.map(Fen),
            share: Share { reporters, place: 1 },
            excluded: excluded.then_some(Exclusion::Agents),
            add_ons: if added && name == 2 { vec![AddOnEvent::Arrest] } else { Vec::new() },
            ..Facts::of(Category::CovertDischarge, Fen(0))
        };
        let Ok(award) = award(&policy, &facts) else {
            prop_assert!(special.is_some(), "an ordinary one never fails");
            return Ok(());
        };
        prop_assert!(Fen(award.due_fen) <= policy.special_cap_fen);
        prop_assert!(award.is_special() || Fen(award.due_fen) <= policy.cap_fen);
        let follows = award.lines.iter().fold(0, |due, line| match line {
            Line::Share { share_fen, .. } | Line::Joint { share_fen, .. } => *share_fen,
            Line::AddOn { amount_fen, .. } => due + amount_fen,
            Line::Capped { cap_fen } => due.min(*cap_fen),
            Line::Special { amount_fen } => *amount_fen,
            Line::Several { .. } => due,
            Line::NoFine {} | Line::NotRewarded { .. } | Line::Excluded { .. } => 0,
        });
        prop_assert_eq!(follows, award.due_fen);
        prop_assert!(adds_up(&award, &policy, Category::CovertDischarge));
        let more = Award { due_fen: award.due_fen + 1, ..award };
        prop_assert!(!adds_up(&more, &policy, Category::CovertDischarge));
    }
}

#[test]
fn explained_line_by_line() {
    let policy = rules(TODAY);
    let lines = |facts: &Facts| award(&policy, facts).expect("an award").lines;
    let of = |fine| Facts::of(Category::CovertDischarge, Fen(fine));
    let share = |fine_fen, share_fen| Line::Share { fine_fen, basis_points: 500, share_fen };
    assert_eq!(lines(&of(123_456_789)), [share(123_456_789, 6_172_839)]);
    assert_eq!(lines(&of(200_000_020)), [share(200_000_020, 10_000_001), Line::Capped { cap_fen: 10_000_000 }]);
    assert_eq!(lines(&of(0)), [Line::NoFine {}]);
    let several = Facts { fines: vec![Fen(100), Fen(300)], ..of(0) };
    let counts = Line::Several { fines_fen: vec![300, 100], summed: false, fine_fen: 300 };
    assert_eq!(lines(&several), [counts, share(300, 15)]);
    let other = Facts { category: Category::Other, ..of(100) };
    assert_eq!(lines(&other), [Line::NotRewarded { category: "other".to_owned() }]);
    let excluded = Facts { excluded: Some(Exclusion::Agents), ..of(100) };
    assert_eq!(lines(&excluded), [Line::Excluded { exclusion: "agents".to_owned() }]);
    let special = award(&policy, &Facts { special: Some(Fen(50_000_000)), ..of(0) }).expect("an award");
    assert_eq!((special.is_special(), special.due_fen, special.policy), (true, 50_000_000, policy.document.clone()));
    let twice = Facts { add_ons: vec![AddOnEvent::Arrest; 2], ..of(100) };
    assert!(award(&variant("add-ons"), &twice).is_err(), "one arrest is one arrest");
}
