use super::*;
use crate::signed_entry::BadText;
use proptest::prelude::*;

const RULES: &str = include_str!("../../../../policy/procedure/2022-01-30.toml");

fn sheet() -> FactSheet {
    let text = || "text".to_owned();
    let found_on = "2026-11-23".parse().expect("a day");
    FactSheet { category: text(), party: text(), address: text(), town: text(), found: text(), found_on }
}

fn step(kind: u8, other: u64) -> HandlingStep {
    let (note, filed) = ("why".to_owned(), None);
    match kind {
        0 => HandlingStep::NotOurs { note, filed },
        1 => HandlingStep::Known { case: 1, note, filed },
        2 => HandlingStep::NotEffective { note, filed },
        3 => HandlingStep::Verify { note, filed },
        4 => HandlingStep::NotConfirmed { note },
        5 => HandlingStep::Confirmed { case: 1 },
        6 => HandlingStep::Proposed { claim: 1 },
        7 => HandlingStep::Entered { origin: "phone".to_owned() },
        8 => HandlingStep::Vouched {},
        9 => HandlingStep::Given { to: "wu".to_owned() },
        10 => HandlingStep::Joined { report: other, joint: other.is_multiple_of(2), note, filed },
        11 => HandlingStep::Merged { report: other, joint: other.is_multiple_of(2) },
        12 => HandlingStep::Parted { report: other },
        13 => HandlingStep::Minor { note },
        14 => HandlingStep::Drafted { sheet: sheet(), urgent: false },
        15 => HandlingStep::Redraft { note },
        16 => HandlingStep::Crossed {},
        _ => HandlingStep::Reconsidered { note },
    }
}

fn by(who: &str, what: HandlingStep) -> SignedEntry<HandlingStep> {
    SignedEntry { by: who.to_owned(), on: "2026-11-24".parse().expect("a day"), what }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_order_of_steps_breaks_a_rule(
        kinds in proptest::collection::vec((0_u8..18, 0_usize..3, 1_u64..4), 0..30),
    ) {
        let (mut handling, mut taken): (Handling, Vec<SignedEntry<HandlingStep>>) = (Handling::default(), Vec::new());
        for (kind, who, other) in kinds {
            let step = by(["zhou", "wu", "li"][who], step(kind, other));
            if let Ok(after) = handling.clone().apply(&step) {
                taken.push(step);
                handling = after;
            }
        }
        prop_assert_eq!(Handling::replay(&taken), Ok(handling.clone()));
        let last = |code: &str| taken.iter().rposition(|step| step.what.code() == code);
        // A reward needs a confirmed report or a share in one; nothing crosses unchecked.
        let shares = handling.joined.is_some_and(|(_, joint)| joint);
        prop_assert!(handling.claim.is_none() || shares || handling.case.is_some());
        for (place, _) in taken.iter().enumerate().filter(|(_, step)| step.what.code() == "crossed") {
            prop_assert!(taken[..place].iter().any(|step| step.what.code() == "verify"));
        }
        prop_assert_eq!(handling.claim.is_some(), handling.stage == ReportStage::Proposed);
        // A drafted sheet never crosses by its author's hand alone.
        if let (Some(drafted), Some(crossed)) = (last("drafted"), last("crossed"))
            && drafted < crossed && last("redraft").is_none_or(|again| again < drafted)
        {
            let between = taken[drafted..crossed].iter().any(|step| step.what.code() == "verify");
            prop_assert!(between || taken[drafted].by != taken[crossed].by);
        }
        // An officer's entry can only be the first step, and its author never vouches for it.
        for (place, step) in taken.iter().enumerate() {
            match &step.what {
                HandlingStep::Entered { .. } => prop_assert_eq!(place, 0),
                HandlingStep::Vouched {} => prop_assert!(taken[0].by != step.by),
                _ => {}
            }
        }
        let rules = Procedure::parse(RULES).expect("rules");
        let entered = taken.first().is_some_and(|step| step.what.code() == "entered");
        prop_assert_eq!(handling.is_rewardable(Origin::Web, &rules), !entered || last("vouched").is_some());
        prop_assert!(entered || !handling.is_rewardable(Origin::Phone, &rules), "nobody entered it");
        // Who shares the reward is settled with the first proposal.
        let settled = last("proposed").is_some_and(|proposed| handling.claim.is_some() && last("merged") > Some(proposed));
        prop_assert!(!settled && (handling.claim.is_none() || last("parted") < last("proposed")));
    }
}

#[test]
fn a_step_out_of_order_is_refused_and_named() {
    let refused =
        Handling::default().apply(&by("zhou", HandlingStep::Confirmed { case: 1 })).expect_err("not verified");
    assert_eq!(refused.to_string(), "confirmed does not follow new");
    let long = HandlingStep::Verify { note: "水".repeat(crate::signed_entry::TEXT + 1), filed: None };
    assert_eq!(
        Handling::default().apply(&by("zhou", long)),
        Err(HandlingRefusal::Text(BadText::TooLong("note", crate::signed_entry::TEXT)))
    );
    let fax = HandlingStep::Entered { origin: "alarm".to_owned() };
    assert_eq!(Handling::default().apply(&by("zhou", fax)), Err(HandlingRefusal::Origin));
}

#[test]
fn what_an_officer_entered_earns_only_when_another_vouches_on_the_same_day() {
    let rules = Procedure::parse(RULES).expect("rules");
    let entered = Handling::default().apply(&by("zhou", step(7, 0))).expect("entered");
    assert!(!entered.is_rewardable(Origin::Phone, &rules));
    assert_eq!(entered.clone().apply(&by("zhou", step(8, 0))), Err(HandlingRefusal::SamePerson));
    let late = SignedEntry { on: "2026-11-25".parse().expect("a day"), ..by("wu", step(8, 0)) };
    assert_eq!(entered.clone().apply(&late), Err(HandlingRefusal::TooLate));
    let vouched = entered.apply(&by("wu", step(8, 0))).expect("vouched");
    assert!(vouched.is_rewardable(Origin::Phone, &rules));
    assert!(!Handling::default().is_rewardable(Origin::Alarm, &rules));
}

#[test]
fn a_draft_crosses_by_another_hand_or_goes_back() {
    let drafted = [step(3, 0), step(14, 0)].into_iter();
    let drafted = drafted.fold(Handling::default(), |now, what| now.apply(&by("zhou", what)).expect("taken"));
    assert_eq!(drafted.clone().apply(&by("zhou", step(16, 0))), Err(HandlingRefusal::SamePerson));
    let crossed = drafted.clone().apply(&by("wu", step(16, 0))).expect("crossed");
    assert_eq!((crossed.stage, crossed.case, crossed.draft), (ReportStage::Confirmed, None, None));
    let back = drafted.apply(&by("wu", step(15, 0))).expect("sent back");
    assert_eq!(back.stage, ReportStage::Verifying);
}

#[test]
fn steps_of_an_earlier_version_stay_readable() {
    let texts =
        [r#"{"step":"verify","note":"x"}"#, r#"{"step":"confirmed","case":3}"#, r#"{"step":"proposed","claim":2}"#];
    let steps = texts.map(|text| by("zhou", serde_json::from_str(text).expect("a step")));
    let now = Handling::replay(&steps).expect("replayed");
    assert_eq!((now.stage, now.case, now.claim), (ReportStage::Proposed, Some(3), Some(2)));
}
