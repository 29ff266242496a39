//! From a tip to a case to a reward, over HTTP: what each role may do, what is refused, what each
//! of them and the reporter sees.

use crypto::slot::Outcome;
use database::{DatabaseUrl, Readers};
use diesel::connection::SimpleConnection as _;
use model::Line;
use tests::casework::{
    ASSIGNMENT, DECIDED, DECISION, SHEET, Work, decided_case, done, open_case, proposal, refused, with,
};
use tests::desk::{Desk, text};
use tests::house::{Database, House};
use tests::reporters::{report, reporter, visit};
use tests::requests::{agent, send};

#[test]
fn from_tip_to_case_to_reward_and_the_reporter_learns_of_it_only_when_it_is_decided() {
    let work = Work::begin();
    let (mut zhou, mut qian, mut he) = (work.desk("zhou"), work.desk("qian"), work.desk("he"));
    assert!(text(&qian.get("/en/cases")).contains("No case has been assigned"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(work.slot().outcome, None, "quiet until decided");

    let page = text(&zhou.get("/en/reports/1/reward"));
    for said in ["1,234,567.89 yuan; 5 % of it", "is 61,728.39 yuan", "Reward: 61,728.39 yuan"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let proposed = zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[]));
    assert!(text(&proposed).contains("The proposal is recorded"), "{}", text(&proposed));
    assert_eq!(work.slot().outcome, None, "proposed is not decided");

    assert!(text(&he.get("/en/approvals")).contains("Reward 1"));
    let seen = text(&he.get("/en/approvals/claims/1"));
    assert!(seen.contains("Reward: 61,728.39 yuan") && seen.contains("A pipe behind the west wall."), "{seen}");
    assert!(!seen.contains("reports/1") && !seen.contains("暗管在西墙"), "an approver learns of no report");
    done(&he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "approved")]));
    let Some(Outcome::Confirmed { award, closed: false, .. }) = work.slot().outcome else { panic!("told") };
    let share = Line::Share { fine_fen: 123_456_789, basis_points: 500, share_fen: 6_172_839 };
    assert_eq!((award.due_fen, award.lines), (6_172_839, vec![share]));

    let note = |seen, kind| [("seen", seen), ("kind", kind), ("note", "The pipe is gone.")];
    for (seen, kind) in [("3", "started"), ("4", "progress"), ("5", "applied")] {
        done(&qian.post("/en/cases/1", &note(seen, kind)));
    }
    done(&zhou.post("/en/cases/1", &note("6", "verified")));
    assert!(text(&he.get("/en/approvals")).contains("verified on the spot"));
    done(&he.post("/en/approvals/cases/1", &note("7", "closed")));
    assert!(text(&qian.get("/en/cases?show=all")).contains("closed"));
    assert!(matches!(work.slot().outcome, Some(Outcome::Confirmed { closed: true, .. })));
    assert!(text(&zhou.get("/en/inbox?show=all")).contains("reward approved"));

    let log = text(&work.desk("shen").get("/en/log"));
    for said in ["handled a report", "entered in a case", "proposed a reward", "decided a reward", "read a case"] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(!log.contains("A pipe behind"), "the log holds no content");
}

#[test]
fn fines_at_the_edges_and_fines_that_are_none() {
    let work = Work::begin();
    let (mut zhou, mut qian) = (work.desk("zhou"), work.desk("qian"));
    open_case(&mut zhou);
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));
    let bad = [
        ("-1", "Please write the amount in yuan with digits"),
        ("一百万", "Please write the amount in yuan with digits"),
        ("9223372036854775807", "That is no possible fine"),
        ("92233720368547758.07", "That is no possible fine"),
    ];
    for (fine, sentence) in bad {
        let typed = with(DECISION, "fine", fine);
        let answer = qian.post("/en/cases/1", &[&[("seen", "2")], &typed[..]].concat());
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
        done(&qian.post("/en/cases/1", &[&[("seen", at.as_str())], &with(DECISION, "fine", fine)[..]].concat()));
        let page = text(&zhou.get("/en/reports/1/reward"));
        assert!(page.contains(due) && page.contains(why), "{fine}: {page}");
        let at = (seen + 1).to_string();
        let withdrawn =
            [("seen", at.as_str()), ("kind", "withdrawn"), ("document", "台环罚〔2026〕17 号"), ("note", "mistyped")];
        done(&qian.post("/en/cases/1", &withdrawn));
        seen += 2;
    }
    refused(&zhou.get("/en/reports/1/reward"), 409, "The reward is computed when the case has a penalty decision");
}

