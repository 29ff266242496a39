//! Forgery by write access to the console's register: no forged record is shown to a reporter or a person of the
//! installation as the post's, because the recorder has not signed for it.

use crypto::sealing::sealed::seal;
use crypto::slots::slot::ReportOutcome;
use kit::console_client::text;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use kit::scenario::{DECIDED, SHEET, Scenario, decided_case, done, proposal, with};
use kit::sentences::{says, says_with};

fn tamper(scenario: &Scenario, sql: &str) {
    scenario.installation.tamper_with_register(&format!("DROP TRIGGER IF EXISTS ledger_entries_stay; {sql}"));
}

/// An approved reward that was shown to its reporter.
fn awarded() -> Scenario {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]));
    assert!(matches!(scenario.slot().outcome, Some(ReportOutcome::Confirmed { .. })));
    scenario
}

#[test]
fn an_answer_that_nobody_had_recorded_reaches_no_reporter() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    assert!(
        text(&zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "thank you")])).contains("is kept")
    );
    // The forgery is sealed to the post's public recipient, which is in every statement.
    let keys = scenario.installation.keys();
    let lie = crypto::sealing::padded::pad(&"call us at 555", 16 * 1024).expect("padded");
    let lie = seal(&keys.statement.post, &lie).expect("sealed");
    let lie = hex::encode(lie);
    scenario.installation.tamper_with_register(&format!(
        "INSERT INTO sealed_records (mailbox, series, number, written_on, author, sealed, attested) \
         SELECT mailbox, series, 2, written_on, author, X'{lie}', attested FROM sealed_records WHERE number = 1"
    ));
    let slot = scenario.slot();
    let said: Vec<&str> = slot.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!((said, slot.dropped), (vec!["thank you"], true));
    let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    assert!(says(&opened, "reply-unreadable") && !opened.contains("call us"), "{opened}");
}

#[test]
fn one_reporters_answer_is_not_anothers() {
    let scenario = Scenario::begin();
    let other = visit(&reporter(), report("another"), &scenario.installation.keys());
    send(&agent(), "POST", &format!("{}/api/visits", scenario.portal.address), &other.request).expect("answered");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    let mut zhou = scenario.client("zhou");
    assert!(
        text(&zhou.post("/en/reports/2/send", &[("expected-version", "0"), ("text", "for the other")]))
            .contains("is kept")
    );
    tamper(&scenario, "UPDATE sealed_records SET mailbox = (SELECT id FROM mailboxes WHERE number = 1)");
    assert!(scenario.slot().messages.is_empty());
}

#[test]
fn an_amount_an_approval_and_an_author_that_were_not_recorded_are_not_told() {
    for forgery in [
        "UPDATE ledger_entries SET entry = replace(entry, '6172839', '9999999')",
        "UPDATE ledger_entries SET author = 'wu' WHERE entry LIKE '%approved%'",
        "UPDATE ledger_entries SET entered_on = '2026-01-01' WHERE entry LIKE '%approved%'",
        "UPDATE ledger_entries SET attested = '{}' WHERE entry LIKE '%approved%'",
    ] {
        let scenario = awarded();
        tamper(&scenario, forgery);
        assert_eq!(scenario.slot().outcome, None, "{forgery}");
    }
}

#[test]
fn an_approval_moved_to_another_claim_is_none() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    // The receipt of the proposal is copied to an approval that nobody gave.
    tamper(
        &scenario,
        "INSERT INTO ledger_entries (ledger, number, entered_on, author, entry, attested) \
         SELECT ledger, 2, entered_on, 'he', '{\"kind\":\"approved\",\"proposal\":\"\"}', attested \
         FROM ledger_entries WHERE entry LIKE '%proposed%'",
    );
    assert_eq!(scenario.slot().outcome, None);
    let listed = text(&scenario.client("he").get("/en/approvals"));
    assert!(says_with(&listed, "ledgers-unreadable", &[("numbers", "1")]), "{listed}");
}

#[test]
fn a_fact_sheet_that_is_put_back_is_no_second_case() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    scenario.installation.tamper_with_register(
        "CREATE TRIGGER again AFTER DELETE ON waiting_sheets BEGIN \
         INSERT INTO waiting_sheets (id, sealed, attested) VALUES (old.id, old.sealed, old.attested); END",
    );
    assert!(text(&zhou.post("/en/cases/new/cross", SHEET)).contains("cases/1"));
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "")]));
    let of_report = [&[("expected-version", "1")], &with(SHEET, "party", "乙厂")[..]].concat();
    assert!(text(&zhou.post("/en/reports/1/fact-sheet/cross", &of_report)).contains("cases/2"));
    assert!(text(&zhou.post("/en/cases/new/cross", &with(SHEET, "party", "丙厂"))).contains("cases/3"));
    assert_eq!(zhou.get("/en/cases/3").status, 200);
    assert_eq!(zhou.get("/en/cases/4").status, 404, "each sheet is one case");
}

#[test]
fn what_is_kept_beside_an_entry_is_signed_by_person_and_recorder() {
    let scenario = awarded();
    let query = "SELECT attested AS text FROM ledger_entries UNION ALL SELECT attested FROM sealed_records";
    let kept = scenario.installation.read_register_at_rest(query);
    assert_eq!(kept.len(), 10, "three entries of the case, three of the claim, four steps");
    let recorder = scenario.installation.keys().keys.recorder.key();
    for one in kept {
        let attested: recorder_protocol::Attested = serde_json::from_str(&one).expect("of its form");
        assert!(attested.read(&recorder).is_ok());
        let other = crypto::keys::signature::VerificationKey::of(&ed25519_dalek::SigningKey::from_bytes(&[9; 32]));
        assert!(attested.read(&other).is_err(), "another recorder's word is none");
    }
}

/// H1 of the review: somebody able to write the register's file puts a recipient of their own in a mailbox's place.
#[test]
fn no_slot_is_sealed_to_a_recipient_that_the_mailbox_does_not_commit_to() {
    let scenario = Scenario::begin();
    let before = scenario.look().number;
    let planted = reporter().identity().recipient();
    scenario.installation.tamper_with_register(&format!("UPDATE mailboxes SET reply_to = '{planted}'"));
    let said = scenario.installation.exchange(Some("zhou")).expect("exchanged");
    assert!(said.contains("0 slots replaced"), "{said}");
    assert_eq!(scenario.look().number, before, "the slot of the exchange before, which opens for its reporter");
}
