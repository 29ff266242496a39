//! What somebody holds who has the console's whole disk, the memory of a signed-in officer and the
//! portal's disk, but not the recorder: not one further report. And what time takes from whoever
//! recorded the wire.

use std::fs;

use crypto::outer::PLAIN;
use crypto::statement::{KeyStatement, Statement, Verified};
use crypto::visit::Visit;
use database::{DatabaseUrl, Readers};
use diesel::RunQueryDsl as _;
use diesel::sql_types::{Binary, Text};
use model::{Day, LetterDigest};
use opening::HybridIdentity;
use opening::letter::{open_inner, open_outer};
use tests::casework::Work;
use tests::desk::text;
use tests::house::{Database, House, today};
use tests::program::run;
use tests::reporters::{report, reporter, visit};
use tests::requests::{agent, send};

#[derive(diesel::QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    digest: String,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

fn stored(url: DatabaseUrl, digest: &str) -> Vec<Stored> {
    let query = format!("SELECT {digest} AS digest, sealed FROM letters WHERE length(sealed) > 0");
    Readers::of(url).read(|connection| diesel::sql_query(query).load(connection)).expect("letters")
}

fn send_report(work: &Work, words: &str) -> Vec<u8> {
    let request = visit(&reporter(), report(words), &work.house.keys()).request;
    let url = format!("{}/api/visits", work.portal.address);
    assert_eq!(send(&agent(), "POST", &url, &request).expect("answered").status, 200);
    Visit::parse(&request).expect("a visit").letter.to_vec()
}

/// A letter's own key, as the recorder keeps it.
fn letter_key(house: &House, digest: &str) -> HybridIdentity {
    let text = fs::read_to_string(house.at("recorder/letter-keys-1").join(digest)).expect("a key");
    HybridIdentity::parse(text.lines().next().expect("a line")).expect("a key")
}

