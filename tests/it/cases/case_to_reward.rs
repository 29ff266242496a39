//! From a report to a case to a reward, over HTTP: permitted and refused actions of each role, and the views of each
//! role and the reporter.

use crypto::slots::slot::ReportOutcome;
use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use kit::scenario::{
    ASSIGNMENT, DECIDED, DECISION, SHEET, Scenario, decided_case, done, open_case, proposal, refused, with,
};
use kit::sentences::{says, says_with};
use model::Line;

#[test]
fn from_tip_to_case_to_reward_and_the_reporter_learns_of_it_only_when_it_is_decided() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    assert!(says(&text(&qian.get("/en/cases")), "cases-none-unit"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(scenario.slot().outcome, None, "quiet until decided");

    let page = text(&zhou.get("/en/reports/1/reward"));
    for said in ["1,234,567.89 yuan; 5 % of it", "is 61,728.39 yuan", "Reward: 61,728.39 yuan"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let proposed = zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[]));
    assert!(says(&text(&proposed), "reward-proposed"), "{}", text(&proposed));
    assert_eq!(scenario.slot().outcome, None, "proposed is not decided");

    assert!(says_with(&text(&he.get("/en/approvals")), "claim-number", &[("number", "1")]));
    let seen = text(&he.get("/en/approvals/claims/1"));
    assert!(seen.contains("Reward: 61,728.39 yuan") && seen.contains("A pipe behind the west wall."), "{seen}");
    assert!(!seen.contains("reports/1") && !seen.contains("暗管在西墙"), "an approver learns of no report");
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]));
    let Some(ReportOutcome::Confirmed { award, closed: false, .. }) = scenario.slot().outcome else { panic!("told") };
    let share = Line::Share { fine_fen: 123_456_789, basis_points: 500, share_fen: 6_172_839 };
    assert_eq!((award.due_fen, award.lines), (6_172_839, vec![share]));

    let note = |seen, kind| [("expected-version", seen), ("kind", kind), ("note", "The pipe is gone.")];
    for (seen, kind) in [("3", "started"), ("4", "progress"), ("5", "applied")] {
        done(&qian.post("/en/cases/1", &note(seen, kind)));
    }
    done(&zhou.post("/en/cases/1", &note("6", "verified")));
    assert!(says(&text(&he.get("/en/approvals")), "case-verified"));
    done(&he.post("/en/approvals/cases/1", &note("7", "closed")));
    assert!(text(&qian.get("/en/cases?show=all")).contains("closed"));
    assert!(matches!(scenario.slot().outcome, Some(ReportOutcome::Confirmed { closed: true, .. })));
    assert!(says(&text(&zhou.get("/en/inbox?show=all")), "stage-approved"));

    let log = scenario.client("shen").log("");
    for said in ["handled a report", "entered in a case", "proposed a reward", "decided a reward", "read a case"] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(!log.contains("A pipe behind"), "the log holds no content");
}

#[test]
fn fines_at_the_edges_and_fines_that_are_none() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    open_case(&mut zhou);
    assert_eq!(zhou.post("/en/cases/1", ASSIGNMENT).status, 400, "against which version is not said");
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    let bad = [
        ("-1", "bad-amount"),
        ("一百万", "bad-amount"),
        ("9223372036854775807", "bad-fine"),
        ("92233720368547758.07", "bad-fine"),
    ];
    for (fine, sentence) in bad {
        let typed = with(DECISION, "fine", fine);
        let answer = qian.post("/en/cases/1", &[&[("expected-version", "2")], &typed[..]].concat());
        refused(&answer, 400, sentence);
        assert!(text(&answer).contains(fine) && text(&answer).contains("台环罚〔2026〕17 号"), "nothing typed is lost");
    }
    let edges = [
        ("0", "No fine was imposed", "Reward: 0.00 yuan"),
        ("1999999.99", "is 99,999.99 yuan", "Reward: 99,999.99 yuan"),
        ("2000000", "is 100,000.00 yuan", "Reward: 100,000.00 yuan"),
        ("2000000.01", "is 100,000.00 yuan", "Reward: 100,000.00 yuan"),
        ("90071992547409.91", "The rules pay at most 100,000.00 yuan", "Reward: 100,000.00 yuan"),
    ];
    let mut seen = 2;
    for (fine, why, due) in edges {
        let at = seen.to_string();
        done(
            &qian.post(
                "/en/cases/1",
                &[&[("expected-version", at.as_str())], &with(DECISION, "fine", fine)[..]].concat(),
            ),
        );
        let page = text(&zhou.get("/en/reports/1/reward"));
        assert!(page.contains(due) && page.contains(why), "{fine}: {page}");
        let at = (seen + 1).to_string();
        let withdrawn = [
            ("expected-version", at.as_str()),
            ("kind", "withdrawn"),
            ("document", "台环罚〔2026〕17 号"),
            ("note", "mistyped"),
        ];
        done(&qian.post("/en/cases/1", &withdrawn));
        seen += 2;
    }
    refused(&zhou.get("/en/reports/1/reward"), 409, "reward-waits");
}