#[test]
fn nobody_approves_their_own_proposal_and_a_returned_one_is_proposed_again() {
    let people =
        ["zhou=officer,approver", "he=approver", "qian=case-unit@平桥执法中队", "shen=auditor", "lin=administrator"];
    let work = Work::with(House::with_people(Database::Sqlite, &people, true));
    let (mut zhou, mut qian, mut he) = (work.desk("zhou"), work.desk("qian"), work.desk("he"));
    decided_case(&mut zhou, &mut qian);
    let special = |amount, grounds| proposal(DECIDED, &[("special", amount), ("grounds", grounds)]);
    let tried = zhou.post("/en/reports/1/reward", &special("500,000.01", "grave"));
    refused(&tried, 400, "at most 500,000.00 yuan");
    assert!(text(&tried).contains("grave"), "nothing typed is lost");
    refused(&zhou.post("/en/reports/1/reward", &special("61728.39", "grave")), 400, "more than the computed");
    refused(&zhou.post("/en/reports/1/reward", &special("300000", "")), 400, "needs its grounds");
    refused(
        &zhou.post("/en/reports/1/reward", &proposal("台环罚〔2026〕17 号 1.00", &[])),
        409,
        "The decision has changed",
    );
    assert_eq!(zhou.post("/en/reports/1/reward", &special("300000", "Fish died for miles.")).status, 200);
    refused(&zhou.post("/en/reports/1/reward", &special("300000", "again")), 409, "not possible while");
    refused(&zhou.post("/en/reports/1/reward", &proposal("台环罚〔2026〕17 号 1.00", &[])), 409, "not possible while");

    let own = zhou.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "approved")]);
    refused(&own, 409, "You have proposed this reward");
    assert!(!text(&own).contains("id=\"approve\""), "and is not offered it");
    assert!(text(&he.get("/en/approvals/claims/1")).contains("Fish died for miles."));
    let empty = he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "returned"), ("note", " ")]);
    refused(&empty, 409, "Please fill in: Remarks");
    done(&he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "returned"), ("note", "no consent yet")]));
    assert_eq!(work.slot().outcome, None);
    assert!(text(&zhou.get("/en/inbox?show=open")).contains("reward sent back"), "it is in hand again");
    assert!(text(&zhou.get("/en/reports/1/handling")).contains("Sent back by the approver: no consent yet"));
    let again: Vec<_> = with(&with(&proposal(DECIDED, &[]), "seen", "4"), "claim-seen", "2");
    assert_eq!(zhou.post("/en/reports/1/reward", &again).status, 200);
    done(&he.post("/en/approvals/claims/1", &[("seen", "3"), ("entry", "approved")]));
    let twice = he.post("/en/approvals/claims/1", &[("seen", "3"), ("entry", "approved")]);
    refused(&twice, 409, "This was decided already");
    let Some(Outcome::Confirmed { award, .. }) = work.slot().outcome else { panic!("told") };
    assert_eq!(award.due_fen, 6_172_839);
}

#[test]
fn a_claim_sent_back_keeps_its_decision_from_another() {
    let work = Work::begin();
    let (mut zhou, mut qian, mut he) = (work.desk("zhou"), work.desk("qian"), work.desk("he"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    done(&zhou.post(
        "/en/cases/1",
        &[("seen", "3"), ("kind", "withdrawn"), ("document", "台环罚〔2026〕17 号"), ("note", "wrong case")],
    ));
    done(&he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "returned"), ("note", "withdrawn")]));
    let register = Readers::of(DatabaseUrl::Sqlite(work.house.at("console/register.sqlite")));
    let held = "CREATE TEMP TABLE one (n INTEGER CHECK (n = 1)); \
        INSERT INTO one SELECT count(*) FROM dossier_documents WHERE document = 'claim 台环罚.2026.17 #1'";
    register.read(|connection| connection.batch_execute(held)).expect("the decision is still the claim's");
}

