//! Cases to their end: a simple one with evidence, one beyond a town, a suspected crime, one that comes back, and the
//! effect of a review on a reward that was computed already.

use crypto::slots::slot::{ClaimState, ReportOutcome};
use kit::console_client::{ConsoleClient, text};
use kit::html;
use kit::installation::today;
use kit::scenario::{ASSIGNMENT, DECIDED, DECISION, SHEET, Scenario, decided_case, done, proposal, refused, with};
use kit::sentences::{says, says_with};

/// Makes an entry of a kind, with the fields of that kind.
fn enter(desk: &mut ConsoleClient, path: &str, seen: u32, kind: &str, more: &[(&str, &str)]) {
    let seen = seen.to_string();
    done(&desk.post(path, &[&[("expected-version", seen.as_str()), ("kind", kind)], more].concat()));
}

const NOTE: &[(&str, &str)] = &[("note", "现场情况见说明。")];

/// A case from an inspection, assigned.
fn assigned(zhou: &mut ConsoleClient) {
    assert!(text(&zhou.post("/en/cases/new/cross", SHEET)).contains("cases/1"));
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
}

/// From the beginning of the work to the closure.
fn to_closure(desks: (&mut ConsoleClient, &mut ConsoleClient, &mut ConsoleClient), from: u32) {
    let (zhou, qian, he) = desks;
    enter(qian, "/en/cases/1", from, "started", &[]);
    enter(qian, "/en/cases/1", from + 1, "applied", NOTE);
    enter(zhou, "/en/cases/1", from + 2, "verified", NOTE);
    let closed = [NOTE, &[("publication", "某企业暗管已拆除。")]].concat();
    enter(he, "/en/approvals/cases/1", from + 3, "closed", &closed);
}

#[test]
fn a_simple_case_with_evidence() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    assigned(&mut zhou);
    enter(&mut qian, "/en/cases/1", 2, "started", &[]);
    let progress = [("expected-version", "3"), ("kind", "progress"), ("note", "暗管已挖出")];
    let files: &[(&str, &[u8])] = &[("挖掘 <1>&.jpg", b"\xff\xd8not a picture"), ("../../etc/passwd", b"x")];
    done(&qian.post_files("/en/cases/1", &progress, ("files", files)));
    let page = text(&qian.get("/en/cases/1"));
    assert!(
        page.contains("挖掘 _1_&amp;.jpg") && page.contains("passwd</a>") && !page.contains("etc/passwd"),
        "{page}"
    );
    let path = html::attribute(&page, "a[href^='/en/cases/1/files/']", "href").expect("a file");
    let file = qian.get(&path);
    assert_eq!(file.body, b"\xff\xd8not a picture");
    let disposition = file.header("content-disposition").expect("for saving");
    assert!(disposition.starts_with("attachment;") && !disposition.contains('<'), "{disposition}");
    assert_eq!(file.header("content-type"), Some("application/octet-stream"));
    assert_eq!(he.get(&path.replace("/en/", "/en/approvals/")).body, file.body, "who signs off may look too");
    assert_eq!(qian.get("/en/cases/1/files/00").status, 404);
    let large = vec![0; 17 * 1024 * 1024];
    let too_large = qian.post_files("/en/cases/1", &progress, ("files", &[("a", large.as_slice())]));
    refused(&too_large, 413, "too-large-kept");
    assert!(text(&too_large).contains("暗管已挖出"), "what was written beside them stays");
    let again = text(&qian.post("/en/cases/1", &[&progress[..], &[("again", "1")]].concat()));
    assert!(again.contains("暗管已挖出</textarea>"), "and stands in its form: {again}");
    let many: Vec<(&str, &[u8])> = (0..11).map(|_| ("a", b"x".as_slice())).collect();
    let progress = with(&progress, "expected-version", "4");
    refused(&qian.post_files("/en/cases/1", &progress, ("files", &many)), 400, "bad-evidence");
    enter(&mut qian, "/en/cases/1", 4, "applied", NOTE);
    enter(&mut zhou, "/en/cases/1", 5, "verified", NOTE);
    let own = zhou.post("/en/cases/1", &[&[("expected-version", "6"), ("kind", "closed")], NOTE].concat());
    refused(&own, 400, "case-same-person");
    enter(&mut he, "/en/approvals/cases/1", 6, "closed", &[NOTE, &[("publication", "已整改")]].concat());
    assert!(text(&zhou.get("/en/cases?show=all")).contains("closed"));
    let log = scenario.client("shen").log("action=read-evidence");
    assert!(says(&log, "action-read-evidence"), "{log}");
    // An evidence file that somebody with the console's disk replaced is not served.
    scenario.installation.tamper_with_register("UPDATE evidence SET content = x'00'");
    assert_eq!(qian.get(&path).status, 500);
}

