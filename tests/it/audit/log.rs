//! The access log from the command line: verifying all of it, exporting it, checking an export with public keys alone,
//! and checkpoints that contradict each other.

use kit::sentences::says;
use std::fs;

use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::program::run;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use kit::scenario::{Scenario, done};

/// An installation whose log has sign-ins, receipts, openings, an answer and confirmed keys.
fn at_work() -> Installation {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder, console) = (installation.portal(), installation.recorder(), installation.console());
    let sealed = visit(&reporter(), report("a hidden pipe"), &installation.keys());
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    installation.exchange(Some("zhou")).expect("exchanged");
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("a hidden pipe"));
    zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "thank you")]);
    installation
}

fn log(installation: &Installation, arguments: &[&str]) -> Result<String, String> {
    let folder = installation.at("recorder");
    run("recorder", &[&["--folder", folder.to_str().expect("UTF-8"), "log"], arguments].concat())
}

fn at(installation: &Installation, name: &str) -> String {
    installation.at(name).to_str().expect("UTF-8").to_owned()
}

/// Changes entries as somebody with the recorder's disk can, who first drops the triggers against that.
fn tamper(installation: &Installation, sql: &str) {
    let drop =
        "DROP TRIGGER entries_stay; DROP TRIGGER entries_remain; DROP TRIGGER tree_stays; DROP TRIGGER tree_remains;";
    installation.tamper_with_logbook(&format!("{drop}{sql}"));
}

#[test]
fn a_log_at_work_verifies_and_an_altered_one_is_named() {
    let installation = at_work();
    let said = log(&installation, &["verify"]).expect("sound");
    assert!(said.contains("and 1 letters are as they were recorded"), "{said}");
    let checkpoint = log(&installation, &["checkpoint"]).expect("signed");
    fs::write(installation.at("held"), &checkpoint).expect("written");
    assert!(checkpoint.starts_with("demo.test/log\n"), "{checkpoint}");
    assert_eq!(log(&installation, &["checkpoint"]).expect("signed"), checkpoint, "signed once for each size");
    let held = at(&installation, "held");
    assert!(log(&installation, &["verify", "--checkpoint", &held]).is_ok());
    let forged = checkpoint.replacen("demo.test/log\n", "demo.test/log\n1", 1);
    fs::write(installation.at("forged"), forged).expect("written");
    let refused = log(&installation, &["verify", "--checkpoint", &at(&installation, "forged")]).expect_err("forged");
    assert!(refused.contains("not signed by the log's key"), "{refused}");
    let other = Installation::with_other_keys(Database::Sqlite);
    fs::write(installation.at("other"), log(&other, &["checkpoint"]).expect("signed")).expect("written");
    assert!(log(&installation, &["verify", "--checkpoint", &at(&installation, "other")]).is_err(), "another log's key");

    tamper(&installation, "UPDATE entries SET text = json_set(text, '$.account', 'wu') WHERE action = 'open-letter'");
    let wrong = log(&installation, &["verify"]).expect_err("altered");
    assert!(wrong.contains("is not what its leaf was made of"), "{wrong}");
}

/// Deletes the tree, which is then rebuilt from the entries, and the signed checkpoints.
const ANEW: &str = "DELETE FROM tree; DROP TRIGGER checkpoints_remain; DELETE FROM checkpoints";

#[test]
fn whoever_makes_the_whole_tree_anew_cannot_sign_for_people() {
    let installation = at_work();
    tamper(
        &installation,
        &format!("UPDATE entries SET text = json_set(text, '$.account', 'wu') WHERE action = 'open-letter'; {ANEW}"),
    );
    let wrong = log(&installation, &["verify"]).expect_err("not signed by wu");
    assert!(wrong.contains("says other than what its person signed"), "{wrong}");
}

