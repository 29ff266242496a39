//! The access log from the command line: verified whole, exported, an export checked with public
//! keys alone, checkpoints that contradict each other.

use std::fs;

use database::{DatabaseUrl, Readers};
use diesel::connection::SimpleConnection as _;
use tests::casework::{Work, done};
use tests::desk::{Desk, text};
use tests::house::{Database, House};
use tests::program::run;
use tests::reporters::{report, reporter, visit};
use tests::requests::{agent, send};

/// A house whose log has sign-ins, receipts, openings, an answer, confirmed keys.
fn at_work() -> House {
    let house = House::new(Database::Sqlite);
    let (portal, _recorder, console) = (house.portal(), house.recorder(), house.console());
    let sealed = visit(&reporter(), report("a hidden pipe"), &house.keys());
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    house.exchange(Some("zhou")).expect("exchanged");
    let mut zhou = Desk::signed_in(&house, &console.address, "zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("a hidden pipe"));
    zhou.post("/en/reports/1/send", &[("seen", "0"), ("text", "thank you")]);
    house
}

fn log(house: &House, arguments: &[&str]) -> Result<String, String> {
    let folder = house.at("recorder");
    run("recorder", &[&["--folder", folder.to_str().expect("UTF-8"), "log"], arguments].concat())
}

fn at(house: &House, name: &str) -> String {
    house.at(name).to_str().expect("UTF-8").to_owned()
}

fn tamper(house: &House, sql: &str) {
    let readers = Readers::of(DatabaseUrl::Sqlite(house.at("recorder/logbook.sqlite")));
    let drop =
        "DROP TRIGGER entries_stay; DROP TRIGGER entries_remain; DROP TRIGGER tree_stays; DROP TRIGGER tree_remains;";
    readers.read(|connection| connection.batch_execute(&format!("{drop}{sql}"))).expect(sql);
}

#[test]
fn a_log_at_work_verifies_and_an_altered_one_is_named() {
    let house = at_work();
    let said = log(&house, &["verify"]).expect("sound");
    assert!(said.contains("and 1 letters are as they were recorded"), "{said}");
    let checkpoint = log(&house, &["checkpoint"]).expect("signed");
    fs::write(house.at("held"), &checkpoint).expect("written");
    assert!(checkpoint.starts_with("demo.test/log\n"), "{checkpoint}");
    assert_eq!(log(&house, &["checkpoint"]).expect("signed"), checkpoint, "signed once for each size");
    let held = at(&house, "held");
    assert!(log(&house, &["verify", "--checkpoint", &held]).is_ok());
    let forged = checkpoint.replacen("demo.test/log\n", "demo.test/log\n1", 1);
    fs::write(house.at("forged"), forged).expect("written");
    let refused = log(&house, &["verify", "--checkpoint", &at(&house, "forged")]).expect_err("forged");
    assert!(refused.contains("not signed by the log's key"), "{refused}");
    let other = House::new(Database::Sqlite);
    fs::write(house.at("other"), log(&other, &["checkpoint"]).expect("signed")).expect("written");
    assert!(log(&house, &["verify", "--checkpoint", &at(&house, "other")]).is_err(), "another log's key");

    tamper(&house, "UPDATE entries SET text = json_set(text, '$.account', 'wu') WHERE action = 'open-letter'");
    let wrong = log(&house, &["verify"]).expect_err("altered");
    assert!(wrong.contains("is not what its leaf was made of"), "{wrong}");
}

/// Everything above the entries is made anew, and what was signed here is gone.
const ANEW: &str = "DELETE FROM tree; DROP TRIGGER checkpoints_remain; DELETE FROM checkpoints";

#[test]
fn whoever_makes_the_whole_tree_anew_cannot_sign_for_people() {
    let house = at_work();
    tamper(
        &house,
        &format!("UPDATE entries SET text = json_set(text, '$.account', 'wu') WHERE action = 'open-letter'; {ANEW}"),
    );
    let wrong = log(&house, &["verify"]).expect_err("not signed by wu");
    assert!(wrong.contains("says other than what its person signed"), "{wrong}");
}

#[test]
fn another_history_is_shown_by_a_checkpoint_held_elsewhere() {
    let house = at_work();
    fs::write(house.at("held"), log(&house, &["checkpoint"]).expect("signed")).expect("written");
    // Nobody signs for a sign-in.
    tamper(
        &house,
        &format!("UPDATE entries SET text = json_set(text, '$.account', 'wu') WHERE action = 'signed-in'; {ANEW}"),
    );
    assert!(log(&house, &["verify"]).is_ok(), "alone it is a log like any other");
    let wrong = log(&house, &["verify", "--checkpoint", &at(&house, "held")]).expect_err("another log");
    assert!(wrong.contains("is not the one that the checkpoint"), "{wrong}");
}

#[test]
fn an_export_is_checked_with_the_public_key_alone() {
    let house = at_work();
    let export = at(&house, "export.jsonl");
    let said = log(&house, &["export", "--to", &export]).expect("exported");
    assert!(said.ends_with("entries exported\n"), "{said}");
    assert!(log(&house, &["export", "--to", &export]).is_err(), "nothing is overwritten");
    let key = house.keys().keys.log.to_string();
    // Anywhere, without the recorder's folder.
    let check = |file: &str| run("recorder", &["--folder", "/nowhere", "log", "check", file, "--key", &key]);
    assert!(check(&export).expect("sound").ends_with("entries are in the log\n"));
    let text = fs::read_to_string(&export).expect("an export");
    assert!(
        text.contains("log-exported") && !text.contains("a hidden pipe"),
        "the export is an entry, without content"
    );
    let lines: Vec<&str> = text.lines().collect();
    let written = |name: &str, lines: &[&str]| {
        fs::write(house.at(name), lines.join("\n")).expect("written");
        check(&at(&house, name)).expect_err(name)
    };
    let altered = text.replacen("open-letter", "list-cases!", 1);
    let altered = written("altered", &altered.lines().collect::<Vec<_>>());
    assert!(altered.contains("the entry is not in the log"), "{altered}");
    assert!(written("cut", &lines[..lines.len() - 1]).contains("breaks off"));
    assert!(written("missing", &[&lines[..3], &lines[4..]].concat()).contains("entry 3: it is missing"));
    assert!(written("empty", &[]).contains("empty"));
    let other = House::new(Database::Sqlite).keys().keys.log.to_string();
    let refused = run("recorder", &["--folder", "/nowhere", "log", "check", &export, "--key", &other]);
    assert!(refused.expect_err("another key").contains("not signed by the log's key"));
}

#[test]
fn an_auditor_finds_what_is_unusual_and_takes_the_log_out() {
    let work = Work::begin();
    let (mut zhou, mut wu, mut shen) = (work.desk("zhou"), work.desk("wu"), work.desk("shen"));
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "verify"), ("note", "by Zhou")]));
    wu.post("/en/reports/1/open", &[("purpose", "review")]);
    let unusual = text(&shen.get("/en/log?unusual=yes&account=wu"));
    assert!(unusual.contains("a report that another handles"), "{unusual}");
    let own = text(&shen.get("/en/log?unusual=yes&account=zhou"));
    assert!(!own.contains("class=\"unusual\">a report that another handles"), "{own}");
    let table = shen.get("/en/log/file.csv?account=wu");
    let disposition = table.headers.iter().find(|(name, _)| name == "content-disposition").expect("a file");
    assert_eq!(disposition.1, "attachment; filename=\"access-log.csv\"");
    let table = text(&table);
    assert!(table.starts_with("\u{feff}No.,") && table.contains("opened a letter"), "{table}");
    let entries: serde_json::Value =
        serde_json::from_slice(&shen.get("/zh/log/file.json?account=wu").body).expect("JSON");
    let opened = entries.as_array().expect("entries").iter().find(|entry| entry["action"] == "open-letter");
    let unusual = opened.expect("an opening")["unusual"].as_array().expect("flags").clone();
    assert!(unusual.contains(&"anothers-report".into()), "{unusual:?}");
    let log = text(&shen.get("/en/log?action=export-log"));
    assert_eq!(log.matches("downloaded entries of the log").count(), 3, "two files, and the word in the search: {log}");
    assert_eq!(wu.get("/en/log/file.csv").status, 404);
}