#[test]
fn a_case_beyond_one_town_goes_to_the_county_and_is_watched() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    assigned(&mut zhou);
    enter(&mut qian, "/en/cases/1", 2, "started", &[]);
    enter(&mut qian, "/en/cases/1", 3, "escalated", &[("note", "上游在邻镇")]);
    let page = text(&qian.get("/en/cases/1"));
    assert!(says(&page, "case-escalated") && !page.contains("id=\"enter-progress\""), "{page}");
    let early = qian.post("/en/cases/1", &[&[("expected-version", "4"), ("kind", "progress")], NOTE].concat());
    refused(&early, 400, "case-out-of-order");
    enter(&mut he, "/en/approvals/cases/1", 4, "supervised", &[("note", "县领导挂牌")]);
    assert!(text(&zhou.get("/en/cases?show=late")).contains("watched from above"));
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "5")], ASSIGNMENT].concat()));
    enter(&mut zhou, "/en/cases/1", 6, "asked-expert", &[("expert", "省环科院"), ("note", "溯源")]);
    assert!(says_with(&text(&zhou.get("/en/cases/1")), "expert-waits", &[("expert", "省环科院")]));
    enter(&mut zhou, "/en/cases/1", 7, "opinion", &[("note", "与上游废水一致")]);
    to_closure((&mut zhou, &mut qian, &mut he), 8);
    let page = text(&zhou.get("/en/cases/1"));
    assert!(page.contains("closed") && page.contains("某企业暗管已拆除。"), "{page}");
}

#[test]
fn a_suspected_crime_is_transferred_and_answered() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    assigned(&mut zhou);
    let sent = today().minus_days(30).to_string();
    let transfer = [
        ("authority", "police"),
        ("transfer", "台环移〔2026〕3 号"),
        ("sent-on", sent.as_str()),
        ("note", "涉嫌污染环境罪"),
    ];
    refused(
        &qian.post("/en/cases/1", &[&[("expected-version", "2"), ("kind", "transferred")], &transfer[..]].concat()),
        400,
        "case-out-of-order",
    );
    enter(&mut zhou, "/en/cases/1", 2, "transferred", &transfer);
    let late = text(&zhou.get("/en/cases?show=late"));
    assert!(says(&late, "transfer-late"), "three working days are over: {late}");
    let answer =
        |number| [("transfer", number), ("taken", "yes"), ("on", sent.as_str()), ("note", "台公立〔2026〕9 号")];
    let other = zhou
        .post("/en/cases/1", &[&[("expected-version", "3"), ("kind", "answered")], &answer("another")[..]].concat());
    refused(&other, 400, "transfer-none");
    let twice =
        zhou.post("/en/cases/1", &[&[("expected-version", "3"), ("kind", "transferred")], &transfer[..]].concat());
    refused(&twice, 400, "transfer-stands");
    enter(&mut zhou, "/en/cases/1", 3, "answered", &answer("台环移[2026]3号"));
    assert!(says(&text(&zhou.get("/en/cases?show=late")), "cases-none-late"));
    let page = text(&qian.get("/en/cases/1"));
    assert!(page.contains("police") && page.contains("taken on") && page.contains("台公立〔2026〕9 号"), "{page}");
    to_closure((&mut zhou, &mut qian, &mut he), 4);
}

#[test]
fn a_closed_case_comes_back() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    assigned(&mut zhou);
    to_closure((&mut zhou, &mut qian, &mut he), 2);
    refused(
        &qian.post("/en/cases/1", &[&[("expected-version", "6"), ("kind", "progress")], NOTE].concat()),
        400,
        "case-out-of-order",
    );
    enter(&mut zhou, "/en/cases/1", 6, "reopened", &[("note", "又在排")]);
    assert!(says(&text(&qian.get("/en/cases")), "case-rectifying"));
    enter(&mut qian, "/en/cases/1", 7, "applied", NOTE);
    enter(&mut zhou, "/en/cases/1", 8, "returned", &[("note", "还有一处")]);
    enter(&mut qian, "/en/cases/1", 9, "applied", NOTE);
    enter(&mut zhou, "/en/cases/1", 10, "verified", NOTE);
    enter(&mut he, "/en/approvals/cases/1", 11, "closed", NOTE);
    assert!(text(&qian.get("/en/cases/1")).matches("Signed off and closed").count() >= 2);
}

