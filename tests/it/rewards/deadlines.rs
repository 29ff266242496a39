//! Awards at deadlines and after changed decisions: lapse, refusal, waiver, reconsideration, correction; and rules that
//! are refused at start-up.

use kit::claims::shows;
use kit::sentences::{says, says_with};
use std::fs;

use crypto::letters::letter::Choice;
use crypto::slots::slot::ClaimState;
use kit::claims::{claim_status, said};
use kit::console_client::{ConsoleClient, text};
use kit::installation::today;
use kit::scenario::{DECIDED, Scenario, done, proposal, refused, with};

fn look(desk: &mut ConsoleClient, note: &str) -> kit::requests::Answer {
    desk.post("/en/desk", &[("shown", note)])
}

#[test]
fn what_is_not_taken_lapses_and_may_be_reconsidered_once() {
    let mut scenario = Scenario::begin();
    let told = scenario.awarded();
    assert_eq!(told.reconsider_until, Some(today().plus_days(30)));
    scenario.days_later(61);
    let mut zhou = scenario.client("zhou");
    assert_eq!(scenario.status_after_exchange(&mut zhou).state, ClaimState::Lapsed);
    let enter = |scenario: &Scenario, zhou: &mut ConsoleClient, choice: Choice| {
        let (request, digest) = scenario.choice(choice, None);
        scenario.send(&request);
        zhou.exchange();
        zhou.post("/en/reports/1/claim", &[("letter", &digest.to_hex())])
    };
    refused(&enter(&scenario, &mut zhou, scenario.by_note(1)), 409, "claim-late");
    done(&enter(&scenario, &mut zhou, Choice::Reconsider { offer_number: 1 }));
    assert_eq!(scenario.status_after_exchange(&mut zhou).state, ClaimState::Reconsidering);
    let answer = |desk: &mut ConsoleClient, answer: &str| {
        let fields =
            [("expected-version", "5"), ("entry", "answered"), ("answer", answer), ("note", "ill in hospital")];
        desk.post("/en/approvals/claims/1", &fields)
    };
    refused(&answer(&mut scenario.client("he"), "reopened"), 409, "claim-own-approved");
    done(&answer(&mut scenario.client("mei"), "reopened"));
    let told = scenario.status_after_exchange(&mut zhou);
    assert_eq!((told.state, told.reconsider_until), (ClaimState::Open, None), "once");
    assert!(told.answered_on.is_some());
    refused(&enter(&scenario, &mut zhou, Choice::Reconsider { offer_number: 2 }), 409, "claim-asked-before");
    refused(&enter(&scenario, &mut zhou, Choice::Refuse { offer_number: 1 }), 409, "claim-old-note");
    done(&enter(&scenario, &mut zhou, scenario.by_note(2)));
    // The note is not redeemed and expires, and finance's page explains that.
    let note = scenario.note(2);
    shows(&look(&mut scenario.client("fang"), &note), "61,728.39 yuan");
    scenario.days_later(91);
    let mut fang = scenario.client("fang");
    refused(&look(&mut fang, &note), 409, "desk-expired");
    refused(&fang.post("/en/desk/pay", &[("shown", &note)]), 409, "desk-expired");
    assert_eq!(scenario.status_after_exchange(&mut scenario.client("zhou")).state, ClaimState::Lapsed);
    refused(&look(&mut fang, &note), 409, "desk-withdrawn");
}

#[test]
fn refusal_and_waiver_may_be_taken_back_until_the_last_day() {
    let scenario = Scenario::begin();
    scenario.awarded();
    let mut zhou = scenario.client("zhou");
    done(&scenario.chosen(&mut zhou, Choice::Refuse { offer_number: 1 }, None));
    assert_eq!(claim_status(&scenario.slot()).state, ClaimState::Refused);
    refused(&zhou.post("/en/reports/1/claim", &[("entry", "waived")]), 409, "claim-not-now");
    done(&scenario.chosen(&mut zhou, scenario.by_note(1), None));
    assert_eq!(claim_status(&scenario.slot()).state, ClaimState::Note);
    done(&zhou.post("/en/reports/1/claim", &[("entry", "order-withdrawn"), ("note", "asked for it")]));
    refused(&look(&mut scenario.client("fang"), &scenario.note(1)), 409, "desk-withdrawn");
    done(&zhou.post("/en/reports/1/claim", &[("entry", "waived")]));
    assert_eq!(claim_status(&scenario.slot()).state, ClaimState::Waived);
    refused(&scenario.chosen(&mut zhou, scenario.by_note(1), None), 409, "claim-old-note");
    done(&scenario.chosen(&mut zhou, scenario.by_note(2), None));
}

