//! Bundles on their way: lost, found, foreign, altered, late; a portal that is new; sides without a network.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crypto::letters::letter::Body;
use crypto::slots::slot::Slot;
use kit::console_client::{ConsoleClient, text};
use kit::html;
use kit::installation::{Database, Installation};
use kit::program::{Running, programs};
use kit::reporters::{report, reporter, visit, visit_with_enclosure};
use kit::requests::{agent, send};
use kit::sentences::{says, says_with};
use opening::reporter::Reporter;

fn post(portal: &Running, request: &[u8]) -> Vec<u8> {
    let answer = send(&agent(), "POST", &format!("{}/api/visits", portal.address), request).expect("answered");
    assert_eq!(answer.status, 200, "{}", answer.code());
    answer.body
}

fn report_to(installation: &Installation, portal: &Running, text: &str) -> Reporter {
    let one = reporter();
    post(portal, &visit(&one, report(text), &installation.keys()).request);
    one
}

/// The bundles of one direction in the folder, in the order of their numbers.
fn bundles(installation: &Installation, direction: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(installation.at("exchange")).expect("a folder");
    let files = files.map(|file| file.expect("a file").path());
    let mut found: Vec<PathBuf> = files
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(direction)))
        .collect();
    found.sort();
    found
}

fn newest(installation: &Installation, direction: &str) -> PathBuf {
    bundles(installation, direction).pop().expect("a bundle")
}

#[test]
fn a_lost_bundle_is_named_and_what_it_held_comes_again() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder, console) = (installation.portal(), installation.recorder(), installation.console());
    installation.exchange(Some("zhou")).expect("exchanged");
    let one = report_to(&installation, &portal, "in the bundle that is lost");
    installation.pass().expect("passed");
    let lost = newest(&installation, "inward");
    let aside = installation.at("found.bundle");
    fs::rename(&lost, &aside).expect("lost");
    report_to(&installation, &portal, "in the next one");
    installation.pass().expect("passed");
    let said = installation.exchange_only(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("1 letters taken in"), "{said}");
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let page = text(&zhou.get("/en/exchange"));
    let number = lost.file_stem().and_then(|name| name.to_str()?.rsplit('-').next()?.parse::<u64>().ok());
    let number = number.expect("a number").to_string();
    assert!(says_with(&page, "bundles-missing", &[("numbers", &number)]), "{page}");
    // The portal hears of it and sends the letter again; the console then misses nothing any more.
    installation.pass().expect("passed");
    let said = installation.exchange_only(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("1 letters taken in"), "{said}");
    assert!(!html::has(&text(&zhou.get("/en/exchange")), "#bundles [data-problem=missing]"));
    // The lost one, found: nothing comes twice.
    fs::copy(&aside, &lost).expect("found");
    installation.pass().expect("passed");
    let said = installation.exchange_only(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("0 letters taken in, 0 put aside"), "{said}");
    assert!(!lost.exists(), "it is not needed");
    installation.pass().expect("passed");
    let sealed = post(&portal, &visit(&one, Body::Cover {}, &installation.keys()).request);
    assert!(matches!(one.read_slot(&sealed, &installation.keys()), Ok(Slot::Post(_))), "the reporter is told");
}

#[test]
fn a_bundle_that_comes_late_is_taken_in_and_keys_wait_for_it() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    installation.exchange(Some("zhou")).expect("exchanged");
    report_to(&installation, &portal, "on a stick that was left in a drawer");
    installation.pass().expect("passed");
    let (late, aside) = (newest(&installation, "inward"), installation.at("drawer.bundle"));
    fs::rename(&late, &aside).expect("left");
    report_to(&installation, &portal, "the next");
    installation.pass().expect("passed");
    installation.exchange_only(Some("zhou")).expect("exchanged");
    fs::rename(&aside, &late).expect("found");
    let said = installation.exchange_only(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("1 letters taken in"), "{said}");
    assert_eq!(installation.collected().len(), 2);
    let state = installation.register().bundle_state().expect("a state");
    assert!(state.applied.missing.is_empty());
}

#[test]
fn foreign_altered_and_repeated_bundles_are_refused_and_stop_no_other() {
    let (installation, other) = (Installation::new(Database::Sqlite), Installation::with_other_keys(Database::Sqlite));
    let (portal, _recorder, console) = (installation.portal(), installation.recorder(), installation.console());
    installation.exchange(Some("zhou")).expect("exchanged");
    report_to(&installation, &portal, "honest");
    installation.pass().expect("passed");
    // Altered, cut, of another house, and no bundle: all under names that come before the honest one.
    let whole = fs::read(newest(&installation, "inward")).expect("a bundle");
    let place = |name: &str| installation.at("exchange").join(format!("inward-{name}-0000000000.bundle"));
    let mut altered = whole.clone();
    altered[20_000] ^= 1;
    fs::write(place("a"), altered).expect("put there");
    fs::write(place("b"), &whole[..whole.len() / 2]).expect("put there");
    other.pass().expect("passed");
    fs::copy(newest(&other, "inward"), place("c")).expect("put there");
    fs::write(place("d"), b"no bundle at all").expect("put there");
    let said = installation.exchange_only(Some("zhou")).expect_err("something was refused");
    assert!(said.contains("bundle-damaged"), "{said}");
    assert_eq!(installation.collected().len(), 1, "the honest one was taken in");
    // The damaged ones are copies of one that is here by now; the others stay until somebody has looked at them.
    let said = installation.exchange_only(Some("zhou")).expect_err("something was refused");
    assert!(said.contains("bundle-foreign"), "{said}");
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    assert!(says(&text(&zhou.get("/en/exchange")), "bundle-foreign"));
    // The console's own way: a bundle of another console is refused by the portal.
    let outward = installation.at("exchange/outward-ffffffffffffffff-0000009999.bundle");
    fs::copy(newest(&other, "outward"), &outward).expect("put there");
    let refused = installation.pass().expect_err("refused");
    assert!(refused.contains("of another installation"), "{refused}");
    fs::remove_file(&outward).expect("removed");
    for file in ["c", "d"] {
        fs::remove_file(place(file)).expect("it is there");
    }
    installation.exchange(Some("zhou")).expect("all is well again");
}

