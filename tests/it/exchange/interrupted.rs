//! The exchange is idempotent when any program is killed, and bad letters do not stop it.

use kit::sentences::says;
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use crypto::letters::letter::Body;
use crypto::letters::visit::Visit;
use crypto::sealing::outer;
use crypto::slots::slot::{EnclosureState, ListedLetter, Slot};
use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::program::{Running, programs};
use kit::reporters::{letter, random, report, reporter, visit, visit_with_enclosure};
use kit::requests::{agent, send};
use model::LetterDigest;
use opening::HybridIdentity;
use opening::reporter::Reporter;

fn post(portal: &Running, request: &[u8]) -> Vec<u8> {
    let answer = send(&agent(), "POST", &format!("{}/api/visits", portal.address), request).expect("answered");
    assert_eq!(answer.status, 200, "{}", answer.code());
    answer.body
}

/// Sends reports, every fifth with an enclosure.
fn send_reports(installation: &Installation, portal: &Running, number: usize) -> Vec<(Reporter, LetterDigest)> {
    let keys = installation.keys();
    let one = |index: usize| {
        let one = reporter();
        if !index.is_multiple_of(5) {
            let visit = visit(&one, report(&format!("report {index}")), &keys);
            post(portal, &visit.request);
            return (one, visit.digest);
        }
        let (visit, enclosure) = visit_with_enclosure(&one, report("with files"), &keys, &vec![7; 2000]);
        post(portal, &visit.request);
        enclosure.send(&portal.address);
        (one, visit.digest)
    };
    (0..number).map(one).collect()
}

/// Starts the portal's pass and kills it after a while.
fn pass_killed_after(installation: &Installation, wait: Duration) {
    let mut command = Command::new(programs().join("portal"));
    command.arg("--config").arg(installation.at("portal/portal.toml"));
    command.arg("pass").arg("--folder").arg(installation.at("exchange"));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    std::thread::sleep(wait);
    child.kill().expect("killed");
    child.wait().expect("ended");
}

/// Power cuts of the portal's pass, at every step of it: in the tests so many …
const PASSES_KILLED: u64 = 20;

#[test]
fn a_pass_that_is_killed_anywhere_loses_and_doubles_nothing() {
    // … and in `make soak` as many as the environment says.
    let kills = std::env::var("QINGNIAO_KILLS").map_or(PASSES_KILLED, |kills| kills.parse().expect("a number"));
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let mut sent = Vec::new();
    for round in 0..kills {
        sent.extend(send_reports(&installation, &portal, 2));
        pass_killed_after(&installation, Duration::from_millis(3 + round * 7 % 97));
        if round % 3 == 2 {
            installation.exchange_only(Some("zhou")).expect("exchanged");
            pass_killed_after(&installation, Duration::from_millis(5 + round * 11 % 89));
        }
    }
    for _ in 0..3 {
        installation.exchange(Some("zhou")).expect("exchanged");
    }
    let collected = installation.collected();
    let digests: BTreeSet<LetterDigest> = collected.iter().map(|letter| letter.digest).collect();
    assert_eq!(digests.len(), collected.len(), "none twice");
    assert!(sent.iter().all(|(_, digest)| digests.contains(digest)), "none lost");
    assert!(installation.uncollected().is_empty() && installation.waiting_enclosures().is_empty());
    assert!(installation.register().bundle_state().expect("a state").applied.missing.is_empty());
}