#[test]
fn states_out_of_order_two_at_once_and_a_decision_entered_twice() {
    let work = Work::begin();
    let (mut zhou, mut wu, mut qian) = (work.desk("zhou"), work.desk("wu"), work.desk("qian"));
    let early = zhou.post("/en/reports/1/fact-sheet/cross", &[&[("seen", "0")], SHEET].concat());
    refused(&early, 409, "this session has not opened it");
    assert!(text(&early).contains("A pipe behind the west wall."), "nothing typed is lost");
    refused(&zhou.get("/en/reports/1/fact-sheet"), 409, "not possible while the report is “not handled”");
    refused(&zhou.get("/en/reports/1/reward"), 409, "not possible while");
    let future = with(SHEET, "found-on", "2099-01-01");
    let future = zhou.post("/en/reports/1/fact-sheet/preview", &[&[("seen", "0")], &future[..]].concat());
    refused(&future, 400, "that day has not come yet");

    let unread = zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "verify"), ("note", "")]);
    refused(&unread, 409, "Nobody has opened this report yet");
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    let silent = zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "not-effective"), ("note", " ")]);
    refused(&silent, 400, "Please fill in: Remarks");
    done(&zhou.post("/en/reports/1/handling", &[("seen", "0"), ("step", "not-effective"), ("note", "no place")]));
    let late = wu.post("/en/reports/1/handling", &[("seen", "0"), ("step", "verify"), ("note", "I go tomorrow")]);
    refused(&late, 409, "Something was entered here");
    assert!(text(&late).contains("too little to check"));
    assert!(matches!(work.slot().outcome, Some(Outcome::NotEffective {})));
    done(&wu.post("/en/reports/1/handling", &[("seen", "1"), ("step", "reconsidered"), ("note", "more came")]));
    let told = work.slot().outcome;
    assert!(matches!(told, Some(Outcome::NotEffective {})), "that it is looked at again does not show");
    let known = [("seen", "2"), ("step", "known"), ("note", ""), ("case", "7")];
    refused(&wu.post("/en/reports/1/handling", &known), 400, "There is no case of that number");

    done(&zhou.post("/en/reports/1/handling", &[("seen", "2"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/1/fact-sheet/cross", &[&[("seen", "3")], SHEET].concat());
    assert_eq!(crossed.status, 200);
    wu.post("/en/reports/1/open", &[("purpose", "review")]);
    let twice = wu.post("/en/reports/1/fact-sheet/cross", &[&[("seen", "3")], SHEET].concat());
    refused(&twice, 409, "Something was entered here");
    assert_eq!(zhou.get("/en/cases/2").status, 404, "one case, not two");

    let past = with(ASSIGNMENT, "deadline", "2022-01-30");
    refused(&zhou.post("/en/cases/1", &[&[("seen", "1")], &past[..]].concat()), 400, "The deadline is before today");
    assert_eq!(qian.get("/en/cases/1").status, 404, "not theirs yet");
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));
    refused(&wu.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()), 409, "Something was entered here");
    let applied = [("seen", "2"), ("kind", "applied"), ("note", "done")];
    let nobody = with(ASSIGNMENT, "unit", "somebody else");
    refused(
        &zhou.post("/en/cases/1", &[&[("seen", "2")], &nobody[..]].concat()),
        400,
        "Nobody of that unit works here",
    );
    let early = qian.post("/en/cases/1", &applied);
    refused(&early, 400, "does not follow from the present state (assigned)");
    assert!(text(&early).contains("Possible now: Work begins"), "and what does: {}", text(&early));
    let closed = [("seen", "2"), ("kind", "closed"), ("note", "done")];
    refused(&zhou.post("/en/cases/1", &closed), 400, "does not follow");
    done(&qian.post("/en/cases/1", &[&[("seen", "2")], DECISION].concat()));
    let twice = qian.post("/en/cases/1", &[&[("seen", "3")], DECISION].concat());
    refused(&twice, 400, "The decision 台环罚〔2026〕17 号 is entered already");
}

