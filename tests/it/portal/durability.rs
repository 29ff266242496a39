//! Acknowledged letters are stored: many senders at once, and a portal that is killed right after.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crypto::letters::letter::Body;
use crypto::slots::slot::Slot;
use kit::installation::{Database, Installation};
use kit::program::{Running, programs};
use kit::reporters::{SealedEnclosure, report, reporter, visit, visit_with_enclosure};
use kit::requests::{Answer, agent, send};
use opening::reporter::Reporter;

const SENDERS: usize = 8;
const REPORTS: usize = 1000;
/// One report in this many has an enclosure.
const ENCLOSURES: usize = 50;

/// A sealed report with its digest, its enclosure, and its reporter.
struct Sealed {
    reporter: Reporter,
    request: Vec<u8>,
    digest: String,
    enclosure: Option<SealedEnclosure>,
}

fn sealed(installation: &Installation, number: usize) -> Sealed {
    let (keys, reporter) = (installation.keys(), reporter());
    let body = report(&format!("report {number}"));
    if number.is_multiple_of(ENCLOSURES) {
        let (visit, enclosure) = visit_with_enclosure(&reporter, body, &keys, &vec![1; 100_000]);
        let (digest, enclosure) = (visit.digest.to_hex(), Some(enclosure));
        return Sealed { reporter, request: visit.request, digest, enclosure };
    }
    let visit = visit(&reporter, body, &keys);
    Sealed { reporter, request: visit.request, digest: visit.digest.to_hex(), enclosure: None }
}

fn post(agent: &ureq::Agent, portal: &str, request: &[u8]) -> Result<Answer, String> {
    send(agent, "POST", &format!("{portal}/api/visits"), request)
}

fn send_all(portal: &str, one: &Sealed, agent: &ureq::Agent) {
    let answer = post(agent, portal, &one.request).expect("answered");
    assert_eq!(answer.status, 200, "{}", answer.code());
    if let Some(enclosure) = &one.enclosure {
        enclosure.send(portal);
    }
}

/// Checks that the report's letter and slot are stored, and that its enclosure is complete.
fn is_there(portal: &str, installation: &Installation, one: &Sealed, agent: &ureq::Agent) {
    let keys = installation.keys();
    let looking = visit(&one.reporter, Body::Cover {}, &keys);
    let slot = post(agent, portal, &looking.request).expect("answered").body;
    let slot = one.reporter.read_slot(&slot, &keys).expect("a slot");
    let Slot::First { received, .. } = slot else { panic!("a first slot") };
    assert_eq!(received.len(), 1, "the first slot came from the report, not from looking");
    if let Some(enclosure) = &one.enclosure {
        assert_eq!(enclosure.request(portal, "GET", "", b"").json()["complete"], true);
    }
}

#[test]
fn a_thousand_reports_of_eight_senders_none_lost_none_doubled() {
    for database in Database::ALL {
        let installation = Installation::new(database);
        let portal = installation.portal();
        let all: Vec<Sealed> = (0..REPORTS).map(|number| sealed(&installation, number)).collect();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..SENDERS {
                scope.spawn(|| {
                    let agent = agent();
                    while let Some(one) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                        send_all(&portal.address, one, &agent);
                        // Some send twice, as after a lost answer.
                        if one.request[50].is_multiple_of(7) {
                            send_all(&portal.address, one, &agent);
                        }
                    }
                });
            }
        });
        let agent = agent();
        for one in &all {
            is_there(&portal.address, &installation, one, &agent);
        }
        drop(portal);
        // Each mailbox was also visited once, and a visit sends a cover letter.
        assert_eq!(installation.uncollected().len(), 2 * REPORTS, "none doubled, {database:?}");
    }
}