/// Files that came before their letter were answered as not wanted, and nobody could send them again.
#[test]
fn files_whose_letter_was_in_a_lost_bundle_come_with_it_later() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    installation.exchange(Some("zhou")).expect("exchanged");
    let one = reporter();
    let (sent, enclosure) = visit_with_enclosure(&one, report("with files"), &installation.keys(), b"files");
    post(&portal, &sent.request);
    installation.pass().expect("passed");
    fs::remove_file(newest(&installation, "inward")).expect("lost");
    enclosure.send(&portal.address);
    installation.pass().expect("passed");
    let said = installation.exchange_only(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("0 letters taken in, 0 put aside as unreadable, 0 enclosures copied"), "{said}");
    installation.exchange(Some("zhou")).expect("exchanged");
    let said = installation.exchange(Some("zhou")).expect("exchanged");
    let collected = installation.collected();
    assert!(collected.len() == 1 && collected[0].enclosure.is_some_and(|enclosure| enclosure.whole), "{said}");
    installation.exchange(Some("zhou")).expect("exchanged");
    assert!(installation.waiting_enclosures().is_empty(), "and the portal is told");
}

/// Whoever copied an outward bundle months ago could bring back its slots, if it had been skipped then.
#[test]
fn an_outward_bundle_that_was_skipped_brings_nothing_back() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let one = report_to(&installation, &portal, "the first");
    installation.exchange(Some("zhou")).expect("exchanged");
    installation.exchange_only(Some("zhou")).expect("exchanged");
    let skipped = newest(&installation, "outward");
    let copy = installation.at("copied.bundle");
    fs::copy(&skipped, &copy).expect("copied");
    let late = report_to(&installation, &portal, "after that");
    installation.pass().expect("passed");
    // That pass applied the copied bundle; the next two are skipped and applied.
    installation.exchange_only(Some("zhou")).expect("exchanged");
    let skipped_now = newest(&installation, "outward");
    fs::copy(&skipped_now, &copy).expect("copied");
    installation.exchange_only(Some("zhou")).expect("exchanged");
    installation.pass().expect("passed");
    let slot = |one: &Reporter| {
        let sealed = post(&portal, &visit(one, Body::Cover {}, &installation.keys()).request);
        let Ok(Slot::Post(slot)) = one.read_slot(&sealed, &installation.keys()) else { panic!("the post's") };
        (slot.number, slot.received.len())
    };
    let before = (slot(&one), slot(&late));
    fs::copy(&copy, &skipped_now).expect("put back");
    installation.pass().expect("passed");
    assert_eq!((slot(&one), slot(&late)), before);
}

#[test]
fn a_new_portal_with_the_newest_bundle_alone_serves_everybody() {
    for database in Database::ALL {
        let installation = Installation::new(database);
        let (mut portal, _recorder) = (installation.portal(), installation.recorder());
        let one = report_to(&installation, &portal, "before the portal was lost");
        installation.exchange(Some("zhou")).expect("exchanged");
        portal.kill();
        let portal = installation.with_new_portal();
        let request = visit(&one, Body::Cover {}, &installation.keys()).request;
        let early = send(&agent(), "POST", &format!("{}/api/visits", portal.address), &request).expect("answered");
        assert_eq!((early.status, early.code().as_str()), (503, "not-ready"), "nobody is told that nothing is kept");
        installation.pass().expect("passed");
        let Slot::Post(slot) = one.read_slot(&post(&portal, &request), &installation.keys()).expect("a slot") else {
            panic!("the post's")
        };
        assert_eq!(slot.received.len(), 1);
    }
}

/// Neither side of the exchange needs a network: each runs in a namespace of its own without any interface.
#[test]
fn both_sides_run_where_there_is_no_network() {
    let apart = |program: &str| {
        let mut command = Command::new("unshare");
        command.args(["--net", "--map-root-user"]).arg(programs().join(program));
        command
    };
    if !Command::new("unshare").args(["--net", "--map-root-user", "true"]).status().is_ok_and(|status| status.success())
    {
        println!("NOT TRIED: this machine does not allow network namespaces");
        return;
    }
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let one = reporter();
    let (sent, enclosure) = visit_with_enclosure(&one, report("through bundles alone"), &installation.keys(), b"files");
    post(&portal, &sent.request);
    enclosure.send(&portal.address);
    let pass = || {
        let mut command = apart("portal");
        command.arg("--config").arg(installation.at("portal/portal.toml"));
        command.arg("pass").arg("--folder").arg(installation.at("exchange"));
        let output = command.output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    pass();
    let mut command = apart("reviewer-console");
    command.arg("exchange").arg("--folder").arg(installation.at("console"));
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("1 letters taken in, 0 put aside as unreadable, 1 enclosures copied"), "{said}");
    pass();
    assert!(installation.uncollected().is_empty() && installation.waiting_enclosures().is_empty());
}
