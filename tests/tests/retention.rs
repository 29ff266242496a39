//! Reports are erased when they were kept long enough, by an officer who did not decide them; the log
//! and what was made of them stay.

use std::fs;

use tests::casework::{Work, done, refused};
use tests::desk::text;
use tests::house::today;
use tests::program::run;

/// Everything about report 1 happened long ago.
const LONG_AGO: &str = "UPDATE letters SET received_on = '2020-01-01'; UPDATE papers SET written_on = '2020-01-01';";

fn keys(work: &Work) -> usize {
    let folders = ["recorder/letter-keys-1", "recorder/letter-keys-2"];
    // One file of each folder is its mark.
    folders.map(|folder| fs::read_dir(work.house.at(folder)).expect("a folder").count() - 1).iter().sum()
}

#[test]
fn another_officer_erases_what_was_kept_long_enough() {
    let work = Work::begin();
    let (mut zhou, mut wu) = (work.desk("zhou"), work.desk("wu"));
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    done(&zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "not-ours"), ("note", "the city's")]));
    assert!(text(&wu.get("/en/retention")).contains("No report"), "it was decided today");
    work.house.in_register(LONG_AGO);
    assert!(text(&wu.get("/en/inbox")).contains("1 reports were kept long enough"));
    assert!(text(&zhou.get("/en/retention")).contains("Decided by you"));
    let nothing = text(&zhou.post("/en/retention", &[("report", "1")]));
    assert!(nothing.contains("0 reports were erased"), "{nothing}");
    refused(&wu.post("/en/retention", &[]), 400, "Tick the reports");
    assert_eq!(keys(&work), 2);
    let erased = text(&wu.post("/en/retention", &[("report", "1")]));
    assert!(erased.contains("1 reports were erased for good"), "{erased}");
    assert_eq!(keys(&work), 0, "its key is gone from both disks");
    let page = text(&zhou.get("/en/reports/1"));
    assert!(page.contains("was kept long enough and has been erased") && !page.contains("/reports/1/open"), "{page}");
    let open = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    assert!(!open.contains("暗管"), "{open}");
    // A step is believed only on the day that its record names: it gets that day back.
    let today = today();
    work.house.in_register(&format!("UPDATE papers SET written_on = '{today}'"));
    let handling = text(&zhou.get("/en/reports/1/handling"));
    assert!(handling.contains("the city"), "the handling stays: {handling}");
    let slot = work.slot();
    assert!(slot.erased_on.is_some() && slot.received.len() == 1, "the reporter is told");
    // The log outlives the content, and says how many.
    let log = text(&work.desk("shen").get("/en/log?action=erase-reports"));
    assert!(log.contains("erased reports whose time was over") && log.contains("1 reports"), "{log}");
    let folder = work.house.at("recorder");
    run("recorder", &["--folder", folder.to_str().expect("UTF-8"), "log", "verify"]).expect("sound");
}

#[test]
fn who_can_write_the_register_cannot_have_an_open_report_erased() {
    let work = Work::begin();
    let (mut zhou, mut wu) = (work.desk("zhou"), work.desk("wu"));
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"));
    done(&zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "verify"), ("note", "by Wu")]));
    work.house.in_register(&format!("{LONG_AGO} UPDATE mailboxes SET stage = 'not-ours'"));
    assert!(text(&wu.get("/en/retention")).contains("Report 1"));
    refused(&wu.post("/en/retention", &[("report", "1")]), 503, "is not decided, or was decided by you");
    assert_eq!(keys(&work), 2);
    assert!(text(&wu.post("/en/reports/1/open", &[("purpose", "review")])).contains("暗管"), "nothing was lost");
}
