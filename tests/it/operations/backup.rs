//! Backups of portal, recorder and console, taken while they run and restored into empty folders and databases.

use std::fs;

use crypto::letters::letter::Body;
use crypto::slots::slot::Slot;
use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::program::run;
use kit::reporters::{report, reporter, visit, visit_with_enclosure};
use kit::requests::{agent, send};
use kit::sentences::says;

#[test]
fn after_a_restore_everything_goes_on_where_the_backup_was_taken() {
    for database in Database::ALL {
        let installation = Installation::new(database);
        let (mut portal, mut recorder) = (installation.portal(), installation.recorder());
        let one = reporter();
        let keys = installation.keys();
        let (first, enclosure) = visit_with_enclosure(&one, report("kept through everything"), &keys, b"no tar at all");
        let sent = |method: &str, path: &str, body: &[u8]| {
            send(&agent(), method, &format!("{}{path}", portal.address), body).expect("answered")
        };
        sent("POST", "/api/visits", &first.request);
        installation.exchange(Some("zhou")).expect("exchanged");
        // One letter and an enclosure's part wait at the portal while the backup is taken.
        enclosure.send(&portal.address);
        sent("POST", "/api/visits", &visit(&reporter(), report("waiting"), &keys).request);

        let at = |name: &str| installation.at(name).to_str().expect("UTF-8").to_owned();
        let (portals, recorders, consoles) = (at("backup-portal"), at("backup-recorder"), at("backup-console"));
        installation.portal_command(&["backup", "--to", &portals]).expect("copied");
        let recorder_folder = at("recorder");
        let recorder_command =
            |arguments: &[&str]| run("recorder", &[&["--folder", recorder_folder.as_str()], arguments].concat());
        recorder_command(&["backup", "--to", &recorders]).expect("copied");
        run("reviewer-console", &["backup", "--folder", &at("console"), "--to", &consoles]).expect("copied");
        assert!(
            installation.portal_command(&["backup", "--to", &portals]).expect_err("taken").contains("is there already")
        );
        assert!(installation.portal_command(&["restore", "--from", &portals]).is_err(), "nothing is overwritten");

        portal.kill();
        recorder.kill();
        lose(&installation, database);
        installation.portal_command(&["restore", "--from", &portals]).expect("restored");
        recorder_command(&["restore", "--from", &recorders]).expect("restored");
        run("reviewer-console", &["restore", "--folder", &at("console"), "--from", &consoles]).expect("restored");
        assert!(recorder_command(&["restore", "--from", &consoles]).is_err(), "a backup of something else");

        let (portal, _recorder, console) = (installation.portal(), installation.recorder(), installation.console());
        let said = confirm_both(&installation, &console.address, &portal.address);
        assert!(said.starts_with("1 letters taken in, 0 put aside as unreadable, 1 enclosures copied"), "{said}");
        installation.exchange(Some("zhou")).expect("exchanged");
        let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
        let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
        assert!(opened.contains("kept through everything"), "{opened}");
        let looking = visit(&one, Body::Cover {}, &keys).request;
        let slot = send(&agent(), "POST", &format!("{}/api/visits", portal.address), &looking).expect("answered").body;
        assert!(matches!(one.read_slot(&slot, &keys).expect("a slot"), Slot::Post(_)));
    }
}

/// Deletes all stored data of the programs, except for keys and configuration, as after a disk failure.
fn lose(installation: &Installation, database: Database) {
    for (folder, name) in
        [("portal", "letterbox.sqlite"), ("recorder", "logbook.sqlite"), ("console", "register.sqlite")]
    {
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(installation.at(folder).join(format!("{name}{ending}")));
        }
        let _ = fs::remove_dir_all(installation.at(folder).join("enclosures"));
    }
    if let (Database::Postgres, database::DatabaseUrl::Postgres(url)) = (database, installation.letterbox()) {
        let wiped = std::process::Command::new("psql")
            .args(["-qc", "DROP SCHEMA public CASCADE; CREATE SCHEMA public", url.as_str()])
            .status();
        assert!(wiped.expect("psql starts").success());
    }
}