#[test]
fn nobody_approves_their_own_proposal_and_a_returned_one_is_proposed_again() {
    let people =
        ["zhou=officer,approver", "he=approver", "qian=case-unit@平桥执法中队", "shen=auditor", "lin=administrator"];
    let scenario = Scenario::with(Installation::with_people(Database::Sqlite, &people, true));
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    decided_case(&mut zhou, &mut qian);
    let special = |amount, grounds| proposal(DECIDED, &[("special", amount), ("grounds", grounds)]);
    let tried = zhou.post("/en/reports/1/reward", &special("500,000.01", "grave"));
    refused(&tried, 400, "reward-above-special");
    assert!(text(&tried).contains("grave"), "nothing typed is lost");
    refused(&zhou.post("/en/reports/1/reward", &special("61728.39", "grave")), 400, "reward-not-more");
    refused(&zhou.post("/en/reports/1/reward", &special("300000", "")), 400, "reward-no-grounds");
    refused(&zhou.post("/en/reports/1/reward", &proposal("台环罚〔2026〕17 号 1.00", &[])), 409, "reward-conflict");
    assert_eq!(zhou.post("/en/reports/1/reward", &special("300000", "Fish died for miles.")).status, 200);
    refused(&zhou.post("/en/reports/1/reward", &special("300000", "again")), 409, "handling-out-of-order");
    refused(
        &zhou.post("/en/reports/1/reward", &proposal("台环罚〔2026〕17 号 1.00", &[])),
        409,
        "handling-out-of-order",
    );

    let own = zhou.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]);
    refused(&own, 409, "claim-own-proposed");
    assert!(!text(&own).contains("id=\"approve\""), "and is not offered it");
    assert!(text(&he.get("/en/approvals/claims/1")).contains("Fish died for miles."));
    let empty = he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "returned"), ("note", " ")]);
    refused(&empty, 409, "bad-empty");
    done(&he.post(
        "/en/approvals/claims/1",
        &[("expected-version", "1"), ("entry", "returned"), ("note", "no consent yet")],
    ));
    assert_eq!(scenario.slot().outcome, None);
    assert!(says(&text(&zhou.get("/en/inbox?show=open")), "stage-returned"), "it is in hand again");
    assert!(says_with(&text(&zhou.get("/en/reports/1/handling")), "claim-returned", &[("why", "no consent yet")]));
    let again: Vec<_> = with(&with(&proposal(DECIDED, &[]), "expected-version", "4"), "expected-claim-version", "2");
    assert_eq!(zhou.post("/en/reports/1/reward", &again).status, 200);
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "3"), ("entry", "approved")]));
    let twice = he.post("/en/approvals/claims/1", &[("expected-version", "3"), ("entry", "approved")]);
    refused(&twice, 409, "claim-decided-already");
    let Some(ReportOutcome::Confirmed { award, .. }) = scenario.slot().outcome else { panic!("told") };
    assert_eq!(award.due_fen, 6_172_839);
}

#[test]
fn a_claim_sent_back_keeps_its_decision_from_another() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    done(&zhou.post(
        "/en/cases/1",
        &[
            ("expected-version", "3"),
            ("kind", "withdrawn"),
            ("document", "台环罚〔2026〕17 号"),
            ("note", "wrong case"),
        ],
    ));
    done(
        &he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "returned"), ("note", "withdrawn")]),
    );
    // The same decision in the case of another report.
    scenario.send(&visit(&reporter(), report("again"), &scenario.installation.keys()).request);
    zhou.exchange();
    second_case(&mut zhou);
    done(&zhou.post("/en/cases/2", &[&[("expected-version", "1")], DECISION].concat()));
    refused(&zhou.post("/en/reports/2/reward", &proposal(DECIDED, &[])), 409, "reward-document-taken");
}