/// Starts an exchange and kills it after a while.
fn exchange_killed_after(installation: &Installation, wait: Duration) {
    use std::io::Write as _;
    let mut command = Command::new(programs().join("reviewer-console"));
    command.arg("exchange").arg("--folder").arg(installation.at("console")).args(["--account", "zhou"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    writeln!(child.stdin.take().expect("a pipe"), "{}", installation.password("zhou")).expect("typed");
    std::thread::sleep(wait);
    child.kill().expect("killed");
    child.wait().expect("ended");
}

#[test]
fn killed_anywhere_and_run_again_nothing_is_lost_or_doubled() {
    for database in Database::ALL {
        let installation = Installation::new(database);
        let portal = installation.portal();
        let mut recorder = installation.recorder();
        let mut sent = Vec::new();
        for round in 0..9_u64 {
            sent.extend(send_reports(&installation, &portal, 12));
            // From before the end of the sign-in to the middle of replacing slots.
            let wait = Duration::from_millis(80 + round * 70);
            match round % 3 {
                0 => exchange_killed_after(&installation, wait),
                1 => {
                    let mut console = installation.console();
                    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
                    zhou.post("/en/exchange", &[]);
                    std::thread::sleep(wait / 4);
                    console.kill();
                }
                _ => {
                    std::thread::scope(|scope| {
                        scope.spawn(|| exchange_killed_after(&installation, Duration::from_millis(900)));
                        std::thread::sleep(wait);
                        recorder.kill();
                    });
                    recorder = installation.recorder();
                }
            }
        }
        let said = installation.exchange(Some("zhou")).expect("exchanged");
        assert!(said.contains("slots replaced"), "{said}");
        check_all(&installation, &portal, &sent);
    }
}

fn check_all(installation: &Installation, portal: &Running, sent: &[(Reporter, LetterDigest)]) {
    let collected = installation.collected();
    let digests: BTreeSet<LetterDigest> = collected.iter().map(|letter| letter.digest).collect();
    let wanted: BTreeSet<LetterDigest> = sent.iter().map(|(_, digest)| *digest).collect();
    assert!(digests == wanted && collected.len() == wanted.len(), "every letter, once");
    assert!(collected.iter().zip(1..).all(|(letter, place)| letter.sequence == place), "places without gaps");
    assert!(installation.register().unreadable(1).expect("asked").is_empty());
    let with_files =
        collected.iter().filter(|letter| letter.enclosure.is_some_and(|enclosure| enclosure.whole)).count();
    assert_eq!(with_files, sent.len().div_ceil(12) * 3);
    assert!(installation.uncollected().is_empty() && installation.waiting_enclosures().is_empty());
    for table in ["letters", "enclosures WHERE complete AND"] {
        let open =
            format!("SELECT 'waits' AS text FROM {table} WHERE acknowledged_on = ''").replace("AND WHERE", "AND");
        assert!(installation.read_letterbox_at_rest(&open).is_empty(), "the portal was told of everything: {table}");
    }
    for (one, digest) in sent {
        let sealed = post(portal, &visit(one, Body::Cover {}, &installation.keys()).request);
        let Slot::Post(slot) = one.read_slot(&sealed, &installation.keys()).expect("a slot") else { panic!("renewed") };
        let letter = collected.iter().find(|letter| letter.digest == *digest).expect("collected");
        let enclosure = letter.enclosure.map_or(EnclosureState::None {}, |_| EnclosureState::Whole {});
        assert_eq!(slot.received, [ListedLetter { letter: letter.id, enclosure }]);
    }
}

/// Letters as a dishonest portal could deliver them, each with the reporter through whose mailbox it comes.
fn bad_letters(installation: &Installation, good: &Reporter) -> Vec<(Reporter, Vec<u8>)> {
    let keys = installation.keys();
    let stranger = HybridIdentity::from_seed(&random()).recipient();
    let sealed = |body, post, recorder| {
        let who = reporter();
        let one = letter(&who, body, &keys);
        let sealed = outer::seal(&one, &one.sign(who.signing_key()).expect("signed"), post, recorder);
        (who, sealed.expect("sealed"))
    };
    let (post, recorder) = (&keys.statement.post, &keys.statement.recorder);
    let foreign = {
        // Sealed with another reporter's keys and with the good reporter's lock.
        let other = reporter();
        let mut one = letter(&other, report("forged"), &keys);
        one.lock = good.mailbox_lock();
        let signed = one.sign(other.signing_key()).expect("signed");
        let sealed = outer::seal(&one, &signed, post, recorder).expect("sealed");
        (other, sealed)
    };
    vec![
        sealed(report("outer to a stranger"), post, &stranger),
        sealed(report("inner to a stranger"), &stranger, recorder),
        foreign,
    ]
}

#[test]
fn letters_that_do_not_open_are_put_aside_and_the_rest_goes_on() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let good = reporter();
    let first = visit(&good, report("good"), &installation.keys());
    post(&portal, &first.request);
    installation.exchange(Some("zhou")).expect("exchanged");
    for (who, sealed) in bad_letters(&installation, &good) {
        let request = visit(&who, report("x"), &installation.keys()).request;
        let parsed = Visit::parse(&request).expect("a visit");
        let bad = Visit { letter: &sealed, ..parsed }.to_bytes();
        post(&portal, &bad);
    }
    // The good letter in a new outer layer, as anyone with the recorder's key could make it.
    let outer_key = installation.outer_key();
    let sealed = Visit::parse(&first.request).expect("a visit").letter.to_vec();
    let (header, inner) = opening::letter::open_outer(&outer_key, &sealed).expect("opens");
    let mut plain = crypto::sealing::padded::pad(&header, outer::HEADER).expect("padded").to_vec();
    plain.extend(inner);
    let again = crypto::sealing::sealed::seal(&installation.keys().statement.recorder, &plain).expect("sealed");
    let request = visit(&good, Body::Cover {}, &installation.keys()).request;
    let parsed = Visit::parse(&request).expect("a visit");
    post(&portal, &Visit { letter: &again, ..parsed }.to_bytes());
    let last = reporter();
    post(&portal, &visit(&last, report("after all of them"), &installation.keys()).request);

    let said = installation.exchange(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("2 letters taken in, 3 put aside"), "{said}");
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let listed = text(&zhou.get("/en/inbox?show=all"));
    assert_eq!(listed.matches("/en/reports/").count(), 3);
    // One of the three is noticed only when it is opened: its inner layer is sealed to somebody else.
    for number in installation.collected().iter().map(|letter| letter.sequence).collect::<BTreeSet<_>>() {
        zhou.post(&format!("/en/reports/{number}/open"), &[("purpose", "review")]);
    }
    let aside = text(&zhou.get("/en/unreadable"));
    for reason in ["unreadable-outer", "unreadable-inner", "unreadable-repeated"] {
        assert!(says(&aside, reason), "{reason}: {aside}");
    }
    let listed = text(&zhou.get("/en/inbox?show=all"));
    assert_eq!(listed.matches("/en/reports/").count(), 2);
    let mut shen = ConsoleClient::signed_in(&installation, &console.address, "shen");
    assert!(says(&shen.log("action=unreadable"), "action-unreadable"));
}

#[test]
fn with_the_recorder_down_bundles_stay_where_they_are() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let sent = send_reports(&installation, &portal, 6);
    let said = installation.exchange(Some("zhou")).expect_err("stopped");
    assert!(said.contains("the exchange stopped: recorder"), "{said}");
    assert!(installation.collected().is_empty());
    let _recorder = installation.recorder();
    // Without a sign-in, letters are collected and slots wait.
    let said = installation.exchange(None).expect("exchanged");
    assert!(said.contains("6 letters taken in") && said.contains("slots wait"), "{said}");
    let said = installation.exchange(Some("wu")).expect("exchanged");
    assert!(said.starts_with("0 letters taken in") && said.contains("6 slots replaced"), "{said}");
    assert_eq!(installation.collected().len(), sent.len());
}

