//! What happens to awards by the clock and when a decision changes: lapse, refusal, waiver, reconsideration,
//! correction; and rules that are refused at the start.

use std::fs;

use crypto::letter::Choice;
use crypto::slot::ClaimState;
use tests::casework::{DECIDED, Work, done, proposal, refused, with};
use tests::claims::{said, standing};
use tests::desk::{Desk, text};
use tests::house::today;

fn look(desk: &mut Desk, note: &str) -> tests::requests::Answer {
    desk.post("/en/desk", &[("shown", note)])
}

#[test]
fn what_is_not_taken_lapses_and_may_be_reconsidered_once() {
    let mut work = Work::begin();
    let told = work.awarded();
    assert_eq!(told.reconsider_until, Some(today().plus_days(30)));
    work.days_later(61);
    let mut zhou = work.desk("zhou");
    assert_eq!(work.told_by(&mut zhou).state, ClaimState::Lapsed);
    let enter = |work: &Work, zhou: &mut Desk, choice: Choice| {
        let (request, digest) = work.choice(choice, None);
        work.send(&request);
        zhou.exchange();
        zhou.post("/en/reports/1/claim", &[("letter", &digest.to_hex())])
    };
    refused(&enter(&work, &mut zhou, work.by_note(1)), 409, "The letter came after the last day");
    done(&enter(&work, &mut zhou, Choice::Reconsider { number: 1 }));
    assert_eq!(work.told_by(&mut zhou).state, ClaimState::Reconsidering);
    let answer = |desk: &mut Desk, answer: &str| {
        let fields = [("seen", "5"), ("entry", "answered"), ("answer", answer), ("note", "ill in hospital")];
        desk.post("/en/approvals/claims/1", &fields)
    };
    refused(&answer(&mut work.desk("he"), "reopened"), 409, "another person must");
    done(&answer(&mut work.desk("mei"), "reopened"));
    let told = work.told_by(&mut zhou);
    assert_eq!((told.state, told.reconsider_until), (ClaimState::Open, None), "once");
    assert!(told.answered_on.is_some());
    refused(&enter(&work, &mut zhou, Choice::Reconsider { number: 2 }), 409, "looked at again before");
    refused(&enter(&work, &mut zhou, Choice::Refuse { number: 1 }), 409, "answers an earlier offer");
    done(&enter(&work, &mut zhou, work.by_note(2)));
    // Nobody fetches it: the note expires, and finance explains.
    let note = work.note(2);
    said(&look(&mut work.desk("fang"), &note), "61,728.39 yuan");
    work.days_later(91);
    let mut fang = work.desk("fang");
    refused(&look(&mut fang, &note), 409, "Nothing is lost for good");
    refused(&fang.post("/en/desk/pay", &[("shown", &note)]), 409, "It was good until");
    assert_eq!(work.told_by(&mut work.desk("zhou")).state, ClaimState::Lapsed);
    refused(&look(&mut fang, &note), 409, "This order was withdrawn");
}

#[test]
fn refusal_and_waiver_may_be_taken_back_until_the_last_day() {
    let work = Work::begin();
    work.awarded();
    let mut zhou = work.desk("zhou");
    done(&work.chosen(&mut zhou, Choice::Refuse { number: 1 }, None));
    assert_eq!(standing(&work.slot()).state, ClaimState::Refused);
    refused(&zhou.post("/en/reports/1/claim", &[("entry", "waived")]), 409, "At this stage");
    done(&work.chosen(&mut zhou, work.by_note(1), None));
    assert_eq!(standing(&work.slot()).state, ClaimState::Note);
    done(&zhou.post("/en/reports/1/claim", &[("entry", "undrawn"), ("note", "asked for it")]));
    refused(&look(&mut work.desk("fang"), &work.note(1)), 409, "This order was withdrawn");
    done(&zhou.post("/en/reports/1/claim", &[("entry", "waived")]));
    assert_eq!(standing(&work.slot()).state, ClaimState::Waived);
    refused(&work.chosen(&mut zhou, work.by_note(1), None), 409, "answers an earlier offer");
    done(&work.chosen(&mut zhou, work.by_note(2), None));
}