#[test]
fn without_the_recorder_not_one_further_report_opens() {
    let work = Work::begin();
    let collected = send_report(&work, "the second report");
    work.house.exchange(Some("zhou")).expect("exchanged");
    send_report(&work, "the third report, not collected");
    let mut zhou = work.desk("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    // The officer's memory: every private key of the post.
    let post = work.house.post_keys();
    let console = stored(DatabaseUrl::Sqlite(work.house.at("console/register.sqlite")), "digest");
    let portal = stored(work.house.letterbox(), "lower(hex(digest))");
    assert_eq!((console.len(), portal.len()), (2, 1));
    for letter in console.iter().chain(&portal) {
        assert!(post.post.open(&letter.sealed, PLAIN).is_err());
        assert!(open_outer(&post.post, &letter.sealed).is_err());
    }
    // The console keeps nothing of the letter as it came, so that its period's key is no way in.
    assert!(console.iter().all(|letter| letter.sealed != collected));
    assert!(console.iter().all(|letter| open_outer(&work.house.outer_key(), &letter.sealed).is_err()));
    // With what the recorder alone holds they do open: the attempts above were of the right kind.
    for letter in &console {
        let (header, inner) = open_outer(&letter_key(&work.house, &letter.digest), &letter.sealed).expect("opens");
        assert!(open_inner(&post.post, &header, &inner).is_ok());
    }
    let (header, inner) = open_outer(&work.house.outer_key(), &portal[0].sealed).expect("opens");
    assert!(open_inner(&post.post, &header, &inner).is_ok());
}

/// A statement that was in force until five days ago, cosigned by the recorder.
fn statement_of_before(house: &House, today: Day) -> Verified {
    let keys = house.post_keys();
    let public = fs::read_to_string(house.at("recorder.public")).expect("the recorder's keys");
    let recorder = public.lines().find_map(|line| line.strip_prefix("recorder ")).expect("an outer key");
    let statement = Statement {
        serial: 1,
        from: today.minus_days(20),
        until: today.minus_days(5),
        post: keys.post.recipient(),
        post_signing: keys.signing.public(),
        recorder: recorder.parse().expect("a recipient"),
    };
    let note = keys.statement.sign_note(&statement.to_text()).expect("signed");
    let year = fs::read_to_string(house.at("console/keys.note")).expect("the year's keys");
    let file = house.at("before.json");
    let bundle = KeyStatement { keys: year.clone(), statement: note };
    fs::write(&file, serde_json::to_string(&bundle).expect("JSON")).expect("written");
    recorder_command(house, &["cosign", file.to_str().expect("UTF-8")]);
    let keys = crypto::statement::Keys::parse(&house.root_key().verified_text(&year).expect("the root's"));
    Verified { keys: keys.expect("keys"), statement }
}

fn recorder_command(house: &House, arguments: &[&str]) -> String {
    let folder = house.at("recorder");
    run("recorder", &[&["--folder", folder.to_str().expect("UTF-8")], arguments].concat()).expect("done")
}

#[test]
fn once_its_period_is_over_an_old_recording_opens_for_nobody() {
    let house = House::without_statement(Database::Sqlite);
    let today = today();
    let before = statement_of_before(&house, today);
    let old_key = house.outer_key();
    fs::write(house.at("recorder.public"), recorder_command(&house, &["begin-period"])).expect("written");
    let (one, words) = (reporter(), "a report from the last day of the old period");
    let late = visit(&one, report(words), &before);
    let recorded = Visit::parse(&late.request).expect("a visit").letter.to_vec();
    assert!(open_outer(&old_key, &recorded).is_ok());
    house.publish(&house.signed_statement()).expect("published");
    let (portal, _recorder) = (house.portal(), house.recorder());
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &late.request).expect("answered").status, 200);
    // What waits is taken in first; then the key goes.
    let said = house.exchange(None).expect("exchanged");
    assert!(said.starts_with("1 letters taken in, 0 put aside"), "{said}");
    let outer: Vec<_> = fs::read_dir(house.at("recorder/outer")).expect("outer keys").collect();
    assert_eq!(outer.len(), 2, "one key and its last day: {outer:?}");
    assert!(open_outer(&house.outer_key(), &recorded).is_err());
    let digest = LetterDigest::of(&recorded).to_hex();
    assert!(open_outer(&letter_key(&house, &digest), &recorded).is_err(), "the letter's own key is of the new copy");
    let console = house.console();
    let mut zhou = tests::desk::Desk::signed_in(&house, &console.address, "zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains(words), "the officer reads it");
    let mut shen = tests::desk::Desk::signed_in(&house, &console.address, "shen");
    assert!(text(&shen.get("/en/log?action=outer-key-destroyed")).contains("destroyed a period"));
    // A letter that comes after that is told to be unreadable, and stops nothing.
    assert_eq!(
        send(&agent(), "POST", &url, &visit(&reporter(), report("x"), &before).request).expect("answered").status,
        200
    );
    assert!(house.exchange(None).expect("exchanged").starts_with("0 letters taken in, 1 put aside"));
}

#[test]
fn one_dead_disk_loses_no_report_and_takes_none_in() {
    let work = Work::begin();
    let (disk, away) = (work.house.at("recorder/letter-keys-1"), work.house.at("away"));
    fs::rename(&disk, &away).expect("moved");
    let mut zhou = work.desk("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    send_report(&work, "while a disk was away");
    fs::create_dir(&disk).expect("the empty place where the disk was");
    assert!(work.house.exchange(Some("zhou")).expect_err("stopped").contains("the exchange stopped: recorder"));
    fs::remove_dir(&disk).expect("removed");
    fs::rename(&away, &disk).expect("back");
    assert!(work.house.exchange(Some("zhou")).expect("exchanged").starts_with("1 letters taken in"));
    // And the other one, altered by whoever sits there: the first copy serves.
    for file in fs::read_dir(work.house.at("recorder/letter-keys-2")).expect("keys") {
        fs::write(file.expect("a file").path(), "torn").expect("written");
    }
    assert!(text(&zhou.post("/en/reports/2/open", &[("purpose", "review")])).contains("while a disk was away"));
}