#[test]
fn a_review_after_a_reward_was_computed_is_noticed_on_both_sides() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    let number = ("document", "台环罚〔2026〕17 号");
    let day = today().to_string();
    let contested = [number, ("on", day.as_str()), ("note", "申请复议")];
    enter(&mut qian, "/en/cases/1", 3, "contested", &contested);
    let early = he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]);
    assert_eq!(early.status, 409);
    assert!(text(&he.get("/en/approvals/claims/1")).contains("is under review"), "nothing is promised meanwhile");
    let absurd = [number, ("result", "changed"), ("reviewed-fine", "-1"), ("on", day.as_str()), ("note", "x")];
    refused(
        &qian.post("/en/cases/1", &[&[("expected-version", "4"), ("kind", "reviewed")], &absurd[..]].concat()),
        400,
        "bad-amount",
    );
    let no_fine = with(&absurd, "reviewed-fine", "");
    refused(
        &qian.post("/en/cases/1", &[&[("expected-version", "4"), ("kind", "reviewed")], &no_fine[..]].concat()),
        400,
        "bad-review-fine",
    );
    enter(&mut qian, "/en/cases/1", 4, "reviewed", &with(&absurd, "reviewed-fine", "200,000"));
    let stale = he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]);
    assert_eq!(stale.status, 409);
    assert!(says(&text(&he.get("/en/approvals/claims/1")), "claim-decision-changed"));
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "returned"), ("note", "复议变更")]));
    let again = with(
        &with(&proposal("台环罚〔2026〕17 号 200,000.00", &[]), "expected-version", "4"),
        "expected-claim-version",
        "2",
    );
    let answer = zhou.post("/en/reports/1/reward", &again);
    assert!(answer.status == 200, "{}", text(&answer));
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "3"), ("entry", "approved")]));
    assert!(matches!(scenario.slot().outcome, Some(ReportOutcome::Confirmed { .. })), "told");
    // A court revokes the fine after the approval: the award is not changed, and officer and approver see a notice.
    enter(&mut qian, "/en/cases/1", 5, "contested", &contested);
    let revoked = [number, ("result", "revoked"), ("reviewed-fine", ""), ("on", day.as_str()), ("note", "判决撤销")];
    enter(&mut qian, "/en/cases/1", 6, "reviewed", &revoked);
    for page in [zhou.get("/en/reports/1/handling"), he.get("/en/approvals/claims/1")] {
        assert!(says(&text(&page), "claim-decision-changed-since"), "{}", text(&page));
    }
    let Some(ReportOutcome::Confirmed { award, claim, .. }) = scenario.slot().outcome else { panic!("told") };
    assert_eq!(award.due_fen, 1_000_000, "what was approved is not silently changed");
    assert_eq!(claim.state, ClaimState::Correcting, "and nothing is paid meanwhile");
    let collected = [number, ("amount", "1"), ("on", day.as_str())];
    refused(
        &qian.post("/en/cases/1", &[&[("expected-version", "7"), ("kind", "collected")], &collected[..]].concat()),
        400,
        "case-out-of-order",
    );
}

#[test]
fn of_several_decisions_the_highest_fine_is_rewarded_and_what_is_paid_is_counted() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    decided_case(&mut zhou, &mut qian);
    let second = with(&with(DECISION, "document", "台环罚〔2026〕18 号"), "fine", "2,000,000.01");
    done(&qian.post("/en/cases/1", &[&[("expected-version", "3")], &second[..]].concat()));
    assert!(text(&zhou.get("/en/reports/1/reward")).contains("Reward: 100,000.00 yuan"));
    let day = today().to_string();
    let paid = |amount| [("document", "台环罚〔2026〕18 号"), ("amount", amount), ("on", day.as_str())];
    enter(&mut qian, "/en/cases/1", 4, "final", &[("document", "台环罚〔2026〕18 号"), ("on", day.as_str())]);
    enter(&mut qian, "/en/cases/1", 5, "collected", &paid("2,000,000"));
    let over =
        qian.post("/en/cases/1", &[&[("expected-version", "6"), ("kind", "collected")], &paid("0.02")[..]].concat());
    refused(&over, 400, "bad-more-than-fine");
    let page = text(&qian.get("/en/cases/1"));
    assert!(page.contains("final") && page.contains("2,000,000.00 yuan"), "{page}");
}