/// Enters a review that changes the fine.
fn reviewed(qian: &mut ConsoleClient, seen: u64, result: &str, fine: &str) {
    let (day, document) = (today().to_string(), "台环罚〔2026〕17 号");
    let at = [seen.to_string(), (seen + 1).to_string()];
    let common = [("document", document), ("on", day.as_str()), ("note", "复议")];
    done(
        &qian.post(
            "/en/cases/1",
            &[&[("expected-version", at[0].as_str()), ("kind", "contested")], &common[..]].concat(),
        ),
    );
    let came = [("result", result), ("reviewed-fine", fine)];
    let fields = [&[("expected-version", at[1].as_str()), ("kind", "reviewed")], &common[..], &came].concat();
    done(&qian.post("/en/cases/1", &fields));
}

#[test]
fn a_changed_decision_is_computed_again_and_what_was_paid_stays() {
    let scenario = Scenario::begin();
    scenario.awarded();
    let (mut zhou, mut he, mut qian, mut fang) =
        (scenario.client("zhou"), scenario.client("he"), scenario.client("qian"), scenario.client("fang"));
    said(&zhou.get("/en/reports/1/reward"), "correction-none");
    done(&scenario.chosen(&mut zhou, scenario.by_note(1), None));
    assert_eq!(fang.post("/en/desk/pay", &[("shown", &scenario.note(1))]).status, 200);
    reviewed(&mut qian, 3, "changed", "1,500,000");
    said(&zhou.get("/en/reports/1/claim"), "claim-decision-changed-since");
    let told = claim_status(&scenario.slot());
    assert_eq!(
        (told.state, told.paid_fen, told.open_fen),
        (ClaimState::Paid, 6_172_839, 0),
        "nothing changes silently"
    );
    let amounts = [("before", "61,728.39"), ("after", "75,000.00"), ("difference", "13,271.61")];
    assert!(says_with(&text(&zhou.get("/en/reports/1/reward")), "correction-amounts", &amounts));
    // The paid amount stays, and the difference gets a second order.
    let page = zhou.get("/en/reports/1/reward");
    assert!(says_with(&text(&page), "correction-more", &[("more", "13,271.61")]));
    let correction = |zhou: &mut ConsoleClient, decisions: &str, claim_seen: &str| {
        let fields =
            with(&with(&proposal(decisions, &[]), "expected-claim-version", claim_seen), "expected-version", "4");
        zhou.post("/en/reports/1/reward", &fields)
    };
    refused(&correction(&mut zhou, DECIDED, "5"), 409, "reward-conflict");
    assert_eq!(correction(&mut zhou, "台环罚〔2026〕17 号 1,500,000.00", "5").status, 200);
    assert_eq!(claim_status(&scenario.slot()).state, ClaimState::Correcting);
    assert!(says_with(&text(&he.get("/en/approvals/claims/1")), "correction-amounts", &[("difference", "13,271.61")]));
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "6"), ("entry", "approved")]));
    let told = claim_status(&scenario.slot());
    assert_eq!((told.state, told.open_fen, told.paid_fen), (ClaimState::Open, 1_327_161, 6_172_839));
    assert_eq!((told.before_fen, told.offer_number), (Some(6_172_839), 2));
    done(&scenario.chosen(&mut zhou, scenario.by_note(2), None));
    refused(&look(&mut fang, &scenario.note(1)), 409, "desk-paid");
    assert_eq!(fang.post("/en/desk/pay", &[("shown", &scenario.note(2))]).status, 200);
    assert_eq!(claim_status(&scenario.slot()).paid_fen, 7_500_000);
    // A court revokes the fine: the award is corrected to nothing, and the paid amount is shown, not taken back.
    reviewed(&mut qian, 5, "revoked", "");
    assert!(says_with(&text(&zhou.get("/en/reports/1/reward")), "correction-overpaid", &[("over", "75,000.00")]));
    assert_eq!(correction(&mut zhou, "", "10").status, 200);
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "11"), ("entry", "approved")]));
    let told = claim_status(&scenario.slot());
    assert_eq!((told.state, told.open_fen, told.paid_fen), (ClaimState::Paid, 0, 7_500_000));
}