#[test]
fn a_wrong_password_a_held_database_and_a_full_disk_lose_nothing() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    send_reports(&installation, &portal, 40);
    let console = installation.at("console");
    let arguments = ["exchange", "--folder", console.to_str().expect("UTF-8"), "--account", "zhou"];
    let said = kit::program::run_typing("reviewer-console", &arguments, "not it").expect_err("refused");
    assert!(said.contains("no such account, or the password is wrong"), "{said}");
    installation.pass().expect("passed");
    full_disk(&installation);
    held(&installation);
    assert_eq!(installation.collected().len(), 40);
    assert!(installation.uncollected().is_empty());
}

/// A full disk, simulated by a file size limit that makes writes fail.
fn full_disk(installation: &Installation) {
    let mut command = Command::new("sh");
    command.arg("-c").arg("trap '' XFSZ; ulimit -f 1000; exec \"$0\" exchange --folder \"$1\"");
    command.arg(programs().join("reviewer-console")).arg(installation.at("console"));
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("the exchange"), "{said}");
    let here = installation.collected().len();
    assert!(here < 40, "something is still to come");
}

/// Another process locks the register for a while: the exchange waits.
fn held(installation: &Installation) {
    let lock = installation.lock_register();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| installation.exchange(None));
        std::thread::sleep(Duration::from_secs(2));
        drop(lock);
        running.join().expect("no panic").expect("exchanged after all");
    });
}
