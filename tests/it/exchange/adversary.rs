//! An adversary with the console's whole disk, the memory of a signed-in officer and the portal's disk, but without the
//! recorder, can read no further report. Recorded traffic cannot be opened after its outer key is destroyed.

use kit::sentences::says;
use std::fs;

use crypto::keys::statement::{KeyStatement, Statement, VerifiedStatement};
use crypto::letters::visit::Visit;
use crypto::sealing::outer::PLAIN;
use kit::console_client::text;
use kit::installation::{Database, Installation, today};
use kit::program::run;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use kit::scenario::Scenario;
use model::{Day, LetterDigest};
use opening::HybridIdentity;
use opening::letter::{open_inner, open_outer};

/// A letter as it lies on a disk.
struct Stored {
    digest: String,
    sealed: Vec<u8>,
}

/// A query for letters at rest, with digests as text.
fn letters(digest: &str) -> String {
    format!("SELECT {digest} || ' ' || hex(sealed) AS text FROM letters WHERE length(sealed) > 0")
}

fn stored(rows: Vec<String>) -> Vec<Stored> {
    let letter = |row: String| {
        let (digest, sealed) = row.split_once(' ').expect("two columns");
        Stored { digest: digest.to_owned(), sealed: hex::decode(sealed).expect("hex") }
    };
    rows.into_iter().map(letter).collect()
}

fn send_report(scenario: &Scenario, words: &str) -> Vec<u8> {
    let request = visit(&reporter(), report(words), &scenario.installation.keys()).request;
    let url = format!("{}/api/visits", scenario.portal.address);
    assert_eq!(send(&agent(), "POST", &url, &request).expect("answered").status, 200);
    Visit::parse(&request).expect("a visit").letter.to_vec()
}

/// A letter's own key, as the recorder stores it.
fn letter_key(installation: &Installation, digest: &str) -> HybridIdentity {
    let text = fs::read_to_string(installation.at("recorder/letter-keys-1").join(digest)).expect("a key");
    HybridIdentity::parse(text.lines().next().expect("a line")).expect("a key")
}