#[test]
fn another_history_is_shown_by_a_checkpoint_held_elsewhere() {
    let installation = at_work();
    fs::write(installation.at("held"), log(&installation, &["checkpoint"]).expect("signed")).expect("written");
    // A sign-in's entry has no signed request.
    tamper(
        &installation,
        &format!("UPDATE entries SET text = json_set(text, '$.account', 'wu') WHERE action = 'signed-in'; {ANEW}"),
    );
    assert!(log(&installation, &["verify"]).is_ok(), "alone it is a log like any other");
    let wrong = log(&installation, &["verify", "--checkpoint", &at(&installation, "held")]).expect_err("another log");
    assert!(wrong.contains("is not the one that the checkpoint"), "{wrong}");
}

#[test]
fn an_export_is_checked_with_the_public_key_alone() {
    let installation = at_work();
    let export = at(&installation, "export.jsonl");
    let said = log(&installation, &["export", "--to", &export]).expect("exported");
    assert!(said.ends_with("entries exported\n"), "{said}");
    assert!(log(&installation, &["export", "--to", &export]).is_err(), "nothing is overwritten");
    let key = installation.keys().keys.log.to_string();
    // Checking an export does not need the recorder's folder.
    let check = |file: &str| run("recorder", &["--folder", "/nowhere", "log", "check", file, "--key", &key]);
    assert!(check(&export).expect("sound").ends_with("entries are in the log\n"));
    let text = fs::read_to_string(&export).expect("an export");
    assert!(
        text.contains("log-exported") && !text.contains("a hidden pipe"),
        "the export is an entry, without content"
    );
    let lines: Vec<&str> = text.lines().collect();
    let written = |name: &str, lines: &[&str]| {
        fs::write(installation.at(name), lines.join("\n")).expect("written");
        check(&at(&installation, name)).expect_err(name)
    };
    let altered = text.replacen("open-letter", "list-cases!", 1);
    let altered = written("altered", &altered.lines().collect::<Vec<_>>());
    assert!(altered.contains("the entry is not in the log"), "{altered}");
    assert!(written("cut", &lines[..lines.len() - 1]).contains("breaks off"));
    assert!(written("missing", &[&lines[..3], &lines[4..]].concat()).contains("entry 3: it is missing"));
    assert!(written("empty", &[]).contains("empty"));
    let other = Installation::with_other_keys(Database::Sqlite).keys().keys.log.to_string();
    let refused = run("recorder", &["--folder", "/nowhere", "log", "check", &export, "--key", &other]);
    assert!(refused.expect_err("another key").contains("not signed by the log's key"));
}

#[test]
fn an_auditor_finds_what_is_unusual_and_takes_the_log_out() {
    let scenario = Scenario::begin();
    let (mut zhou, mut wu, mut shen) = (scenario.client("zhou"), scenario.client("wu"), scenario.client("shen"));
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "by Zhou")]));
    wu.post("/en/reports/1/open", &[("purpose", "review")]);
    let unusual = shen.log("unusual=yes&account=wu");
    assert!(says(&unusual, "unusual-anothers-report"), "{unusual}");
    let own = shen.log("unusual=yes&account=zhou");
    assert!(!own.contains("class=\"unusual\">a report that another handles"), "{own}");
    let table = shen.get("/en/log/file.csv?account=wu");
    let disposition = table.headers.iter().find(|(name, _)| name == "content-disposition").expect("a file");
    assert_eq!(disposition.1, "attachment; filename=\"access-log.csv\"");
    let table = text(&table);
    assert!(table.starts_with("\u{feff}No.,") && table.contains("opened a letter"), "{table}");
    let entries: serde_json::Value =
        serde_json::from_slice(&shen.get("/zh/log/file.json?account=wu").body).expect("JSON");
    let opened = entries.as_array().expect("entries").iter().find(|listed| listed["entry"]["action"] == "open-letter");
    let unusual = opened.expect("an opening")["anomalies"].as_array().expect("flags").clone();
    assert!(unusual.contains(&"anothers-report".into()), "{unusual:?}");
    let log = shen.log("action=export-log");
    assert_eq!(log.matches("<tr>").count(), 2, "two files: {log}");
    assert_eq!(wu.get("/en/log/file.csv").status, 404);
}