/// Opens report 2 and its case.
fn second_case(zhou: &mut ConsoleClient) {
    zhou.post("/en/reports/2/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/2/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/2/fact-sheet/cross", &[&[("expected-version", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/2"), "{}", text(&crossed));
}

#[test]
fn states_out_of_order_two_at_once_and_a_decision_entered_twice() {
    let scenario = Scenario::begin();
    let (mut zhou, mut wu, mut qian) = (scenario.client("zhou"), scenario.client("wu"), scenario.client("qian"));
    let early = zhou.post("/en/reports/1/fact-sheet/cross", &[&[("expected-version", "0")], SHEET].concat());
    refused(&early, 409, "sheet-not-opened");
    assert!(text(&early).contains("A pipe behind the west wall."), "nothing typed is lost");
    refused(&zhou.get("/en/reports/1/fact-sheet"), 409, "handling-out-of-order");
    refused(&zhou.get("/en/reports/1/reward"), 409, "handling-out-of-order");
    let future = with(SHEET, "found-on", "2099-01-01");
    let future = zhou.post("/en/reports/1/fact-sheet/preview", &[&[("expected-version", "0")], &future[..]].concat());
    refused(&future, 400, "bad-future");

    let unread = zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "")]);
    refused(&unread, 409, "handling-unopened");
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    let silent =
        zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "not-effective"), ("note", " ")]);
    refused(&silent, 400, "bad-empty");
    done(
        &zhou.post(
            "/en/reports/1/handling",
            &[("expected-version", "0"), ("step", "not-effective"), ("note", "no place")],
        ),
    );
    let late =
        wu.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "I go tomorrow")]);
    refused(&late, 409, "handling-conflict");
    assert!(says(&text(&late), "stage-not-effective"));
    assert!(matches!(scenario.slot().outcome, Some(ReportOutcome::NotEffective {})));
    done(
        &wu.post(
            "/en/reports/1/handling",
            &[("expected-version", "1"), ("step", "reconsidered"), ("note", "more came")],
        ),
    );
    let told = scenario.slot().outcome;
    assert!(matches!(told, Some(ReportOutcome::NotEffective {})), "that it is looked at again does not show");
    let known = [("expected-version", "2"), ("step", "known"), ("note", ""), ("case", "7")];
    refused(&wu.post("/en/reports/1/handling", &known), 400, "known-case-unknown");

    done(&zhou.post("/en/reports/1/handling", &[("expected-version", "2"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/1/fact-sheet/cross", &[&[("expected-version", "3")], SHEET].concat());
    assert_eq!(crossed.status, 200);
    wu.post("/en/reports/1/open", &[("purpose", "review")]);
    let twice = wu.post("/en/reports/1/fact-sheet/cross", &[&[("expected-version", "3")], SHEET].concat());
    refused(&twice, 409, "handling-conflict");
    assert_eq!(zhou.get("/en/cases/2").status, 404, "one case, not two");

    let past = with(ASSIGNMENT, "deadline", "2022-01-30");
    refused(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], &past[..]].concat()), 400, "case-deadline-past");
    assert_eq!(qian.get("/en/cases/1").status, 404, "not theirs yet");
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    refused(&wu.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()), 409, "case-conflict");
    let applied = [("expected-version", "2"), ("kind", "applied"), ("note", "done")];
    let nobody = with(ASSIGNMENT, "unit", "somebody else");
    refused(&zhou.post("/en/cases/1", &[&[("expected-version", "2")], &nobody[..]].concat()), 400, "case-unknown-unit");
    let early = qian.post("/en/cases/1", &applied);
    refused(&early, 400, "case-out-of-order");
    assert!(says_with(&text(&early), "case-possible", &[("what", "Work begins")]), "and what does: {}", text(&early));
    let closed = [("expected-version", "2"), ("kind", "closed"), ("note", "done")];
    refused(&zhou.post("/en/cases/1", &closed), 400, "case-out-of-order");
    done(&qian.post("/en/cases/1", &[&[("expected-version", "2")], DECISION].concat()));
    let twice = qian.post("/en/cases/1", &[&[("expected-version", "3")], DECISION].concat());
    refused(&twice, 400, "decision-stands");
}

#[test]
fn without_the_recorder_nothing_is_handled_and_nothing_shown() {
    let mut scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    decided_case(&mut zhou, &mut qian);
    scenario.recorder.kill();
    for path in ["/en/reports/1/handling", "/en/reports/1/reward", "/en/cases", "/en/cases/1"] {
        let answer = zhou.get(path);
        assert_eq!(answer.status, 503, "{path}");
        assert!(!text(&answer).contains("Dongxi"), "{path}");
    }
    assert_eq!(he.get("/en/approvals").status, 503);
    assert_eq!(qian.get("/en/cases/1").status, 503);
    assert_eq!(qian.post("/en/cases/1", &[("expected-version", "3"), ("kind", "started")]).status, 503);
    scenario.recorder = scenario.installation.recorder();
    let page = text(&qian.get("/en/cases/1"));
    assert!(page.contains("id=\"enter-started\""), "nothing was entered: {page}");
}