/// Enters a review that changes the fine.
fn reviewed(qian: &mut Desk, seen: u64, result: &str, fine: &str) {
    let (day, document) = (today().to_string(), "台环罚〔2026〕17 号");
    let at = [seen.to_string(), (seen + 1).to_string()];
    let common = [("document", document), ("on", day.as_str()), ("note", "复议")];
    done(&qian.post("/en/cases/1", &[&[("seen", at[0].as_str()), ("kind", "contested")], &common[..]].concat()));
    let came = [("result", result), ("reviewed-fine", fine)];
    let fields = [&[("seen", at[1].as_str()), ("kind", "reviewed")], &common[..], &came].concat();
    done(&qian.post("/en/cases/1", &fields));
}

#[test]
fn a_changed_decision_is_computed_again_and_what_was_paid_stays() {
    let work = Work::begin();
    work.awarded();
    let (mut zhou, mut he, mut qian, mut fang) =
        (work.desk("zhou"), work.desk("he"), work.desk("qian"), work.desk("fang"));
    said(&zhou.get("/en/reports/1/reward"), "there is nothing to correct");
    done(&work.chosen(&mut zhou, work.by_note(1), None));
    assert_eq!(fang.post("/en/desk/pay", &[("shown", &work.note(1))]).status, 200);
    reviewed(&mut qian, 3, "changed", "1,500,000");
    said(&zhou.get("/en/reports/1/claim"), "is not the one that this reward was computed from");
    let told = standing(&work.slot());
    assert_eq!(
        (told.state, told.paid_fen, told.open_fen),
        (ClaimState::Paid, 6_172_839, 0),
        "nothing changes silently"
    );
    said(
        &zhou.get("/en/reports/1/reward"),
        "Before: 61,728.39 yuan. After: 75,000.00 yuan. Difference: 13,271.61 yuan.",
    );
    // What was paid stays, and the difference is a second order.
    let page = zhou.get("/en/reports/1/reward");
    said(&page, "13,271.61 yuan remain to be claimed");
    let correction = |zhou: &mut Desk, decisions: &str, claim_seen: &str| {
        let fields = with(&with(&proposal(decisions, &[]), "claim-seen", claim_seen), "seen", "4");
        zhou.post("/en/reports/1/reward", &fields)
    };
    refused(&correction(&mut zhou, DECIDED, "5"), 409, "has changed");
    assert_eq!(correction(&mut zhou, "台环罚〔2026〕17 号 1,500,000.00", "5").status, 200);
    assert_eq!(standing(&work.slot()).state, ClaimState::Correcting);
    said(&he.get("/en/approvals/claims/1"), "Difference: 13,271.61 yuan");
    done(&he.post("/en/approvals/claims/1", &[("seen", "6"), ("entry", "approved")]));
    let told = standing(&work.slot());
    assert_eq!((told.state, told.open_fen, told.paid_fen), (ClaimState::Open, 1_327_161, 6_172_839));
    assert_eq!((told.before_fen, told.note), (Some(6_172_839), 2));
    done(&work.chosen(&mut zhou, work.by_note(2), None));
    refused(&look(&mut fang, &work.note(1)), 409, "It was paid on");
    assert_eq!(fang.post("/en/desk/pay", &[("shown", &work.note(2))]).status, 200);
    assert_eq!(standing(&work.slot()).paid_fen, 7_500_000);
    // A court revokes it: corrected to nothing, and what was paid is shown, not taken back.
    reviewed(&mut qian, 5, "revoked", "");
    said(&zhou.get("/en/reports/1/reward"), "75,000.00 yuan more were paid than are due now");
    assert_eq!(correction(&mut zhou, "", "10").status, 200);
    done(&he.post("/en/approvals/claims/1", &[("seen", "11"), ("entry", "approved")]));
    let told = standing(&work.slot());
    assert_eq!((told.state, told.open_fen, told.paid_fen), (ClaimState::Paid, 0, 7_500_000));
}

