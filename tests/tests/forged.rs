//! What somebody does who can write the console's register: nothing of it reaches a reporter or a
//! person of the house as if it were the post's, since the recorder has not signed for it.

use crypto::sealed::seal;
use crypto::slot::Outcome;
use database::{DatabaseUrl, Readers};
use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Binary, Text};
use tests::casework::{DECIDED, SHEET, Work, decided_case, done, proposal, with};
use tests::desk::text;
use tests::reporters::{report, reporter, visit};
use tests::requests::{agent, send};

fn readers(work: &Work) -> Readers {
    Readers::of(DatabaseUrl::Sqlite(work.house.at("console/register.sqlite")))
}

fn tamper(work: &Work, sql: &str) {
    let sql = format!("DROP TRIGGER IF EXISTS dossier_entries_stay; {sql}");
    readers(work).read(|connection| connection.batch_execute(&sql)).expect(&sql);
}

/// An approved reward, told to its reporter.
fn awarded() -> Work {
    let work = Work::begin();
    let (mut zhou, mut qian, mut he) = (work.desk("zhou"), work.desk("qian"), work.desk("he"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    done(&he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "approved")]));
    assert!(matches!(work.slot().outcome, Some(Outcome::Confirmed { .. })));
    work
}

#[test]
fn an_answer_that_nobody_had_recorded_reaches_no_reporter() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    assert!(text(&zhou.post("/en/reports/1/send", &[("seen", "0"), ("text", "thank you")])).contains("is kept"));
    // Sealed to the post's public recipient, which is in every statement.
    let keys = work.house.keys();
    let lie = crypto::padded::pad(&"call us at 555", 16 * 1024).expect("padded");
    let lie = seal(&keys.statement.post, &lie).expect("sealed");
    let insert = "INSERT INTO papers (mailbox, series, number, written_on, author, sealed, attested) \
        SELECT mailbox, series, 2, written_on, author, ?, attested FROM papers WHERE number = 1";
    readers(&work).read(|c| diesel::sql_query(insert).bind::<Binary, _>(lie).execute(c)).expect("inserted");
    let slot = work.slot();
    let said: Vec<&str> = slot.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!((said, slot.dropped), (vec!["thank you"], true));
    let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    assert!(
        opened.contains("This answer is damaged, or nobody had it recorded") && !opened.contains("555"),
        "{opened}"
    );
}

#[test]
fn one_reporters_answer_is_not_anothers() {
    let work = Work::begin();
    let other = visit(&reporter(), report("another"), &work.house.keys());
    send(&agent(), "POST", &format!("{}/api/visits", work.portal.address), &other.request).expect("answered");
    work.house.exchange(Some("zhou")).expect("exchanged");
    let mut zhou = work.desk("zhou");
    assert!(text(&zhou.post("/en/reports/2/send", &[("seen", "0"), ("text", "for the other")])).contains("is kept"));
    tamper(&work, "UPDATE papers SET mailbox = (SELECT id FROM mailboxes WHERE number = 1)");
    assert!(work.slot().messages.is_empty());
}

#[test]
fn an_amount_an_approval_and_an_author_that_were_not_recorded_are_not_told() {
    for forgery in [
        "UPDATE dossier_entries SET entry = replace(entry, '6172839', '9999999')",
        "UPDATE dossier_entries SET author = 'wu' WHERE entry LIKE '%approved%'",
        "UPDATE dossier_entries SET entered_on = '2026-01-01' WHERE entry LIKE '%approved%'",
        "UPDATE dossier_entries SET attested = '{}' WHERE entry LIKE '%approved%'",
    ] {
        let work = awarded();
        tamper(&work, forgery);
        assert_eq!(work.slot().outcome, None, "{forgery}");
    }
}

#[test]
fn an_approval_moved_to_another_claim_is_none() {
    let work = Work::begin();
    let (mut zhou, mut qian) = (work.desk("zhou"), work.desk("qian"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    // The receipt of the proposal beside an approval that nobody gave.
    tamper(
        &work,
        "INSERT INTO dossier_entries (dossier, number, entered_on, author, entry, attested) \
         SELECT dossier, 2, entered_on, 'he', '{\"kind\":\"approved\",\"proposal\":\"\"}', attested \
         FROM dossier_entries WHERE entry LIKE '%proposed%'",
    );
    assert_eq!(work.slot().outcome, None);
    let listed = text(&work.desk("he").get("/en/approvals"));
    assert!(listed.contains("Damaged and not shown: no. 1"), "{listed}");
}

#[derive(diesel::QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    attested: String,
}

#[test]
fn a_fact_sheet_that_is_put_back_is_no_second_case() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    work.house.in_register(
        "CREATE TRIGGER again AFTER DELETE ON waiting_sheets BEGIN \
         INSERT INTO waiting_sheets (id, sealed, attested) VALUES (old.id, old.sealed, old.attested); END",
    );
    assert!(text(&zhou.post("/en/cases/new/cross", SHEET)).contains("cases/1"));
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "verify"), ("note", "")]));
    let of_report = [&[("seen", "1")], &with(SHEET, "party", "乙厂")[..]].concat();
    assert!(text(&zhou.post("/en/reports/1/fact-sheet/cross", &of_report)).contains("cases/2"));
    assert!(text(&zhou.post("/en/cases/new/cross", &with(SHEET, "party", "丙厂"))).contains("cases/3"));
    assert_eq!(zhou.get("/en/cases/3").status, 200);
    assert_eq!(zhou.get("/en/cases/4").status, 404, "each sheet is one case");
}

#[test]
fn what_is_kept_beside_an_entry_is_signed_by_person_and_recorder() {
    let work = awarded();
    let query = "SELECT attested FROM dossier_entries UNION ALL SELECT attested FROM papers";
    let kept: Vec<Kept> = readers(&work).read(|c| diesel::sql_query(query).load(c)).expect("rows");
    assert_eq!(kept.len(), 10, "three entries of the case, three of the claim, four steps");
    let recorder = work.house.keys().keys.recorder.key();
    for one in kept {
        let attested: recorder_protocol::Attested = serde_json::from_str(&one.attested).expect("of its form");
        assert!(attested.read(&recorder).is_ok());
        let other = crypto::signature::VerificationKey::of(&ed25519_dalek::SigningKey::from_bytes(&[9; 32]));
        assert!(attested.read(&other).is_err(), "another recorder's word is none");
    }
}
