//! Checkpoints outside the installation: a witness cosigns only a log that grows, the portal publishes the checkpoint,
//! reporters get proofs, and no letter is opened on a log that contradicts an earlier checkpoint.

use kit::sentences::says;
use std::fs;

use crypto::log::access_list::AccessList;
use crypto::log::checkpoint::Checkpoint;
use crypto::log::witness::read_cosigned;
use kit::console_client::text;
use kit::program::run;
use kit::requests::{agent, send};
use kit::scenario::{Scenario, refused};

/// The checkpoint that the portal publishes.
fn published(scenario: &Scenario) -> String {
    let url = format!("{}/log/checkpoint", scenario.portal.address);
    let answer = send(&agent(), "GET", &url, &[]).expect("answered");
    assert_eq!(answer.status, 200);
    text(&answer)
}

/// Replaces the recorder's log with an earlier copy.
fn restore(scenario: &mut Scenario, copy: &str) {
    scenario.recorder.terminate();
    scenario.installation.restore_recorder(copy);
    scenario.recorder = scenario.installation.recorder();
}

/// Programs that hold keys have a core dump limit of zero, so that a crash writes no key to a disk.
#[test]
fn programs_that_hold_keys_leave_no_core_dump() {
    let mut scenario = Scenario::begin();
    let mut witness = scenario.installation.witness();
    for (name, program) in
        [("witness", &mut witness), ("recorder", &mut scenario.recorder), ("console", &mut scenario.console)]
    {
        let limits = fs::read_to_string(format!("/proc/{}/limits", program.id())).expect("limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        let words: Vec<&str> = core.split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "{name}: {core}");
    }
}

#[test]
fn a_reporter_gets_proofs_at_a_checkpoint_that_a_witness_has_cosigned() {
    let scenario = Scenario::begin();
    let keys = scenario.installation.keys();
    let mut zhou = scenario.client("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    let first = scenario.slot();
    assert!(first.witnessed.is_none(), "nobody has cosigned anything");
    assert!(Checkpoint::read(&published(&scenario), &keys.keys.log).is_ok(), "the log's own signature is published");
    // By files, as on a USB stick: an exchange writes the checkpoint, the witness cosigns it, and the next exchange
    // reads it.
    assert!(scenario.installation.cosign().expect("cosigned").starts_with("cosigned the log at "));
    assert_eq!(scenario.installation.cosign().expect("nothing to do"), "no checkpoint waits\n");
    let slot = scenario.slot();
    let witnessed = slot.witnessed.expect("proofs");
    let at = read_cosigned(&witnessed.checkpoint, &keys.keys.log, &keys.keys.witnesses).expect("cosigned");
    let list = AccessList::read(&slot.access, &slot.mailbox, &keys.keys.recorder.key()).expect("the recorder's");
    assert_eq!((list.records.len(), witnessed.proofs.len()), (1, 1));
    witnessed.proofs[0].check(&at, &slot.mailbox, &list.records[0]).expect("it stands in the log");
    // With a running witness the portal's checkpoint is cosigned too.
    let _witness = scenario.installation.witness();
    let slot = scenario.slot();
    let now = read_cosigned(&published(&scenario), &keys.keys.log, &keys.keys.witnesses).expect("cosigned");
    assert!(now.size > at.size);
    assert_eq!(slot.witnessed.expect("proofs").checkpoint, published(&scenario));
}

#[test]
fn on_a_log_from_an_old_backup_nothing_opens_until_the_auditor_goes_on() {
    let mut scenario = Scenario::begin();
    scenario.installation.exchange(None).expect("a checkpoint for the witness");
    scenario.installation.cosign().expect("cosigned");
    scenario.installation.back_up_recorder("old");
    let mut zhou = scenario.client("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    // An attacker with the recorder removes the entry of this opening.
    restore(&mut scenario, "old");
    let contradiction = "recorder-contradiction";
    refused(&zhou.post("/en/reports/1/open", &[("purpose", "verify")]), 503, contradiction);
    refused(&zhou.get("/en/reports/1/handling"), 503, contradiction);
    let stopped = scenario.installation.exchange(Some("zhou")).expect_err("stopped");
    assert!(stopped.contains("the exchange stopped: log"), "{stopped}");
    let folder = scenario.installation.at("recorder");
    let verified = run("recorder", &["--folder", folder.to_str().expect("UTF-8"), "log", "verify"]);
    assert!(verified.is_ok(), "an old log is whole in itself");
    // The auditor's page finds the contradiction by the checkpoint that the witness was asked to cosign.
    let mut shen = scenario.client("shen");
    let page = text(&shen.get("/en/log"));
    assert!(page.contains("id=\"contradiction\"") && says(&page, "log-contradiction-text"), "{page}");
    assert_eq!(zhou.post("/en/log/acknowledge", &[]).status, 404, "not for officers");
    assert_eq!(shen.post("/en/log/acknowledge", &[]).status, 303);
    let page = text(&shen.get("/en/log"));
    assert!(!page.contains("id=\"contradiction\"") && says(&page, "action-acknowledge-log"), "{page}");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "verify")])).contains("暗管"));
}

#[test]
fn a_witness_finds_an_old_backup_and_a_fork() {
    let mut scenario = Scenario::begin();
    scenario.installation.back_up_recorder("old");
    for _ in 0..2 {
        scenario.installation.exchange(Some("zhou")).expect("exchanged");
        scenario.installation.cosign().expect("cosigned");
    }
    // The same attacker has the console's disk, and deletes its checkpoints too: only the witness still has them.
    restore(&mut scenario, "old");
    scenario.installation.tamper_with_register("DELETE FROM checkpoints");
    let cosign = || scenario.installation.cosign().expect("answered");
    let exchange = || scenario.installation.exchange(Some("zhou"));
    // The cosigned checkpoint that the exchange has not read yet is of a longer log.
    assert!(exchange().expect_err("told").contains("the exchange stopped: witness"));
    exchange().expect("left for the witness");
    assert!(cosign().starts_with("NOT COSIGNED"), "cut");
    assert!(exchange().expect_err("told").contains("the exchange stopped: witness"));
    // The log grows with different entries beyond the size that the witness has cosigned.
    for _ in 0..6 {
        drop(scenario.client("wu"));
    }
    exchange().expect("left for the witness");
    assert!(cosign().contains("the proof must begin at"));
    exchange().expect("with that proof");
    assert!(cosign().starts_with("NOT COSIGNED"), "forked");
    assert!(scenario.installation.at("witness/contradiction").exists(), "both notes are kept");
    assert!(exchange().expect_err("told").contains("the exchange stopped: witness"));
    assert!(scenario.look().witnessed.is_none(), "nothing unproved is shown as proved");
}
