//! All channels into one register: reports that an officer enters by hand, files of clues, duplicate reports, and the
//! right to a reward.

use crypto::letters::letter::{Body, Report};
use crypto::letters::receipt::ReceiptCode;
use crypto::slots::slot::{ReportOutcome, Slot};
use kit::console_client::{ConsoleClient, text};
use kit::html;
use kit::installation::{Database, Installation};
use kit::reporters::{reporter, visit};
use kit::requests::{agent, send};
use kit::scenario::{ASSIGNMENT, CALL, DECIDED, DECISION, SHEET, Scenario, done, proposal, refused, with};
use kit::sentences::{says, says_with};
use model::Line;
use opening::reporter::Reporter;

/// The receipt code that the page shows.
fn code(page: &str) -> String {
    html::texts(page, "#code span").join(" ")
}

/// Enters a call, and returns the reporter of the receipt code that the page shows.
fn enter(desk: &mut ConsoleClient, fields: &[(&str, &str)]) -> Reporter {
    let page = text(&desk.post("/en/enter", fields));
    assert!(says(&page, "by-hand-done"), "{page}");
    Reporter::new(ReceiptCode::parse(&code(&page)).expect("a receipt code"))
}

#[test]
fn a_call_is_sealed_like_any_report_and_earns_only_when_a_second_officer_vouches() {
    let scenario = Scenario::begin();
    let (mut zhou, mut wu, mut qian, mut he) =
        (scenario.client("zhou"), scenario.client("wu"), scenario.client("qian"), scenario.client("he"));
    assert!(text(&zhou.get("/zh/enter")).contains("不要在这里写举报人的姓名"));
    let empty = zhou.post("/en/enter", &with(CALL, "what", " "));
    refused(&empty, 400, "bad-empty");
    assert!(text(&empty).contains("东溪印染"), "nothing typed is lost");
    refused(&zhou.post("/en/enter", &with(CALL, "origin", "alarm")), 400, "bad-empty");
    let caller = enter(&mut zhou, CALL);
    assert!(text(&zhou.get("/en/inbox")).contains("Report 2"), "in the same inbox, at once");

    // The caller opens the mailbox with the code, before and after the exchange.
    let slot = |caller: &Reporter| {
        let looking = visit(caller, Body::Cover {}, &scenario.installation.keys());
        let sealed = send(&agent(), "POST", &format!("{}/api/visits", scenario.portal.address), &looking.request);
        caller.read_slot(&sealed.expect("answered").body, &scenario.installation.keys()).expect("a slot")
    };
    assert!(matches!(slot(&caller), Slot::First { .. }), "received, not yet collected");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    let Slot::Post(answered) = slot(&caller) else { panic!("collected") };
    assert!(answered.received.len() == 1 && answered.due.is_some(), "the call, and no look");

    // The officer who entered the call cannot vouch for it; it goes on to a case.
    refused(
        &zhou.post("/en/reports/2/handling", &[("expected-version", "1"), ("step", "vouched")]),
        400,
        "second-person",
    );
    zhou.post("/en/reports/2/open", &[("purpose", "verify")]);
    assert!(says(&text(&zhou.post("/en/reports/2/open", &[("purpose", "verify")])), "origin-phone"));
    done(&zhou.post("/en/reports/2/handling", &[("expected-version", "1"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/2/fact-sheet/cross", &[&[("expected-version", "2")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    done(&qian.post("/en/cases/1", &[&[("expected-version", "2")], DECISION].concat()));
    refused(&zhou.get("/en/reports/2/reward"), 409, "reward-no-origin");
    done(&wu.post("/en/reports/2/handling", &[("expected-version", "4"), ("step", "vouched")]));
    let page = text(&zhou.get("/en/reports/2/reward"));
    assert!(page.contains("Reward: 61,728.39 yuan"), "{page}");
    let proposed = with(&proposal(DECIDED, &[]), "expected-version", "5");
    assert_eq!(zhou.post("/en/reports/2/reward", &proposed).status, 200);
    done(&he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]));
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    let Slot::Post(answered) = slot(&caller) else { panic!("collected") };
    assert!(matches!(answered.outcome, Some(ReportOutcome::Confirmed { .. })));
}

#[test]
fn a_page_that_is_loaded_again_enters_nothing_twice() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    let call = [CALL, &[("once", "a")]].concat();
    enter(&mut zhou, &call);
    refused(&zhou.post("/en/enter", &call), 409, "sent-before");
    enter(&mut zhou, &[CALL, &[("once", "b")]].concat());
    let numbered = |page: &str| page.contains("name=\"once\" value=\"");
    assert!(numbered(&text(&zhou.get("/en/enter"))) && numbered(&text(&zhou.get("/en/cases/new"))));
    let sheet = [SHEET, &[("once", "c")]].concat();
    assert!(text(&zhou.post("/en/cases/new/cross", &sheet)).contains("cases/1"));
    refused(&zhou.post("/en/cases/new/cross", &sheet), 409, "sent-before");
    assert!(text(&zhou.get("/en/inbox?show=all")).contains("Report 3"));
    assert_eq!((zhou.get("/en/reports/4").status, zhou.get("/en/cases/2").status), (404, 404));
    // In Chinese the code stands in fours, which a narrow screen can break.
    let shown = code(&text(&zhou.post("/zh/enter", CALL)));
    assert!(shown.split(' ').all(|four| four.chars().count() == 4), "{shown}");
    assert!(ReceiptCode::parse(&shown).is_ok());
}

#[test]
fn without_keys_in_force_nothing_is_entered_and_nothing_typed_is_lost() {
    let installation = Installation::without_statement(Database::Sqlite);
    let (_recorder, mut console) = (installation.recorder(), installation.console());
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let answer = zhou.post("/en/enter", CALL);
    refused(&answer, 409, "channel-no-keys");
    assert!(text(&answer).contains("夜里从后墙放黑水"));
    console.terminate();
}

#[test]
fn a_file_of_clues_is_taken_in_whole_or_every_wrong_row_is_named() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    let mut import =
        |file: &[u8]| zhou.post_files("/en/import", &[("origin", "patrol")], ("file", &[("clues.csv", file)]));
    let good = "id,category,party,town,what\n1,covert-discharge,东溪印染,平桥镇,夜间排放\n2,,石梁山庄,石梁镇,溢流\n\
        3,,石梁山庄,石梁镇,又溢流\n";
    let wrong = import(good.replace("2,,石梁山庄", "2,noise,").as_bytes());
    refused(&wrong, 400, "import-wrong");
    let wrong = text(&wrong);
    assert!(says_with(&wrong, "import-row", &[("row", "3")]), "{wrong}");
    assert!(wrong.contains("data-problem=\"category\"") && wrong.contains("data-problem=\"nobody\""), "{wrong}");
    // B10: as Chinese Excel and WPS save it; a blank row counts.
    let wrong = text(&import(b"\xb1\xe0\xba\xc5,\xb5\xa5\xce\xbb\r\n,\r\n7,\r\n"));
    assert!(says_with(&wrong, "import-row", &[("row", "3")]), "{wrong}");
    assert!(wrong.contains("data-problem=\"empty\"") && wrong.contains("data-problem=\"nobody\""), "{wrong}");
    let taken = text(&import(good.as_bytes()));
    assert!(says_with(&taken, "import-done", &[("count", "3"), ("reports", "2")]), "{taken}");
    let again = text(&import(format!("{good}4,,街头造纸,街头镇,异味\n").as_bytes()));
    assert!(
        says_with(&again, "import-done", &[("count", "1")]) && says_with(&again, "import-known", &[("count", "3")]),
        "{again}"
    );
    refused(&import(b""), 400, "import-wrong");
    let clues = text(&zhou.get("/en/inbox?show=clues"));
    assert!(
        clues.contains("Report 2")
            && clues.contains("Report 3")
            && says_with(&clues, "inbox-letters", &[("count", "2")]),
        "{clues}"
    );
    let new = text(&zhou.get("/en/inbox"));
    assert!(!new.contains("Report 2") && new.contains("Report 1"), "clues bury no letter: {new}");
    let opened = text(&zhou.post("/en/reports/3/open", &[("purpose", "review")]));
    assert!(opened.contains("又溢流") && says(&opened, "origin-patrol"), "{opened}");
    // A clue is handled like a report, and earns nothing.
    done(&zhou.post("/en/reports/3/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/3/fact-sheet/cross", &[&[("expected-version", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], DECISION].concat()));
    refused(&zhou.get("/en/reports/3/reward"), 409, "reward-no-origin");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    let log = scenario.client("shen").log("action=import-clues");
    assert!(says(&log, "action-import-clues"), "{log}");
}

/// A report on one party, sent and collected.
fn tell(scenario: &Scenario, party: &str) -> Reporter {
    let fields = Report {
        category: "covert-discharge".to_owned(),
        party: party.to_owned(),
        town: "平桥镇".to_owned(),
        what: "暗管".to_owned(),
        ..Report::default()
    };
    tell_all_of(scenario, fields)
}

/// A report, sent and collected.
fn tell_all_of(scenario: &Scenario, fields: Report) -> Reporter {
    let one = reporter();
    let sealed = visit(&one, Body::Report(Box::new(fields)), &scenario.installation.keys());
    let url = format!("{}/api/visits", scenario.portal.address);
    assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    one
}

fn outcome(scenario: &Scenario, of: &Reporter) -> Option<ReportOutcome> {
    let looking = visit(of, Body::Cover {}, &scenario.installation.keys());
    let sealed = send(&agent(), "POST", &format!("{}/api/visits", scenario.portal.address), &looking.request);
    match of.read_slot(&sealed.expect("answered").body, &scenario.installation.keys()).expect("a slot") {
        Slot::Post(slot) => slot.outcome,
        Slot::First { .. } => None,
    }
}

#[test]
fn joint_is_who_came_before_anybody_had_read_and_shares_add_up() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut he) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("he"));
    let (first, second) = (tell(&scenario, "东溪印染有限公司"), tell(&scenario, "天台东溪印染厂"));
    zhou.post("/en/reports/2/open", &[("purpose", "review")]);
    // A report sent after an opening is too late to be joint.
    let friend = tell(&scenario, "东溪印染");
    for report in ["3", "4"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    let page = text(&zhou.post("/en/reports/3/same", &[]));
    assert!(
        page.contains("Report 2") && page.contains("Report 4") && says_with(&page, "alike", &[("what", "party")]),
        "{page}"
    );
    assert!(says(&page, "same-joint") && says(&page, "same-other-later"), "{page}");
    let late = text(&zhou.post("/en/reports/4/same", &[]));
    assert!(says(&late, "same-later"), "{late}");
    let join =
        |desk: &mut ConsoleClient, report: &str| {
            done(&desk.post(
                &format!("/en/reports/{report}/join"),
                &[("expected-version", "0"), ("first", "2"), ("note", "")],
            ));
        };
    join(&mut zhou, "3");
    join(&mut zhou, "4");
    refused(&zhou.post("/en/reports/2/join", &[("expected-version", "2"), ("first", "3")]), 400, "same-other-later");
    let compared = scenario.client("shen").log("action=compare-reports");
    assert!(compared.matches("looked for the same fact").count() >= 4, "{compared}");

    done(&zhou.post("/en/reports/2/handling", &[("expected-version", "2"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/2/fact-sheet/cross", &[&[("expected-version", "3")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    let odd = with(DECISION, "fine", "1,000,000.20");
    done(&qian.post("/en/cases/1", &[&[("expected-version", "2")], &odd[..]].concat()));
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    assert!(matches!(outcome(&scenario, &friend), Some(ReportOutcome::Known {})), "known, once the case is decided");
    assert_eq!((outcome(&scenario, &first), outcome(&scenario, &second)), (None, None));
    refused(&zhou.get("/en/reports/3/reward"), 409, "reward-first-first");
    for (report, seen, claim) in [("2", "5", "1"), ("3", "1", "2")] {
        let fields = with(&proposal("台环罚〔2026〕17 号 1,000,000.20", &[]), "expected-version", seen);
        let answer = zhou.post(&format!("/en/reports/{report}/reward"), &fields);
        assert!(answer.status == 200 && text(&answer).contains("recorded"), "{}", text(&answer));
        done(&he.post(&format!("/en/approvals/claims/{claim}"), &[("expected-version", "1"), ("entry", "approved")]));
    }
    refused(&zhou.get("/en/reports/4/reward"), 409, "handling-out-of-order");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    let share = |of: &Reporter| match outcome(&scenario, of) {
        Some(ReportOutcome::Confirmed { award, .. }) => {
            assert!(award.lines.iter().any(|line| matches!(line, Line::Joint { reporters: 2, .. })));
            award.due_fen
        }
        other => panic!("{other:?}"),
    };
    assert_eq!((share(&first), share(&second)), (2_500_001, 2_500_000), "5,000,001 fen among two");
}

#[test]
fn whoever_told_first_is_not_told_that_it_was_known_from_a_later_report() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    tell(&scenario, "东溪印染");
    tell(&scenario, "东溪印染");
    for report in ["2", "3"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    done(&zhou.post("/en/reports/3/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/3/fact-sheet/cross", &[&[("expected-version", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    let known = [("expected-version", "0"), ("step", "known"), ("case", "1"), ("note", "")];
    refused(&zhou.post("/en/reports/2/handling", &known), 409, "known-from-later");
    // A report that came after the case's report can be marked as known from the case.
    tell(&scenario, "东溪印染");
    zhou.post("/en/reports/4/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/4/handling", &known));
}

#[test]
fn nobody_shares_a_reward_with_a_feed_or_by_saying_that_an_officer_wrote() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    let file = "party,what\n东溪印染,夜间排放\n";
    let taken = zhou.post_files("/en/import", &[("origin", "patrol")], ("file", &[("clues.csv", file.as_bytes())]));
    assert!(says_with(&text(&taken), "import-done", &[("count", "1")]), "{}", text(&taken));
    let fields = Report {
        category: "no category".to_owned(),
        party: "石梁山庄".to_owned(),
        town: "no town".to_owned(),
        what: "暗管".to_owned(),
        origin: "phone".to_owned(),
        ..Report::default()
    };
    tell_all_of(&scenario, fields);
    tell(&scenario, "石梁山庄");
    tell(&scenario, "东溪印染");
    for report in ["2", "3", "4", "5"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    // Joined to a clue of a feed, and to a letter that only claims to be an officer's entry.
    for (report, first) in [("5", "2"), ("4", "3")] {
        done(
            &zhou.post(
                &format!("/en/reports/{report}/join"),
                &[("expected-version", "0"), ("first", first), ("note", "")],
            ),
        );
        let page = text(&zhou.get(&format!("/en/reports/{report}/handling")));
        assert!(says(&page, "joined-later"), "{page}");
    }
}

#[test]
fn what_was_joined_wrongly_is_judged_by_itself_again() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    tell(&scenario, "东溪印染");
    tell(&scenario, "东溪印染");
    for report in ["2", "3"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    done(&zhou.post("/en/reports/3/join", &[("expected-version", "0"), ("first", "2"), ("note", "")]));
    assert!(text(&zhou.get("/en/reports/2/handling")).contains("Report 3 was joined"));
    done(&zhou.post(
        "/en/reports/3/handling",
        &[("expected-version", "1"), ("step", "reconsidered"), ("note", "another pipe")],
    ));
    let first = text(&zhou.get("/en/reports/2/handling"));
    assert!(says_with(&first, "step-parted-from", &[("report", "3")]), "{first}");
    assert!(says(&text(&zhou.get("/en/reports/3/handling")), "stage-new"));
    // A matter can be closed as minor.
    done(&zhou.post("/en/reports/3/handling", &[("expected-version", "2"), ("step", "verify"), ("note", "")]));
    done(&zhou.post("/en/reports/3/handling", &[("expected-version", "3"), ("step", "minor"), ("note", "盖板已补")]));
    done(&zhou.post("/en/reports/2/handling", &[("expected-version", "2"), ("step", "given"), ("to", "wu")]));
    refused(
        &zhou.post("/en/reports/2/handling", &[("expected-version", "3"), ("step", "given"), ("to", "he")]),
        400,
        "given-unknown",
    );
}
