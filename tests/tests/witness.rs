//! Checkpoints leave the house: a witness sees the log only grow, the portal shows it to anyone,
//! reporters get proofs, and a log that contradicts what was seen opens nothing.

use std::fs;

use crypto::access::AccessList;
use crypto::log::Checkpoint;
use crypto::witness::read_cosigned;
use tests::casework::{Work, refused};
use tests::desk::text;
use tests::house::House;
use tests::program::run;
use tests::requests::{agent, send};

/// What anyone may fetch from the portal.
fn published(work: &Work) -> String {
    let url = format!("{}/log/checkpoint", work.portal.address);
    let answer = send(&agent(), "GET", &url, &[]).expect("answered");
    assert_eq!(answer.status, 200);
    text(&answer)
}

fn recorder(house: &House, arguments: &[&str]) -> Result<String, String> {
    let folder = house.at("recorder");
    run("recorder", &[&["--folder", folder.to_str().expect("UTF-8")], arguments].concat())
}

/// Puts an earlier copy of the recorder's log in the place of the one that is.
fn restore(work: &mut Work, copy: &str) {
    work.recorder.terminate();
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(work.house.at(&format!("recorder/logbook.sqlite{suffix}")));
    }
    let from = work.house.at(copy);
    recorder(&work.house, &["restore", "--from", from.to_str().expect("UTF-8")]).expect("restored");
    work.recorder = work.house.recorder();
}

fn copy(house: &House, name: &str) {
    let to = house.at(name);
    recorder(house, &["backup", "--to", to.to_str().expect("UTF-8")]).expect("copied");
}

/// A crash must not write a key to a disk: that holds for whatever holds one.
#[test]
fn programs_that_hold_keys_leave_no_core_dump() {
    let mut work = Work::begin();
    let mut witness = work.house.witness();
    for (name, program) in [("witness", &mut witness), ("recorder", &mut work.recorder), ("console", &mut work.console)]
    {
        let limits = fs::read_to_string(format!("/proc/{}/limits", program.id())).expect("limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        let words: Vec<&str> = core.split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "{name}: {core}");
    }
}

#[test]
fn a_reporter_gets_proofs_at_a_checkpoint_that_a_witness_has_cosigned() {
    let work = Work::begin();
    let keys = work.house.keys();
    let mut zhou = work.desk("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    let first = work.slot();
    assert!(first.witnessed.is_none(), "nobody has cosigned anything");
    assert!(Checkpoint::read(&published(&work), &keys.keys.log).is_ok(), "the log's own signature is published");
    // As a stick would carry it: an exchange leaves it, the witness cosigns, the next one takes it in.
    assert!(work.house.cosign().expect("cosigned").starts_with("cosigned the log at "));
    assert_eq!(work.house.cosign().expect("nothing to do"), "no checkpoint waits\n");
    let slot = work.slot();
    let witnessed = slot.witnessed.expect("proofs");
    let at = read_cosigned(&witnessed.checkpoint, &keys.keys.log, &keys.keys.witnesses).expect("cosigned");
    let list = AccessList::read(&slot.access, &slot.mailbox, &keys.keys.recorder.key()).expect("the recorder's");
    assert_eq!((list.records.len(), witnessed.proofs.len()), (1, 1));
    witnessed.proofs[0].check(&at, &slot.mailbox, &list.records[0]).expect("it stands in the log");
    // With a witness that answers at once the portal's checkpoint is cosigned too.
    let _witness = work.house.witness();
    let slot = work.slot();
    let now = read_cosigned(&published(&work), &keys.keys.log, &keys.keys.witnesses).expect("cosigned");
    assert!(now.size > at.size);
    assert_eq!(slot.witnessed.expect("proofs").checkpoint, published(&work));
}

#[test]
fn on_a_log_from_an_old_backup_nothing_opens_until_the_auditor_goes_on() {
    let mut work = Work::begin();
    work.house.exchange(None).expect("a checkpoint for the witness");
    work.house.cosign().expect("cosigned");
    copy(&work.house, "old");
    let mut zhou = work.desk("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    // Whoever holds the recorder takes the entry of this opening away.
    restore(&mut work, "old");
    let contradiction = "not the one that was seen before";
    refused(&zhou.post("/en/reports/1/open", &[("purpose", "verify")]), 503, contradiction);
    refused(&zhou.get("/en/reports/1/handling"), 503, contradiction);
    let stopped = work.house.exchange(Some("zhou")).expect_err("stopped");
    assert!(stopped.contains("the exchange stopped: log"), "{stopped}");
    assert!(recorder(&work.house, &["log", "verify"]).is_ok(), "an old log is whole in itself");
    // The checkpoint that the witness was asked to cosign is as good as its own for finding it.
    let mut shen = work.desk("shen");
    let page = text(&shen.get("/en/log"));
    assert!(page.contains("id=\"contradiction\"") && page.contains("Until you acknowledge it"), "{page}");
    assert_eq!(zhou.post("/en/log/acknowledge", &[]).status, 404, "not for officers");
    assert_eq!(shen.post("/en/log/acknowledge", &[]).status, 303);
    let page = text(&shen.get("/en/log"));
    assert!(!page.contains("id=\"contradiction\"") && page.contains("acknowledged a contradiction"), "{page}");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "verify")])).contains("暗管"));
}

#[test]
fn a_witness_finds_an_old_backup_and_a_fork() {
    let mut work = Work::begin();
    copy(&work.house, "old");
    for _ in 0..2 {
        work.house.exchange(Some("zhou")).expect("exchanged");
        work.house.cosign().expect("cosigned");
    }
    // The console is made to forget too: only the witness still knows.
    restore(&mut work, "old");
    work.house.in_register("DELETE FROM checkpoints");
    let cosign = || work.house.cosign().expect("answered");
    let exchange = || work.house.exchange(Some("zhou"));
    // What was cosigned and not taken in yet is longer than the log.
    assert!(exchange().expect_err("told").contains("the exchange stopped: witness"));
    exchange().expect("left for the witness");
    assert!(cosign().starts_with("NOT COSIGNED"), "cut");
    assert!(exchange().expect_err("told").contains("the exchange stopped: witness"));
    // The log grows again, otherwise than before, beyond what was seen.
    for _ in 0..6 {
        drop(work.desk("wu"));
    }
    exchange().expect("left for the witness");
    assert!(cosign().contains("the proof must begin at"));
    exchange().expect("with that proof");
    assert!(cosign().starts_with("NOT COSIGNED"), "forked");
    assert!(work.house.at("witness/contradiction").exists(), "both notes are kept");
    assert!(exchange().expect_err("told").contains("the exchange stopped: witness"));
    assert!(work.look().witnessed.is_none(), "nothing unproved is shown as proved");
}
