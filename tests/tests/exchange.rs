//! The exchange: idempotent whatever is killed, and not to be stopped by bad letters.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use crypto::letter::Body;
use crypto::outer;
use crypto::slot::Slot;
use crypto::visit::Visit;
use database::{DatabaseUrl, Readers};
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl as _};
use model::LetterDigest;
use opening::HybridIdentity;
use opening::reporter::Reporter;
use tests::desk::{Desk, text};
use tests::house::{Database, House};
use tests::program::{Running, programs};
use tests::reporters::{letter, random, report, reporter, visit, visit_with_enclosure};
use tests::requests::{agent, send};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    digest: String,
    #[diesel(sql_type = BigInt)]
    sequence: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn register(house: &House) -> Readers {
    Readers::of(DatabaseUrl::Sqlite(house.at("console/register.sqlite")))
}

fn letters(house: &House) -> Vec<Row> {
    register(house)
        .read(|c| diesel::sql_query("SELECT digest, sequence FROM letters ORDER BY sequence").load(c))
        .expect("letters")
}

fn count(readers: &Readers, what: &str) -> i64 {
    let query = format!("SELECT count(*) AS count FROM {what}");
    readers.read(|c| diesel::sql_query(query).get_result::<Count>(c)).expect("counted").count
}

fn post(portal: &Running, request: &[u8]) -> Vec<u8> {
    let answer = send(&agent(), "POST", &format!("{}/api/visits", portal.address), request).expect("answered");
    assert_eq!(answer.status, 200, "{}", answer.code());
    answer.body
}