#[test]
fn killed_right_after_an_answer_everything_acknowledged_is_there() {
    for database in Database::ALL {
        let installation = Installation::new(database);
        let acknowledged = Mutex::new(Vec::new());
        for round in 0..6 {
            let mut portal = installation.portal();
            let batch: Vec<Sealed> =
                (0..40).map(|number| sealed(&installation, (round * 40 + number) * ENCLOSURES + 1)).collect();
            let address = portal.address.clone();
            let enough = AtomicUsize::new(0);
            thread::scope(|scope| {
                let mut queues: Vec<Vec<Sealed>> = (0..4).map(|_| Vec::new()).collect();
                for (index, one) in batch.into_iter().enumerate() {
                    queues[index % 4].push(one);
                }
                for queue in queues {
                    let (address, enough, acknowledged) = (&address, &enough, &acknowledged);
                    scope.spawn(move || {
                        let agent = agent();
                        for one in queue {
                            if post(&agent, address, &one.request).is_ok_and(|answer| answer.status == 200) {
                                acknowledged.lock().expect("no panic").push(one);
                                enough.fetch_add(1, Ordering::SeqCst);
                            }
                        }
                    });
                }
                while enough.load(Ordering::SeqCst) < 10 {
                    thread::yield_now();
                }
                if round % 2 == 0 {
                    portal.kill();
                } else {
                    assert!(portal.terminate().success());
                }
            });
        }
        let portal = installation.portal();
        let acknowledged = acknowledged.into_inner().expect("no panic");
        let digests: BTreeSet<&String> = acknowledged.iter().map(|one| &one.digest).collect();
        assert!(digests.len() >= 60 && digests.len() == acknowledged.len());
        let agent = agent();
        for one in &acknowledged {
            is_there(&portal.address, &installation, one, &agent);
        }
    }
}

#[test]
fn an_enclosure_goes_on_where_a_killed_portal_stopped() {
    let installation = Installation::new(Database::Sqlite);
    let agent = agent();
    let (keys, one) = (installation.keys(), reporter());
    let (visit, enclosure) = visit_with_enclosure(&one, report("x"), &keys, &vec![7; 9_000_000]);
    let mut portal = installation.portal();
    post(&agent, &portal.address, &visit.request).expect("answered");
    let attempt = enclosure.begin(&portal.address);
    for number in [0, 1] {
        assert_eq!(enclosure.put(&portal.address, attempt, number).status, 200);
    }
    portal.kill();
    let portal = installation.portal();
    let arrived = enclosure.request(&portal.address, "GET", "", b"").json();
    assert_eq!(arrived["parts"], serde_json::json!([0, 1]));
    for number in 0..enclosure.parts.len() {
        assert_eq!(enclosure.put(&portal.address, attempt, number).status, 200);
    }
    let arrived = enclosure.request(&portal.address, "GET", "", b"").json();
    assert_eq!(arrived["complete"], true);
}

/// A full disk, simulated by a file size limit that makes writes fail.
#[test]
fn on_a_full_disk_the_refused_is_told_and_the_acknowledged_is_kept() {
    let installation = Installation::new(Database::Sqlite);
    let mut command = Command::new("sh");
    command.arg("-c").arg("trap '' XFSZ; ulimit -f 4000; exec \"$0\" --config \"$1\" serve");
    command.arg(programs().join("portal")).arg(installation.at("portal/portal.toml")).env_remove("PORTAL_ADDR");
    let portal = Running::start(command, &installation.at("portal.log"));
    let agent = agent();
    let mut kept = Vec::new();
    let refused = (1..200).find_map(|number| {
        let one = sealed(&installation, number * ENCLOSURES + 1);
        let answer = post(&agent, &portal.address, &one.request).expect("answered");
        if answer.status == 200 {
            kept.push(one);
            return None;
        }
        Some((answer, one))
    });
    let (answer, one) = refused.expect("the disk is full at last");
    assert_eq!((answer.status, answer.code().as_str()), (500, "storage"));
    assert!(kept.len() > 5);
    drop(portal);
    let portal = installation.portal();
    for kept in &kept {
        is_there(&portal.address, &installation, kept, &agent);
    }
    assert_eq!(post(&agent, &portal.address, &one.request).expect("answered").status, 200, "sent again with room");
    is_there(&portal.address, &installation, &one, &agent);
}
