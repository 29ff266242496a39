//! The wall between reports and cases: what a case unit, the case side's tables and the log cannot
//! tell, and what an officer is told before something crosses.

use crypto::letter::Body;
use crypto::slot::Outcome;
use database::{DatabaseUrl, Readers};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _};
use tests::casework::{ASSIGNMENT, DECISION, SHEET, Work, decided_case, done, open_case, proposal, with};
use tests::desk::{Desk, text};
use tests::reporters::{report, reporter, visit};
use tests::requests::{agent, send};

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The rows of one table of a database, as text.
fn rows(file: std::path::PathBuf, query: &str) -> Vec<String> {
    let readers = Readers::of(DatabaseUrl::Sqlite(file));
    let rows: Vec<Kept> = readers.read(|connection| diesel::sql_query(query).load(connection)).expect("rows");
    rows.into_iter().map(|row| row.text).collect()
}

#[test]
fn a_case_unit_sees_its_own_cases_at_its_own_door_and_nothing_else() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    // A right password at the wrong door is told no more than a wrong one.
    for (door, account) in [(&work.cases, "zhou"), (&work.console.address, "qian")] {
        let told = text(&Desk::at(door).sign_in(account, work.house.password(account)));
        let wrong = text(&Desk::at(door).sign_in(account, "a wrong password"));
        assert!(told.contains("signs in at another address"), "{told}");
        assert_eq!(told, wrong);
    }
    let mut qian = work.desk("qian");
    open_case(&mut zhou);
    for path in
        ["/en/cases/1", "/en/inbox", "/en/reports/1", "/en/approvals", "/en/log", "/en/accounts", "/en/exchange"]
    {
        assert_eq!(qian.get(path).status, 404, "{path}");
    }
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));
    let page = text(&qian.get("/en/cases/1"));
    assert!(page.contains("A pipe behind the west wall.") && page.contains("Nothing flows."), "{page}");
    let absent = text(&qian.get("/zh/cases/7"));
    assert!(!absent.contains("举报") && !absent.contains("奖励"), "{absent}");
    for hidden in ["暗管在西墙", "Report 1", "/reports", "Reward", "inbox", "zhou"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let mut shen = work.desk("shen");
    let log = text(&shen.get("/en/log?account=qian&action=refused"));
    assert!(log.matches("<td>qian").count() >= 2, "trying another's case is an entry: {log}");
}

#[test]
fn what_a_fact_sheet_repeats_of_the_report_is_pointed_at() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "verify"), ("note", "")]));
    let sheet = |found| [&[("seen", "1")], &with(SHEET, "found", found)[..]].concat();
    let copied = text(&zhou.post("/en/reports/1/fact-sheet/preview", &sheet("有人说暗管在西墙。")));
    assert!(!copied.contains("id=\"repeats\""), "five characters are a thing's name");
    let mut other = work.desk("wu");
    let unopened = text(&other.post("/en/reports/1/fact-sheet/preview", &sheet("x")));
    assert!(unopened.contains("could not be compared"), "{unopened}");
    let long = visit(&work.one, Body::FollowUp { text: "每天夜里从西墙外的暗管排放".to_owned() }, &work.house.keys());
    send(&agent(), "POST", &format!("{}/api/visits", work.portal.address), &long.request).expect("answered");
    work.house.exchange(Some("zhou")).expect("exchanged");
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    let copied = text(&zhou.post("/en/reports/1/fact-sheet/preview", &sheet("发现夜里从西墙外的暗管排污。")));
    assert!(copied.contains("<li>夜里从西墙外的暗管排</li>"), "{copied}");
}

#[test]
fn a_case_may_begin_without_a_report() {
    let work = Work::begin();
    let (mut zhou, mut qian) = (work.desk("zhou"), work.desk("qian"));
    assert!(text(&zhou.get("/en/cases/new")).contains("For what inspections"));
    assert!(text(&zhou.post("/en/cases/new/preview", SHEET)).contains("A pipe behind the west wall."));
    let opened = text(&zhou.post("/en/cases/new/cross", SHEET));
    assert!(opened.contains("cases/1") && !opened.contains("reports/"), "{opened}");
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));
    assert!(text(&qian.get("/en/cases/1")).contains("A pipe behind the west wall."));
    // A report may be known from it.
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    let known = [("seen", "0"), ("step", "known"), ("note", ""), ("case", "1")];
    done(&zhou.post("/en/reports/1/handling", &known));
    assert_eq!(work.slot().outcome, None, "not before that case is decided");
    done(&qian.post("/en/cases/1", &[&[("seen", "2")], DECISION].concat()));
    assert!(matches!(work.slot().outcome, Some(Outcome::Known {})));
}

#[test]
fn neither_the_case_side_nor_any_log_entry_relates_a_case_to_its_report() {
    let work = Work::begin();
    let (mut zhou, mut qian) = (work.desk("zhou"), work.desk("qian"));
    // Another report before it, so that the two have different numbers.
    let other = visit(&reporter(), report("another"), &work.house.keys());
    let url = format!("{}/api/visits", work.portal.address);
    send(&agent(), "POST", &url, &other.request).expect("answered");
    work.house.exchange(Some("zhou")).expect("exchanged");
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal("1,234,567.89", &[])).status, 200);

    let register = work.house.at("console/register.sqlite");
    let entries = rows(register.clone(), "SELECT entry || author || entered_on AS text FROM dossier_entries");
    assert_eq!(entries.len(), 4, "fact sheet, assignment, decision, proposal");
    let letters = rows(register, "SELECT digest AS text FROM letters UNION SELECT mailbox FROM mailboxes");
    assert_eq!(letters.len(), 4);
    for entry in &entries {
        assert!(!letters.iter().any(|known| entry.contains(known.as_str())), "{entry}");
        assert!(!entry.contains("暗管在西墙"), "{entry}");
    }
    let logbook = work.house.at("recorder/logbook.sqlite");
    let log = rows(
        logbook,
        "SELECT subject || ' ' || json_extract(text, '$.ask') AS text FROM entries WHERE json_extract(text, '$.ask') IS NOT NULL",
    );
    let about_cases: Vec<&String> =
        log.iter().filter(|entry| entry.contains("-case") || entry.contains("claim")).collect();
    assert!(about_cases.len() >= 4);
    for entry in about_cases {
        assert!(!letters.iter().any(|known| entry.contains(known.as_str())), "{entry}");
    }
}