#[test]
fn one_decision_earns_one_reward_and_its_author_does_not_approve_it() {
    let people = [
        "zhou=officer",
        "wu=officer,approver",
        "he=approver",
        "qian=case-unit@平桥执法中队",
        "shen=auditor",
        "lin=administrator",
    ];
    let scenario = Scenario::with(Installation::with_people(Database::Sqlite, &people, true));
    let (mut zhou, mut wu, mut he) = (scenario.client("zhou"), scenario.client("wu"), scenario.client("he"));
    open_case(&mut zhou);
    done(&wu.post("/en/cases/1", &[&[("expected-version", "1")], DECISION].concat()));
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    let own = wu.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]);
    refused(&own, 409, "claim-own-decision");
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]));
    // A document is withdrawn from one case and entered in another one, typed differently.
    done(&wu.post(
        "/en/cases/1",
        &[
            ("expected-version", "2"),
            ("kind", "withdrawn"),
            ("document", "台环罚〔2026〕17 号"),
            ("note", "wrong case"),
        ],
    ));
    assert!(says(&text(&zhou.get("/en/reports/1/handling")), "claim-decision-changed-since"));
    let second = visit(&reporter(), report("again"), &scenario.installation.keys());
    send(&agent(), "POST", &format!("{}/api/visits", scenario.portal.address), &second.request).expect("answered");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    second_case(&mut zhou);
    let typed = with(DECISION, "document", "台环罚[2026]１７号");
    done(&wu.post("/en/cases/2", &[&[("expected-version", "1")], &typed[..]].concat()));
    let again = with(&proposal(DECIDED, &[]), "decisions", "台环罚[2026]１７号 1,234,567.89");
    refused(&zhou.post("/en/reports/2/reward", &again), 409, "reward-document-taken");
}

#[test]
fn one_damaged_row_takes_nothing_from_anybody_else() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    decided_case(&mut zhou, &mut qian);
    assert!(text(&zhou.post("/en/cases/new/cross", &with(SHEET, "party", "乙厂"))).contains("cases/2"));
    assert!(
        text(&zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "thank you")])).contains("is kept")
    );
    // As a failing disk would, or somebody who writes it.
    scenario.installation.tamper_with_register(
        "UPDATE sealed_records SET sealed = zeroblob(100); DROP TRIGGER ledger_entries_stay; \
         UPDATE ledger_entries SET entry = '{}' WHERE ledger = 1",
    );
    let cases = text(&zhou.get("/en/cases"));
    assert!(cases.contains("Case 2") && says_with(&cases, "ledgers-unreadable", &[("numbers", "1")]), "{cases}");
    let said = scenario.installation.exchange(Some("zhou")).expect("exchanged");
    assert!(said.contains("1 slots replaced"), "{said}");
    let slot = scenario.slot();
    assert!(slot.dropped && slot.messages.is_empty() && slot.outcome.is_none());
}

#[test]
fn what_was_typed_survives_a_session_that_ended_and_comes_back_only_to_whom_it_concerns() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    decided_case(&mut zhou, &mut qian);
    qian.post("/en/lock", &[]);
    let typed = [("expected-version", "3"), ("kind", "started"), ("note", "hours of writing")];
    let locked = qian.post("/en/cases/1", &typed);
    assert_eq!(locked.status, 401);
    assert!(text(&locked).contains("name=\"draft-path\" value=\"cases/1\""), "{}", text(&locked));
    let draft = [
        ("draft-path", "cases/1"),
        ("draft.expected-version", "3"),
        ("draft.kind", "started"),
        ("draft.note", "hours of writing"),
    ];
    let sign_in = |who, password| [&[("account", who), ("password", password)], &draft[..]].concat();
    let mut shen = ConsoleClient::at(&scenario.console.address);
    let other = shen.send("POST", "/en/sign-in", &sign_in("shen", scenario.installation.password("shen")));
    assert_eq!(other.status, 303, "an auditor is not shown it");
    let back = text(&qian.send("POST", "/en/sign-in", &sign_in("qian", scenario.installation.password("qian"))));
    assert!(says(&back, "draft-title") && back.contains("hours of writing"), "{back}");
    // A carried-over form is only displayed, not carried out.
    let shown = qian.post("/en/cases/1", &[&typed[..], &[("again", "1")]].concat());
    assert!(shown.status == 200 && text(&shown).contains("id=\"enter-started\""), "{}", text(&shown));
    done(&qian.post("/en/cases/1", &typed));
}