#[test]
fn a_correction_withdraws_the_order_that_is_out() {
    let work = Work::begin();
    work.awarded();
    let (mut zhou, mut qian, mut fang) = (work.desk("zhou"), work.desk("qian"), work.desk("fang"));
    done(&work.chosen(&mut zhou, work.by_note(1), None));
    said(&look(&mut fang, &work.note(1)), "61,728.39 yuan");
    // Until it is put right nothing is paid.
    reviewed(&mut qian, 3, "changed", "200,000");
    refused(&fang.post("/en/desk/pay", &[("shown", &work.note(1))]), 409, "changed or is under review");
    assert_eq!(standing(&work.slot()).state, ClaimState::Correcting);
    let decisions = "台环罚〔2026〕17 号 200,000.00";
    let fields = with(&with(&proposal(decisions, &[]), "claim-seen", "4"), "seen", "4");
    assert_eq!(zhou.post("/en/reports/1/reward", &fields).status, 200);
    refused(&fang.post("/en/desk/pay", &[("shown", &work.note(1))]), 409, "This order was withdrawn");
    done(&work.desk("mei").post("/en/approvals/claims/1", &[("seen", "5"), ("entry", "approved")]));
    let told = standing(&work.slot());
    assert_eq!((told.state, told.open_fen, told.note), (ClaimState::Open, 1_000_000, 2));
}

#[test]
fn somebody_who_writes_the_register_makes_no_order_good() {
    let work = Work::begin();
    work.awarded();
    let (mut zhou, mut fang) = (work.desk("zhou"), work.desk("fang"));
    done(&work.chosen(&mut zhou, work.by_note(1), None));
    let note = work.note(1);
    for forgery in [
        "UPDATE orders SET content = replace(content, '6172839', '9172839')",
        "UPDATE orders SET state = 'open', content = replace(content, '9172839', '6172839'), noted = '{}'",
    ] {
        work.house.in_register(forgery);
        let answer = fang.post("/en/desk/pay", &[("shown", &note)]);
        assert_eq!(answer.status, 500, "{forgery}: {}", text(&answer));
    }
    work.house.in_register("UPDATE orders SET noted = NULL");
    assert_eq!(fang.post("/en/desk/pay", &[("shown", &note)]).status, 200);
    // The payment cannot be undone to be paid again.
    work.house.in_register("UPDATE orders SET state = 'open'");
    refused(&fang.post("/en/desk/pay", &[("shown", &note)]), 409, "It was paid on");
    // Nor does a backup from before it forget it: the log does not.
    work.house.in_register("DROP TRIGGER payments_remain; DELETE FROM payments");
    let restored = fang.post("/en/desk/pay", &[("shown", &note)]);
    refused(&restored, 409, "The access log says that this note was paid before");
    let again = fang.post("/en/desk/pay", &[("shown", &note), ("again-anyway", "yes")]);
    assert_eq!(again.status, 200, "{}", text(&again));
    let log = text(&work.desk("shen").get("/en/log?action=pay-order"));
    assert!(log.contains("although the log had a payment"), "{log}");
}

#[test]
fn rules_that_do_not_join_are_refused_at_the_start_with_their_line() {
    let mut work = Work::begin();
    let policy = work.house.at("console/policy");
    fs::create_dir(&policy).expect("a folder");
    let today = include_str!("../../policy/2022-01-30.toml");
    let later = today.replace("2022-01-30", "2027-01-01").replace("天政办发〔2021〕46 号", "later");
    fs::write(policy.join("a.toml"), today).expect("written");
    fs::write(policy.join("b.toml"), &later).expect("written");
    work.console.terminate();
    let root_key = work.house.root_key().to_string();
    let root_key = format!("root_key = {root_key:?}");
    work.house.reconfigure_console(&root_key, &format!("policy = \"policy\"\n{root_key}"));
    let refused = work.house.console_refuses();
    assert!(refused.contains("b.toml, line 3: in_force_from overlaps"), "{refused}");
    fs::write(policy.join("b.toml"), later.replace("\nrounding", "\nbonus = 1\nrounding")).expect("written");
    let refused = work.house.console_refuses();
    assert!(refused.contains("bonus") && refused.contains("line "), "{refused}");
    let joined = later.replace("\"2027-01-01\"", "\"2027-01-01\"\nreplaces = \"天政办发〔2021〕46 号\"");
    fs::write(policy.join("b.toml"), joined).expect("written");
    work.console = work.house.console();
}
