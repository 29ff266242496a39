//! Reports are erased after their retention period, by an officer who did not decide them; the log and the handling
//! stay.

use kit::sentences::{says, says_with};
use std::fs;

use kit::console_client::text;
use kit::program::run;
use kit::scenario::{Scenario, done, refused};

/// Days after which a report that was not the office's may be erased (policy/retention).
const KEPT: u32 = 91;

fn keys(scenario: &Scenario) -> usize {
    let folders = ["recorder/letter-keys-1", "recorder/letter-keys-2"];
    // One file of each folder is its marker, not a key.
    folders.map(|folder| fs::read_dir(scenario.installation.at(folder)).expect("a folder").count() - 1).iter().sum()
}

#[test]
fn another_officer_erases_what_was_kept_long_enough() {
    let mut scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    done(
        &zhou
            .post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "not-ours"), ("note", "the city's")]),
    );
    assert!(says(&text(&zhou.get("/en/retention")), "retention-none"), "it was decided today");
    scenario.days_later(KEPT);
    let (mut zhou, mut wu) = (scenario.client("zhou"), scenario.client("wu"));
    assert!(says_with(&text(&wu.get("/en/inbox")), "retention-link", &[("count", "1")]));
    assert!(says(&text(&zhou.get("/en/retention")), "retention-mine"));
    let nothing = text(&zhou.post("/en/retention", &[("report", "1")]));
    assert!(says_with(&nothing, "retention-done", &[("count", "0")]), "{nothing}");
    refused(&wu.post("/en/retention", &[]), 400, "retention-nothing-chosen");
    assert_eq!(keys(&scenario), 2);
    let erased = text(&wu.post("/en/retention", &[("report", "1")]));
    assert!(says_with(&erased, "retention-done", &[("count", "1")]), "{erased}");
    assert_eq!(keys(&scenario), 0, "its key is gone from both disks");
    let page = text(&zhou.get("/en/reports/1"));
    assert!(says(&page, "report-erased") && !page.contains("/reports/1/open"), "{page}");
    let open = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    assert!(!open.contains("暗管"), "{open}");
    let handling = text(&zhou.get("/en/reports/1/handling"));
    assert!(handling.contains("the city"), "the handling stays: {handling}");
    zhou.exchange();
    let slot = scenario.look();
    assert!(slot.erased_on.is_some() && slot.received.len() == 1, "the reporter is told");
    // The log outlives the content, and has the number of erased reports.
    let log = scenario.client("shen").log("action=erase-reports");
    assert!(says(&log, "action-erase-reports") && log.contains("1 reports"), "{log}");
    let folder = scenario.installation.at("recorder");
    run("recorder", &["--folder", folder.to_str().expect("UTF-8"), "log", "verify"]).expect("sound");
}

#[test]
fn who_can_write_the_register_cannot_have_an_open_report_erased() {
    let scenario = Scenario::begin();
    let (mut zhou, mut wu) = (scenario.client("zhou"), scenario.client("wu"));
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    done(&zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "by Wu")]));
    scenario.installation.tamper_with_register(
        "UPDATE letters SET received_on = '2020-01-01'; UPDATE sealed_records SET written_on = '2020-01-01'; \
         UPDATE mailboxes SET stage = 'not-ours'",
    );
    assert!(text(&wu.get("/en/retention")).contains("Report 1"));
    refused(&wu.post("/en/retention", &[("report", "1")]), 503, "recorder-not-erasable");
    assert_eq!(keys(&scenario), 2);
    assert!(text(&wu.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"), "nothing was lost");
}
