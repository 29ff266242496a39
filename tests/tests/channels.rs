//! All channels into one register: what an officer enters by hand, files of clues, the same fact told
//! twice, and who earns.

use crypto::letter::{Body, Report};
use crypto::receipt::ReceiptCode;
use crypto::slot::{Outcome, Slot};
use model::Line;
use opening::reporter::Reporter;
use tests::casework::{ASSIGNMENT, DECIDED, DECISION, SHEET, Work, done, proposal, refused, with};
use tests::desk::{Desk, text};
use tests::house::{Database, House, PEOPLE};
use tests::reporters::{reporter, visit};
use tests::requests::{agent, send};

const CALL: &[(&str, &str)] = &[
    ("origin", "phone"),
    ("category", "covert-discharge"),
    ("what", "夜里从后墙放黑水"),
    ("party", "东溪印染"),
    ("address", "平桥镇溪边路 12 号"),
    ("town", "平桥镇"),
    ("when", ""),
    ("ongoing", "yes"),
    ("knowledge", ""),
    ("evidence", ""),
    ("reporter", "public"),
    ("danger", ""),
    ("reward", "yes"),
];

/// The receipt code that the page shows.
fn code(page: &str) -> String {
    let shown = page.split("id=\"code\"").nth(1).and_then(|rest| rest.split("</p>").next()).expect("a code");
    let words = shown.split("<span>").skip(1).filter_map(|part| part.split("</span>").next());
    words.collect::<Vec<_>>().join(" ")
}

/// Enters a call and gives what the caller is told.
fn enter(desk: &mut Desk, fields: &[(&str, &str)]) -> Reporter {
    let page = text(&desk.post("/en/enter", fields));
    assert!(page.contains("Sealed and entered as report"), "{page}");
    Reporter::new(ReceiptCode::parse(&code(&page)).expect("a receipt code"))
}

#[test]
fn a_call_is_sealed_like_any_report_and_earns_only_when_a_second_officer_vouches() {
    let work = Work::begin();
    let (mut zhou, mut wu, mut qian, mut he) = (work.desk("zhou"), work.desk("wu"), work.desk("qian"), work.desk("he"));
    assert!(text(&zhou.get("/zh/enter")).contains("不要在这里写举报人的姓名"));
    let empty = zhou.post("/en/enter", &with(CALL, "what", " "));
    refused(&empty, 400, "Please fill in");
    assert!(text(&empty).contains("东溪印染"), "nothing typed is lost");
    refused(&zhou.post("/en/enter", &with(CALL, "origin", "alarm")), 400, "Please fill in: Origin");
    let caller = enter(&mut zhou, CALL);
    assert!(text(&zhou.get("/en/inbox")).contains("Report 2"), "in the same inbox, at once");

    // The caller looks with the code, before and after the exchange.
    let slot = |caller: &Reporter| {
        let looking = visit(caller, Body::Cover {}, &work.house.keys());
        let sealed = send(&agent(), "POST", &format!("{}/api/visits", work.portal.address), &looking.request);
        caller.read_slot(&sealed.expect("answered").body, &work.house.keys()).expect("a slot")
    };
    assert!(matches!(slot(&caller), Slot::First { .. }), "received, not yet collected");
    work.house.exchange(Some("zhou")).expect("exchanged");
    let Slot::Post(answered) = slot(&caller) else { panic!("collected") };
    assert!(answered.received.len() == 2 && answered.due.is_some(), "the call and one look, nothing twice");

    // The same person does not vouch; on to a case.
    refused(&zhou.post("/en/reports/2/handling", &[("seen", "1"), ("step", "vouched")]), 400, "Another person");
    zhou.post("/en/reports/2/open", &[("purpose", "verify")]);
    assert!(text(&zhou.post("/en/reports/2/open", &[("purpose", "verify")])).contains("a telephone call"));
    done(&zhou.post("/en/reports/2/handling", &[("seen", "1"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/2/fact-sheet/cross", &[&[("seen", "2")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));
    done(&qian.post("/en/cases/1", &[&[("seen", "2")], DECISION].concat()));
    refused(&zhou.get("/en/reports/2/reward"), 409, "nobody confirmed the entry on its day");
    done(&wu.post("/en/reports/2/handling", &[("seen", "4"), ("step", "vouched")]));
    let page = text(&zhou.get("/en/reports/2/reward"));
    assert!(page.contains("Reward: 61,728.39 yuan"), "{page}");
    let proposed = with(&proposal(DECIDED, &[]), "seen", "5");
    assert_eq!(zhou.post("/en/reports/2/reward", &proposed).status, 200);
    done(&he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "approved")]));
    work.house.exchange(Some("zhou")).expect("exchanged");
    let Slot::Post(answered) = slot(&caller) else { panic!("collected") };
    assert!(matches!(answered.outcome, Some(Outcome::Confirmed { .. })));
}

#[test]
fn a_page_that_is_loaded_again_enters_nothing_twice() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    let call = [CALL, &[("once", "a")]].concat();
    enter(&mut zhou, &call);
    refused(&zhou.post("/en/enter", &call), 409, "This form was sent before");
    enter(&mut zhou, &[CALL, &[("once", "b")]].concat());
    let numbered = |page: &str| page.contains("name=\"once\" value=\"");
    assert!(numbered(&text(&zhou.get("/en/enter"))) && numbered(&text(&zhou.get("/en/cases/new"))));
    let sheet = [SHEET, &[("once", "c")]].concat();
    assert!(text(&zhou.post("/en/cases/new/cross", &sheet)).contains("cases/1"));
    refused(&zhou.post("/en/cases/new/cross", &sheet), 409, "This form was sent before");
    assert!(text(&zhou.get("/en/inbox?show=all")).contains("Report 3"));
    assert_eq!((zhou.get("/en/reports/4").status, zhou.get("/en/cases/2").status), (404, 404));
    // In Chinese the code stands in fours, which a narrow screen can break.
    let shown = code(&text(&zhou.post("/zh/enter", CALL)));
    assert!(shown.split(' ').all(|four| four.chars().count() == 4), "{shown}");
    assert!(ReceiptCode::parse(&shown).is_ok());
}