#[test]
fn without_the_recorder_not_one_further_report_opens() {
    let scenario = Scenario::begin();
    let collected = send_report(&scenario, "the second report");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    send_report(&scenario, "the third report, not collected");
    let mut zhou = scenario.client("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    // The officer's memory has every private key of the post.
    let post = scenario.installation.post_keys();
    let console = stored(scenario.installation.read_register_at_rest(&letters("digest")));
    let portal = stored(scenario.installation.read_letterbox_at_rest(&letters("lower(hex(digest))")));
    // The portal keeps what was acknowledged for two days more.
    assert_eq!((console.len(), portal.len()), (2, 3));
    for letter in console.iter().chain(&portal) {
        assert!(post.post.open(&letter.sealed, PLAIN).is_err());
        assert!(open_outer(&post.post, &letter.sealed).is_err());
    }
    // The console does not store the letter as it came, so that the period's key opens nothing there.
    assert!(console.iter().all(|letter| letter.sealed != collected));
    assert!(console.iter().all(|letter| open_outer(&scenario.installation.outer_key(), &letter.sealed).is_err()));
    // With the keys that only the recorder has they do open, so the attempts above were valid.
    for letter in &console {
        let (header, inner) =
            open_outer(&letter_key(&scenario.installation, &letter.digest), &letter.sealed).expect("opens");
        assert!(open_inner(&post.post, &header, &inner).is_ok());
    }
    let (header, inner) = open_outer(&scenario.installation.outer_key(), &portal[0].sealed).expect("opens");
    assert!(open_inner(&post.post, &header, &inner).is_ok());
}

/// A statement that was in force until five days ago, cosigned by the recorder.
fn statement_of_before(installation: &Installation, today: Day) -> VerifiedStatement {
    let keys = installation.post_keys();
    let public = fs::read_to_string(installation.at("recorder.public")).expect("the recorder's keys");
    let recorder = public.lines().find_map(|line| line.strip_prefix("recorder ")).expect("an outer key");
    let statement = Statement {
        serial: 1,
        from: today.minus_days(20),
        until: today.minus_days(5),
        post: keys.post.recipient(),
        post_signing: keys.signing.public(),
        recorder: recorder.parse().expect("a recipient"),
    };
    let note = keys.statement.sign_note(&statement).expect("signed");
    let year = fs::read_to_string(installation.at("console/keys.note")).expect("the year's keys");
    let file = installation.at("before.json");
    let bundle = KeyStatement { keys: year.clone(), statement: note };
    fs::write(&file, serde_json::to_string(&bundle).expect("JSON")).expect("written");
    recorder_command(installation, &["cosign", file.to_str().expect("UTF-8")]);
    let keys =
        crypto::keys::statement::YearKeys::parse(&installation.root_key().verified_text(&year).expect("the root's"));
    VerifiedStatement { keys: keys.expect("keys"), statement }
}

fn recorder_command(installation: &Installation, arguments: &[&str]) -> String {
    let folder = installation.at("recorder");
    run("recorder", &[&["--folder", folder.to_str().expect("UTF-8")], arguments].concat()).expect("done")
}

#[test]
fn once_its_period_is_over_an_old_recording_opens_for_nobody() {
    let installation = Installation::without_statement(Database::Sqlite);
    let today = today();
    let before = statement_of_before(&installation, today);
    let old_key = installation.outer_key();
    fs::write(installation.at("recorder.public"), recorder_command(&installation, &["begin-period"])).expect("written");
    let (one, words) = (reporter(), "a report from the last day of the old period");
    let late = visit(&one, report(words), &before);
    let recorded = Visit::parse(&late.request).expect("a visit").letter.to_vec();
    assert!(open_outer(&old_key, &recorded).is_ok());
    installation.publish(&installation.signed_statement()).expect("published");
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &late.request).expect("answered").status, 200);
    // Waiting letters are collected first; then the key is destroyed.
    let said = installation.exchange(None).expect("exchanged");
    assert!(said.starts_with("1 letters taken in, 0 put aside"), "{said}");
    let outer: Vec<_> = fs::read_dir(installation.at("recorder/outer")).expect("outer keys").collect();
    assert_eq!(outer.len(), 2, "one key and its last day: {outer:?}");
    assert!(open_outer(&installation.outer_key(), &recorded).is_err());
    let digest = LetterDigest::of(&recorded).to_hex();
    assert!(
        open_outer(&letter_key(&installation, &digest), &recorded).is_err(),
        "the letter's own key is of the new copy"
    );
    let console = installation.console();
    let mut zhou = kit::console_client::ConsoleClient::signed_in(&installation, &console.address, "zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains(words), "the officer reads it");
    let mut shen = kit::console_client::ConsoleClient::signed_in(&installation, &console.address, "shen");
    assert!(says(&shen.log("action=outer-key-destroyed"), "action-outer-key-destroyed"));
    // A letter that comes after that is put aside as unreadable, and the exchange goes on.
    assert_eq!(
        send(&agent(), "POST", &url, &visit(&reporter(), report("x"), &before).request).expect("answered").status,
        200
    );
    assert!(installation.exchange(None).expect("exchanged").starts_with("0 letters taken in, 1 put aside"));
}

#[test]
fn one_dead_disk_loses_no_report_and_takes_none_in() {
    let scenario = Scenario::begin();
    let (disk, away) = (scenario.installation.at("recorder/letter-keys-1"), scenario.installation.at("away"));
    fs::rename(&disk, &away).expect("moved");
    let mut zhou = scenario.client("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    send_report(&scenario, "while a disk was away");
    fs::create_dir(&disk).expect("the empty place where the disk was");
    assert!(
        scenario.installation.exchange(Some("zhou")).expect_err("stopped").contains("the exchange stopped: recorder")
    );
    fs::remove_dir(&disk).expect("removed");
    fs::rename(&away, &disk).expect("back");
    assert!(scenario.installation.exchange(Some("zhou")).expect("exchanged").starts_with("1 letters taken in"));
    // The second copy of the letter keys is damaged: the first copy is used.
    for file in fs::read_dir(scenario.installation.at("recorder/letter-keys-2")).expect("keys") {
        fs::write(file.expect("a file").path(), "torn").expect("written");
    }
    assert!(text(&zhou.post("/en/reports/2/open", &[("purpose", "review")])).contains("while a disk was away"));
}