/// Sends reports, every fifth with an enclosure.
fn send_reports(house: &House, portal: &Running, number: usize) -> Vec<(Reporter, LetterDigest)> {
    let keys = house.keys();
    let one = |index: usize| {
        let one = reporter();
        if !index.is_multiple_of(5) {
            let visit = visit(&one, report(&format!("report {index}")), &keys);
            post(portal, &visit.request);
            return (one, visit.digest);
        }
        let (visit, parts) = visit_with_enclosure(&one, report("with files"), &keys, &vec![7; 2000]);
        post(portal, &visit.request);
        let url = format!("{}/api/enclosures/{}", portal.address, visit.digest.to_hex());
        send(&agent(), "PUT", &url, br#"{"size":1048576}"#).expect("announced");
        for (number, part) in parts.iter().enumerate() {
            let sent = send(&agent(), "PUT", &format!("{url}/parts/{number}"), part).expect("answered");
            assert_eq!(sent.status, 200);
        }
        (one, visit.digest)
    };
    (0..number).map(one).collect()
}

/// Starts an exchange and kills it after a while.
fn exchange_killed_after(house: &House, wait: Duration) {
    use std::io::Write as _;
    let mut command = Command::new(programs().join("reviewer-console"));
    command.arg("exchange").arg("--folder").arg(house.at("console")).args(["--account", "zhou"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    writeln!(child.stdin.take().expect("a pipe"), "{}", house.password("zhou")).expect("typed");
    std::thread::sleep(wait);
    child.kill().expect("killed");
    child.wait().expect("ended");
}

#[test]
fn killed_anywhere_and_run_again_nothing_is_lost_or_doubled() {
    for database in Database::ALL {
        let house = House::new(database);
        let portal = house.portal();
        let mut recorder = house.recorder();
        let mut sent = Vec::new();
        for round in 0..9_u64 {
            sent.extend(send_reports(&house, &portal, 12));
            // From before the sign-in is through to the middle of the slots.
            let wait = Duration::from_millis(80 + round * 70);
            match round % 3 {
                0 => exchange_killed_after(&house, wait),
                1 => {
                    let mut console = house.console();
                    let mut zhou = Desk::signed_in(&house, &console.address, "zhou");
                    zhou.post("/en/exchange", &[]);
                    std::thread::sleep(wait / 4);
                    console.kill();
                }
                _ => {
                    std::thread::scope(|scope| {
                        scope.spawn(|| exchange_killed_after(&house, Duration::from_millis(900)));
                        std::thread::sleep(wait);
                        recorder.kill();
                    });
                    recorder = house.recorder();
                }
            }
        }
        let said = house.exchange(Some("zhou")).expect("exchanged");
        assert!(said.contains("slots replaced"), "{said}");
        check_all(&house, &portal, &sent);
    }
}

fn check_all(house: &House, portal: &Running, sent: &[(Reporter, LetterDigest)]) {
    let rows = letters(house);
    let digests: BTreeSet<String> = rows.iter().map(|row| row.digest.clone()).collect();
    let wanted: BTreeSet<String> = sent.iter().map(|(_, digest)| digest.to_hex()).collect();
    assert!(digests == wanted && rows.len() == wanted.len(), "every letter, once");
    assert!(rows.iter().zip(1..).all(|(row, place)| row.sequence == place), "places without gaps");
    assert_eq!(count(&register(house), "unreadable"), 0);
    let with_files = i64::try_from(sent.len().div_ceil(12) * 3).expect("few");
    assert_eq!(count(&register(house), "enclosures WHERE complete"), with_files);
    let letterbox = Readers::of(house.letterbox());
    assert_eq!(count(&letterbox, "letters WHERE length(sealed) > 0"), 0, "the portal holds no letter any more");
    assert_eq!(count(&letterbox, "enclosures"), 0);
    let left = std::fs::read_dir(house.at("portal/enclosures")).expect("a folder").count();
    assert_eq!(left, 0, "and no part");
    for (one, digest) in sent {
        let sealed = post(portal, &visit(one, Body::Cover {}, &house.keys()).request);
        let Slot::Post(slot) = one.read_slot(&sealed, &house.keys()).expect("a slot") else { panic!("renewed") };
        assert_eq!(slot.received, [*digest]);
    }
}

/// A letter as a portal without honour could hand it over.
fn bad_letters(house: &House, good: &Reporter) -> Vec<Vec<u8>> {
    let keys = house.keys();
    let stranger = HybridIdentity::from_seed(&random()).recipient();
    let sealed = |who: &Reporter, body, post, recorder| {
        let one = letter(who, body, &keys);
        outer::seal(&one, &one.sign(who.signing_key()).expect("signed"), post, recorder).expect("sealed")
    };
    let (post, recorder) = (&keys.statement.post, &keys.statement.recorder);
    let foreign = {
        // Another reporter's keys into the good one's mailbox.
        let other = reporter();
        let mut one = letter(&other, report("forged"), &keys);
        one.mailbox = good.mailbox();
        let signed = one.sign(other.signing_key()).expect("signed");
        outer::seal(&one, &signed, post, recorder).expect("sealed")
    };
    vec![
        sealed(&reporter(), report("outer to a stranger"), post, &stranger),
        sealed(&reporter(), report("inner to a stranger"), &stranger, recorder),
        foreign,
    ]
}

#[test]
fn letters_that_do_not_open_are_put_aside_and_the_rest_goes_on() {
    let house = House::new(Database::Sqlite);
    let (portal, _recorder) = (house.portal(), house.recorder());
    let good = reporter();
    let first = visit(&good, report("good"), &house.keys());
    post(&portal, &first.request);
    house.exchange(Some("zhou")).expect("exchanged");
    for sealed in bad_letters(&house, &good) {
        let request = visit(&reporter(), report("x"), &house.keys()).request;
        let parsed = Visit::parse(&request).expect("a visit");
        let bad = Visit { token: parsed.token, letter: &sealed, first_slot: parsed.first_slot }.to_bytes();
        post(&portal, &bad);
    }
    // The good letter in a new envelope: whoever has the recorder's key could make one.
    let outer_key = house.outer_key();
    let sealed = Visit::parse(&first.request).expect("a visit").letter.to_vec();
    let (header, inner) = opening::letter::open_outer(&outer_key, &sealed).expect("opens");
    let mut plain = crypto::padded::pad(&header, outer::HEADER).expect("padded").to_vec();
    plain.extend(inner);
    let again = crypto::sealed::seal(&house.keys().statement.recorder, &plain).expect("sealed");
    let request = visit(&good, Body::Cover {}, &house.keys()).request;
    let parsed = Visit::parse(&request).expect("a visit");
    post(&portal, &Visit { token: parsed.token, letter: &again, first_slot: parsed.first_slot }.to_bytes());
    let last = reporter();
    post(&portal, &visit(&last, report("after all of them"), &house.keys()).request);

    let said = house.exchange(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("2 letters taken in, 3 put aside"), "{said}");
    let console = house.console();
    let mut zhou = Desk::signed_in(&house, &console.address, "zhou");
    let sorted = text(&zhou.post("/en/inbox/sort", &[]));
    assert!(sorted.contains("Reports: 2") && sorted.contains("put aside: 1"), "{sorted}");
    let aside = text(&zhou.get("/en/unreadable"));
    for reason in ["outer layer does not come off", "inner layer does not open", "other keys", "another envelope"] {
        assert!(aside.contains(reason), "{reason}: {aside}");
    }
    let listed = text(&zhou.get("/en/inbox?show=all"));
    assert_eq!(listed.matches("/en/reports/").count(), 2);
    let mut shen = Desk::signed_in(&house, &console.address, "shen");
    assert!(text(&shen.get("/en/log?action=unreadable")).contains("a letter does not open"));
}

#[test]
fn with_the_recorder_down_letters_stay_where_they_are() {
    let house = House::new(Database::Sqlite);
    let portal = house.portal();
    let sent = send_reports(&house, &portal, 6);
    let said = house.exchange(Some("zhou")).expect_err("stopped");
    assert!(said.contains("the exchange stopped: recorder"), "{said}");
    assert_eq!(letters(&house).len(), 0);
    assert_eq!(count(&Readers::of(house.letterbox()), "letters WHERE length(sealed) > 0"), 6);
    let _recorder = house.recorder();
    // Nobody signed in: letters come, slots wait.
    let said = house.exchange(None).expect("exchanged");
    assert!(said.contains("6 letters taken in") && said.contains("slots wait"), "{said}");
    let said = house.exchange(Some("wu")).expect("exchanged");
    assert!(said.starts_with("0 letters taken in") && said.contains("6 slots replaced"), "{said}");
    assert_eq!(letters(&house).len(), sent.len());
}

#[test]
fn a_wrong_password_a_held_database_and_a_full_disk_lose_nothing() {
    let house = House::new(Database::Sqlite);
    let (portal, _recorder) = (house.portal(), house.recorder());
    send_reports(&house, &portal, 40);
    let console = house.at("console");
    let arguments = ["exchange", "--folder", console.to_str().expect("UTF-8"), "--account", "zhou"];
    let said = tests::program::run_typing("reviewer-console", &arguments, "not it").expect_err("refused");
    assert!(said.contains("no such account, or the password is wrong"), "{said}");
    full_disk(&house);
    held(&house);
    assert_eq!(letters(&house).len(), 40);
    assert_eq!(count(&Readers::of(house.letterbox()), "letters WHERE length(sealed) > 0"), 0);
}

/// A file size limit makes writes fail as a full disk does.
fn full_disk(house: &House) {
    let mut command = Command::new("sh");
    command.arg("-c").arg("trap '' XFSZ; ulimit -f 1000; exec \"$0\" exchange --folder \"$1\"");
    command.arg(programs().join("reviewer-console")).arg(house.at("console"));
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("the exchange"), "{said}");
    let (here, there) =
        (letters(house).len(), count(&Readers::of(house.letterbox()), "letters WHERE length(sealed) > 0"));
    assert!(here + usize::try_from(there).expect("few") >= 40, "{here} here and {there} there");
}

/// Somebody else holds the register for a while: the exchange waits.
fn held(house: &House) {
    use diesel::connection::SimpleConnection as _;
    let file = DatabaseUrl::Sqlite(house.at("console/register.sqlite"));
    let mut holder = database::AnyConnection::to(&file).expect("connected");
    holder.batch_execute("BEGIN IMMEDIATE").expect("held");
    std::thread::scope(|scope| {
        let running = scope.spawn(|| house.exchange(None));
        std::thread::sleep(Duration::from_secs(2));
        holder.batch_execute("COMMIT").expect("let go");
        running.join().expect("no panic").expect("exchanged after all");
    });
}