#[test]
fn without_keys_in_force_nothing_is_entered_and_nothing_typed_is_lost() {
    let house = House::with_people(Database::Sqlite, PEOPLE, true);
    let (_recorder, mut console) = (house.recorder(), house.console());
    let mut zhou = Desk::signed_in(&house, &console.address, "zhou");
    let answer = zhou.post("/en/enter", CALL);
    refused(&answer, 409, "There is no key statement in force");
    assert!(text(&answer).contains("夜里从后墙放黑水"));
    console.terminate();
}

#[test]
fn a_file_of_clues_is_taken_in_whole_or_every_wrong_row_is_named() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    let mut import = |file: &str| {
        zhou.post_files("/en/import", &[("origin", "patrol")], ("file", &[("clues.csv", file.as_bytes())]))
    };
    let good = "id,category,party,town,what\n1,covert-discharge,东溪印染,平桥镇,夜间排放\n2,,石梁山庄,石梁镇,溢流\n\
        3,,石梁山庄,石梁镇,又溢流\n";
    let wrong = import(&good.replace("2,,石梁山庄", "2,noise,"));
    refused(&wrong, 400, "2 things are wrong; no row was taken in");
    assert!(
        text(&wrong).contains("Line 3: category is no known code")
            && text(&wrong).contains("Line 3: party or address must be filled in")
    );
    let taken = text(&import(good));
    assert!(taken.contains("3 clues were taken in, as 2 reports"), "{taken}");
    let again = text(&import(&format!("{good}4,,街头造纸,街头镇,异味\n")));
    assert!(again.contains("1 clues were taken in") && again.contains("3 had come before"), "{again}");
    refused(&import(""), 400, "");
    let clues = text(&zhou.get("/en/inbox?show=clues"));
    assert!(clues.contains("Report 2") && clues.contains("Report 3") && clues.contains("letters: 2"), "{clues}");
    let new = text(&zhou.get("/en/inbox"));
    assert!(!new.contains("Report 2") && new.contains("Report 1"), "clues bury no letter: {new}");
    let opened = text(&zhou.post("/en/reports/3/open", &[("purpose", "review")]));
    assert!(opened.contains("又溢流") && opened.contains("a patrol"), "{opened}");
    // It is handled like a report, and earns nothing.
    done(&zhou.post("/en/reports/3/handling", &[("seen", "0"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/3/fact-sheet/cross", &[&[("seen", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], DECISION].concat()));
    refused(&zhou.get("/en/reports/3/reward"), 409, "earn no reward");
    work.house.exchange(Some("zhou")).expect("exchanged");
    let log = text(&work.desk("shen").get("/en/log?action=import-clues"));
    assert!(log.contains("took in a file of clues"), "{log}");
}

/// A report on one party, sent and collected.
fn tell(work: &Work, party: &str) -> Reporter {
    let fields = Report {
        category: "covert-discharge".to_owned(),
        party: party.to_owned(),
        town: "平桥镇".to_owned(),
        what: "暗管".to_owned(),
        ..Report::default()
    };
    tell_all_of(work, fields)
}

/// A report, sent and collected.
fn tell_all_of(work: &Work, fields: Report) -> Reporter {
    let one = reporter();
    let sealed = visit(&one, Body::Report(Box::new(fields)), &work.house.keys());
    let url = format!("{}/api/visits", work.portal.address);
    assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    work.house.exchange(Some("zhou")).expect("exchanged");
    one
}

fn outcome(work: &Work, of: &Reporter) -> Option<Outcome> {
    let looking = visit(of, Body::Cover {}, &work.house.keys());
    let sealed = send(&agent(), "POST", &format!("{}/api/visits", work.portal.address), &looking.request);
    match of.read_slot(&sealed.expect("answered").body, &work.house.keys()).expect("a slot") {
        Slot::Post(slot) => slot.outcome,
        Slot::First { .. } => None,
    }
}

#[test]
fn joint_is_who_came_before_anybody_had_read_and_shares_add_up() {
    let work = Work::begin();
    let (mut zhou, mut qian, mut he) = (work.desk("zhou"), work.desk("qian"), work.desk("he"));
    let (first, second) = (tell(&work, "东溪印染有限公司"), tell(&work, "天台东溪印染厂"));
    zhou.post("/en/reports/2/open", &[("purpose", "review")]);
    // A friend who is told now is too late.
    let friend = tell(&work, "东溪印染");
    for report in ["3", "4"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    let page = text(&zhou.post("/en/reports/3/same", &[]));
    assert!(page.contains("Report 2") && page.contains("Report 4") && page.contains("Alike in: party"), "{page}");
    assert!(page.contains("before the other was opened: joint") && page.contains("That report came later"), "{page}");
    let late = text(&zhou.post("/en/reports/4/same", &[]));
    assert!(late.contains("received after the other was opened: later"), "{late}");
    let join = |desk: &mut Desk, report: &str| {
        done(&desk.post(&format!("/en/reports/{report}/join"), &[("seen", "0"), ("first", "2"), ("note", "")]));
    };
    join(&mut zhou, "3");
    join(&mut zhou, "4");
    refused(&zhou.post("/en/reports/2/join", &[("seen", "2"), ("first", "3")]), 400, "That report came later");
    let compared = text(&work.desk("shen").get("/en/log?action=compared"));
    assert!(compared.matches("looked for the same fact").count() >= 4, "{compared}");

    done(&zhou.post("/en/reports/2/handling", &[("seen", "2"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/2/fact-sheet/cross", &[&[("seen", "3")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));
    let odd = with(DECISION, "fine", "1,000,000.20");
    done(&qian.post("/en/cases/1", &[&[("seen", "2")], &odd[..]].concat()));
    work.house.exchange(Some("zhou")).expect("exchanged");
    assert!(matches!(outcome(&work, &friend), Some(Outcome::Known {})), "known, once the case is decided");
    assert_eq!((outcome(&work, &first), outcome(&work, &second)), (None, None));
    refused(&zhou.get("/en/reports/3/reward"), 409, "is proposed first");
    for (report, seen, claim) in [("2", "5", "1"), ("3", "1", "2")] {
        let fields = with(&proposal("台环罚〔2026〕17 号 1,000,000.20", &[]), "seen", seen);
        let answer = zhou.post(&format!("/en/reports/{report}/reward"), &fields);
        assert!(answer.status == 200 && text(&answer).contains("recorded"), "{}", text(&answer));
        done(&he.post(&format!("/en/approvals/claims/{claim}"), &[("seen", "1"), ("entry", "approved")]));
    }
    refused(&zhou.get("/en/reports/4/reward"), 409, "same as an earlier report");
    work.house.exchange(Some("zhou")).expect("exchanged");
    let share = |of: &Reporter| match outcome(&work, of) {
        Some(Outcome::Confirmed { award, .. }) => {
            assert!(award.lines.iter().any(|line| matches!(line, Line::Joint { reporters: 2, .. })));
            award.due_fen
        }
        other => panic!("{other:?}"),
    };
    assert_eq!((share(&first), share(&second)), (2_500_001, 2_500_000), "5,000,001 fen among two");
}

#[test]
fn whoever_told_first_is_not_told_that_it_was_known_from_a_later_report() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    tell(&work, "东溪印染");
    tell(&work, "东溪印染");
    for report in ["2", "3"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    done(&zhou.post("/en/reports/3/handling", &[("seen", "0"), ("step", "verify"), ("note", "")]));
    let crossed = zhou.post("/en/reports/3/fact-sheet/cross", &[&[("seen", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
    let known = [("seen", "0"), ("step", "known"), ("case", "1"), ("note", "")];
    refused(&zhou.post("/en/reports/2/handling", &known), 409, "received after this one");
    // A report that came later than that one may be known from it.
    tell(&work, "东溪印染");
    zhou.post("/en/reports/4/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/4/handling", &known));
}

#[test]
fn nobody_shares_a_reward_with_a_feed_or_by_saying_that_an_officer_wrote() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    let file = "party,what\n东溪印染,夜间排放\n";
    let taken = zhou.post_files("/en/import", &[("origin", "patrol")], ("file", &[("clues.csv", file.as_bytes())]));
    assert!(text(&taken).contains("1 clues were taken in"), "{}", text(&taken));
    let fields = Report {
        category: "no category".to_owned(),
        party: "石梁山庄".to_owned(),
        town: "no town".to_owned(),
        what: "暗管".to_owned(),
        origin: "phone".to_owned(),
        ..Report::default()
    };
    tell_all_of(&work, fields);
    tell(&work, "石梁山庄");
    tell(&work, "东溪印染");
    for report in ["2", "3", "4", "5"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    // On what a feed told, and on what only says that an officer wrote it.
    for (report, first) in [("5", "2"), ("4", "3")] {
        done(&zhou.post(&format!("/en/reports/{report}/join"), &[("seen", "0"), ("first", first), ("note", "")]));
        let page = text(&zhou.get(&format!("/en/reports/{report}/handling")));
        assert!(page.contains("no share of the reward"), "{page}");
    }
}

#[test]
fn what_was_joined_wrongly_is_judged_by_itself_again() {
    let work = Work::begin();
    let mut zhou = work.desk("zhou");
    tell(&work, "东溪印染");
    tell(&work, "东溪印染");
    for report in ["2", "3"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    done(&zhou.post("/en/reports/3/join", &[("seen", "0"), ("first", "2"), ("note", "")]));
    assert!(text(&zhou.get("/en/reports/2/handling")).contains("Report 3 was joined"));
    done(&zhou.post("/en/reports/3/handling", &[("seen", "1"), ("step", "reconsidered"), ("note", "another pipe")]));
    let first = text(&zhou.get("/en/reports/2/handling"));
    assert!(first.contains("Report 3 is judged by itself again"), "{first}");
    assert!(text(&zhou.get("/en/reports/3/handling")).contains("not handled"));
    // Minor matters are told as such.
    done(&zhou.post("/en/reports/3/handling", &[("seen", "2"), ("step", "verify"), ("note", "")]));
    done(&zhou.post("/en/reports/3/handling", &[("seen", "3"), ("step", "minor"), ("note", "盖板已补")]));
    done(&zhou.post("/en/reports/2/handling", &[("seen", "2"), ("step", "given"), ("to", "wu")]));
    refused(&zhou.post("/en/reports/2/handling", &[("seen", "3"), ("step", "given"), ("to", "he")]), 400, "no officer");
}