#[test]
fn a_correction_withdraws_the_order_that_is_out() {
    let scenario = Scenario::begin();
    scenario.awarded();
    let (mut zhou, mut qian, mut fang) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("fang"));
    done(&scenario.chosen(&mut zhou, scenario.by_note(1), None));
    shows(&look(&mut fang, &scenario.note(1)), "61,728.39 yuan");
    // Until the correction no payment is made.
    reviewed(&mut qian, 3, "changed", "200,000");
    refused(&fang.post("/en/desk/pay", &[("shown", &scenario.note(1))]), 409, "desk-held");
    assert_eq!(claim_status(&scenario.slot()).state, ClaimState::Correcting);
    let decisions = "台环罚〔2026〕17 号 200,000.00";
    let fields = with(&with(&proposal(decisions, &[]), "expected-claim-version", "4"), "expected-version", "4");
    assert_eq!(zhou.post("/en/reports/1/reward", &fields).status, 200);
    refused(&fang.post("/en/desk/pay", &[("shown", &scenario.note(1))]), 409, "desk-withdrawn");
    done(&scenario.client("mei").post("/en/approvals/claims/1", &[("expected-version", "5"), ("entry", "approved")]));
    let told = claim_status(&scenario.slot());
    assert_eq!((told.state, told.open_fen, told.offer_number), (ClaimState::Open, 1_000_000, 2));
}

#[test]
fn somebody_who_writes_the_register_makes_no_order_good() {
    let scenario = Scenario::begin();
    scenario.awarded();
    let (mut zhou, mut fang) = (scenario.client("zhou"), scenario.client("fang"));
    done(&scenario.chosen(&mut zhou, scenario.by_note(1), None));
    let note = scenario.note(1);
    for forgery in [
        "UPDATE orders SET content = replace(content, '6172839', '9172839')",
        "UPDATE orders SET state = 'open', content = replace(content, '9172839', '6172839'), slip_request = '{}'",
    ] {
        scenario.installation.tamper_with_register(forgery);
        let answer = fang.post("/en/desk/pay", &[("shown", &note)]);
        assert_eq!(answer.status, 500, "{forgery}: {}", text(&answer));
    }
    scenario.installation.tamper_with_register("UPDATE orders SET slip_request = NULL");
    assert_eq!(fang.post("/en/desk/pay", &[("shown", &note)]).status, 200);
    // An order set back to open in the register is not paid again.
    scenario.installation.tamper_with_register("UPDATE orders SET state = 'open'");
    refused(&fang.post("/en/desk/pay", &[("shown", &note)]), 409, "desk-paid");
    // After a restore from an older backup the payment is still known from the log.
    scenario.installation.tamper_with_register("DROP TRIGGER payments_remain; DELETE FROM payments");
    let restored = fang.post("/en/desk/pay", &[("shown", &note)]);
    refused(&restored, 409, "desk-paid-before");
    let again = fang.post("/en/desk/pay", &[("shown", &note), ("again-anyway", "yes")]);
    assert_eq!(again.status, 200, "{}", text(&again));
    let log = scenario.client("shen").log("action=pay-order");
    assert!(says(&log, "subject-again"), "{log}");
}

#[test]
fn rules_that_do_not_join_are_refused_at_the_start_with_their_line() {
    let mut scenario = Scenario::begin();
    let policy = scenario.installation.at("console/policy");
    fs::create_dir(&policy).expect("a folder");
    let today = include_str!("../../../policy/rewards/2022-01-30.toml");
    let later = today.replace("2022-01-30", "2027-01-01").replace("天政办发〔2021〕46 号", "later");
    fs::write(policy.join("a.toml"), today).expect("written");
    fs::write(policy.join("b.toml"), &later).expect("written");
    scenario.console.terminate();
    let root_key = scenario.installation.root_key().to_string();
    let root_key = format!("root_key = {root_key:?}");
    scenario.installation.reconfigure_console(&root_key, &format!("policy = \"policy\"\n{root_key}"));
    let refused = scenario.installation.console_refuses();
    assert!(refused.contains("b.toml, line 3: in_force_from overlaps"), "{refused}");
    fs::write(policy.join("b.toml"), later.replace("\nrounding", "\nbonus = 1\nrounding")).expect("written");
    let refused = scenario.installation.console_refuses();
    assert!(refused.contains("bonus") && refused.contains("line "), "{refused}");
    let joined = later.replace("\"2027-01-01\"", "\"2027-01-01\"\nreplaces = \"天政办发〔2021〕46 号\"");
    fs::write(policy.join("b.toml"), joined).expect("written");
    scenario.console = scenario.installation.console();
}