#[test]
fn without_the_recorder_nothing_is_handled_and_nothing_shown() {
    let mut work = Work::begin();
    let (mut zhou, mut qian, mut he) = (work.desk("zhou"), work.desk("qian"), work.desk("he"));
    decided_case(&mut zhou, &mut qian);
    work.recorder.kill();
    for path in ["/en/reports/1/handling", "/en/reports/1/reward", "/en/cases", "/en/cases/1"] {
        let answer = zhou.get(path);
        assert_eq!(answer.status, 503, "{path}");
        assert!(!text(&answer).contains("Dongxi"), "{path}");
    }
    assert_eq!(he.get("/en/approvals").status, 503);
    assert_eq!(qian.get("/en/cases/1").status, 503);
    assert_eq!(qian.post("/en/cases/1", &[("seen", "3"), ("kind", "started")]).status, 503);
    work.recorder = work.house.recorder();
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
    let work = Work::with(House::with_people(Database::Sqlite, &people, true));
    let (mut zhou, mut wu, mut he) = (work.desk("zhou"), work.desk("wu"), work.desk("he"));
    open_case(&mut zhou);
    done(&wu.post("/en/cases/1", &[&[("seen", "1")], DECISION].concat()));
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    let own = wu.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "approved")]);
    refused(&own, 409, "entered the decision that this reward follows from");
    done(&he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "approved")]));
    // The same document, freed on one case and entered on another one, typed otherwise.
    done(&wu.post(
        "/en/cases/1",
        &[("seen", "2"), ("kind", "withdrawn"), ("document", "台环罚〔2026〕17 号"), ("note", "wrong case")],
    ));
    assert!(text(&zhou.get("/en/reports/1/handling")).contains("is not the one that this reward was computed from"));
    let second = visit(&reporter(), report("again"), &work.house.keys());
    send(&agent(), "POST", &format!("{}/api/visits", work.portal.address), &second.request).expect("answered");
    work.house.exchange(Some("zhou")).expect("exchanged");
    zhou.post("/en/reports/2/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/2/handling", &[("seen", "0"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/2/fact-sheet/cross", &[&[("seen", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/2"), "{}", text(&crossed));
    let typed = with(DECISION, "document", "台环罚[2026]１７号");
    done(&wu.post("/en/cases/2", &[&[("seen", "1")], &typed[..]].concat()));
    let again = with(&proposal(DECIDED, &[]), "decisions", "台环罚[2026]１７号 1,234,567.89");
    refused(&zhou.post("/en/reports/2/reward", &again), 409, "One decision earns one reward");
}

#[test]
fn one_damaged_row_takes_nothing_from_anybody_else() {
    let work = Work::begin();
    let (mut zhou, mut qian) = (work.desk("zhou"), work.desk("qian"));
    decided_case(&mut zhou, &mut qian);
    assert!(text(&zhou.post("/en/cases/new/cross", &with(SHEET, "party", "乙厂"))).contains("cases/2"));
    assert!(text(&zhou.post("/en/reports/1/send", &[("seen", "0"), ("text", "thank you")])).contains("is kept"));
    let readers = Readers::of(DatabaseUrl::Sqlite(work.house.at("console/register.sqlite")));
    let damage = "UPDATE papers SET sealed = zeroblob(100); DROP TRIGGER dossier_entries_stay; \
        UPDATE dossier_entries SET entry = '{}' WHERE dossier = 1";
    readers.read(|connection| connection.batch_execute(damage)).expect("damaged");
    let cases = text(&zhou.get("/en/cases"));
    assert!(cases.contains("Case 2") && cases.contains("Damaged and not shown: no. 1"), "{cases}");
    let said = work.house.exchange(Some("zhou")).expect("exchanged");
    assert!(said.contains("1 slots replaced"), "{said}");
    let slot = work.slot();
    assert!(slot.dropped && slot.messages.is_empty() && slot.outcome.is_none());
}

#[test]
fn what_was_typed_survives_a_session_that_ended_and_comes_back_only_to_whom_it_concerns() {
    let work = Work::begin();
    let (mut zhou, mut qian) = (work.desk("zhou"), work.desk("qian"));
    decided_case(&mut zhou, &mut qian);
    qian.post("/en/lock", &[]);
    let typed = [("seen", "3"), ("kind", "started"), ("note", "hours of writing")];
    let locked = qian.post("/en/cases/1", &typed);
    assert_eq!(locked.status, 401);
    assert!(text(&locked).contains("name=\"draft-path\" value=\"cases/1\""), "{}", text(&locked));
    let draft =
        [("draft-path", "cases/1"), ("draft.seen", "3"), ("draft.kind", "started"), ("draft.note", "hours of writing")];
    let sign_in = |who, password| [&[("account", who), ("password", password)], &draft[..]].concat();
    let mut shen = Desk::at(&work.console.address);
    let other = shen.send("POST", "/en/sign-in", &sign_in("shen", work.house.password("shen")));
    assert_eq!(other.status, 303, "an auditor is not shown it");
    let back = text(&qian.send("POST", "/en/sign-in", &sign_in("qian", work.house.password("qian"))));
    assert!(back.contains("Here is what you wrote") && back.contains("hours of writing"), "{back}");
    // What is carried over does nothing by itself.
    let shown = qian.post("/en/cases/1", &[&typed[..], &[("again", "1")]].concat());
    assert!(shown.status == 200 && text(&shown).contains("id=\"enter-started\""), "{}", text(&shown));
    done(&qian.post("/en/cases/1", &typed));
}