#[test]
fn a_backup_that_was_altered_or_cut_off_is_not_restored() {
    let installation = Installation::new(Database::Sqlite);
    let at = |name: &str| installation.at(name).to_str().expect("UTF-8").to_owned();
    let (folder, backup) = (at("recorder"), at("backup"));
    run("recorder", &["--folder", &folder, "backup", "--to", &backup]).expect("copied");
    fs::write(installation.at("backup/logbook.sqlite"), b"something else").expect("altered");
    let elsewhere = at("elsewhere");
    let restore = || run("recorder", &["--folder", &elsewhere, "restore", "--from", &backup]);
    assert!(restore().expect_err("refused").contains("was altered since"));
    fs::remove_file(installation.at("backup/backup.list")).expect("cut off");
    assert!(restore().expect_err("refused").contains("holds no whole backup"));
    assert!(!installation.at("elsewhere").exists());
}

/// Returns what the first exchange said. After a restore each side waits until somebody has confirmed the other's new epoch; until then nobody is served.
fn confirm_both(installation: &Installation, console: &str, portal: &str) -> String {
    let visit = visit(&reporter(), report("too early"), &installation.keys()).request;
    let refused = send(&agent(), "POST", &format!("{portal}/api/visits"), &visit).expect("answered");
    assert_eq!((refused.status, refused.code().as_str()), (503, "not-ready"));
    let said = installation.exchange(Some("zhou")).expect_err("another portal");
    assert!(said.contains("bundle-new-epoch"), "{said}");
    let mut shen = ConsoleClient::signed_in(installation, console, "shen");
    let page = text(&shen.get("/en/portal"));
    let epoch = kit::html::attribute(&page, "#new-epoch input[name=epoch]", "value").expect("an epoch");
    kit::scenario::refused(&shen.post("/en/portal", &[("epoch", "0000000000000000")]), 409, "portal-other");
    assert_eq!(shen.post("/en/portal", &[("epoch", &epoch)]).status, 303);
    assert!(says(&shen.log("action=accept-portal"), "action-accept-portal"));
    let said = installation.exchange_only(Some("zhou")).expect("its bundle is taken in");
    let refused = installation.pass().expect_err("another console");
    let own = refused.split("--accept-epoch ").nth(1).and_then(|rest| rest.split_whitespace().next());
    installation.pass_from(own.expect("an epoch")).expect("its bundle is applied");
    said
}

/// The console alone is lost, days after its last backup. The portal has erased long since what was acknowledged.
#[test]
fn a_console_restored_from_an_old_backup_has_every_letter_from_the_journal() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let sent = |text: &str| {
        let one = reporter();
        let visit = visit(&one, report(text), &installation.keys()).request;
        let answer = send(&agent(), "POST", &format!("{}/api/visits", portal.address), &visit).expect("answered");
        assert_eq!(answer.status, 200);
        installation.exchange(Some("zhou")).expect("exchanged");
        one
    };
    sent("before the backup");
    let at = |name: &str| installation.at(name).to_str().expect("UTF-8").to_owned();
    run("reviewer-console", &["backup", "--folder", &at("console"), "--to", &at("backup")]).expect("copied");
    let two = sent("after the backup");
    let digests = |installation: &Installation| {
        installation.collected().into_iter().map(|letter| (letter.sequence, letter.digest)).collect::<Vec<_>>()
    };
    let before = digests(&installation);
    assert_eq!(before.len(), 2);
    for name in ["register.sqlite", "register.sqlite-wal", "register.sqlite-shm"] {
        let _ = fs::remove_file(installation.at("console").join(name));
    }
    let _ = fs::remove_dir_all(installation.at("console/enclosures"));
    let restored = run("reviewer-console", &["restore", "--folder", &at("console"), "--from", &at("backup")]);
    assert!(restored.expect("restored").contains("1 letters taken from the journal"));
    assert_eq!(digests(&installation), before);
    let again = run("reviewer-console", &["replay-journal", "--folder", &at("console")]).expect("again");
    assert!(again.contains("0 letters taken from the journal"), "{again}");
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let opened = text(&zhou.post("/en/reports/2/open", &[("purpose", "review")]));
    assert!(opened.contains("after the backup"), "{opened}");
    installation.exchange_only(Some("zhou")).expect("exchanged");
    let refused = installation.pass().expect_err("another console");
    let own = refused.split("--accept-epoch ").nth(1).and_then(|rest| rest.split_whitespace().next());
    installation.pass_from(own.expect("an epoch")).expect("its bundle is applied");
    let looking = visit(&two, Body::Cover {}, &installation.keys()).request;
    let slot = send(&agent(), "POST", &format!("{}/api/visits", portal.address), &looking).expect("answered").body;
    let Ok(Slot::Post(slot)) = two.read_slot(&slot, &installation.keys()) else { panic!("the post's") };
    assert_eq!(slot.received.len(), 1);
}
