//! The wall between reports and cases: what a case unit, the case side's tables and the log do not reveal, and the
//! warnings that an officer gets before a fact sheet crosses.

use crypto::letters::letter::{Body, Report};
use crypto::slots::slot::ReportOutcome;
use kit::console_client::{ConsoleClient, text};
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use kit::scenario::{
    ASSIGNMENT, DECIDED, DECISION, SHEET, Scenario, decided_case, done, open_case, proposal, refused, with,
};
use kit::sentences::{says, says_with};

#[test]
fn a_case_unit_sees_its_own_cases_at_its_own_door_and_nothing_else() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    // A right password at the wrong listener gets the answer for a wrong one.
    for (door, account) in [(&scenario.cases, "zhou"), (&scenario.console.address, "qian")] {
        let told = text(&ConsoleClient::at(door).sign_in(account, scenario.installation.password(account)));
        let wrong = text(&ConsoleClient::at(door).sign_in(account, "a wrong password"));
        assert!(says(&told, "sign-in-wrong"), "{told}");
        assert_eq!(told, wrong);
    }
    let mut qian = scenario.client("qian");
    open_case(&mut zhou);
    for path in
        ["/en/cases/1", "/en/inbox", "/en/reports/1", "/en/approvals", "/en/log", "/en/accounts", "/en/exchange"]
    {
        assert_eq!(qian.get(path).status, 404, "{path}");
    }
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    let page = text(&qian.get("/en/cases/1"));
    assert!(page.contains("A pipe behind the west wall.") && page.contains("Nothing flows."), "{page}");
    let absent = text(&qian.get("/zh/cases/7"));
    assert!(!absent.contains("举报") && !absent.contains("奖励"), "{absent}");
    for hidden in ["暗管在西墙", "Report 1", "/reports", "Reward", "inbox", "zhou"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let mut shen = scenario.client("shen");
    let log = shen.log("account=qian&action=refused");
    assert!(log.matches("<td>qian").count() >= 2, "trying another's case is an entry: {log}");
}

#[test]
fn what_a_fact_sheet_repeats_of_the_report_is_pointed_at() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "")]));
    let sheet = |found| [&[("expected-version", "1")], &with(SHEET, "found", found)[..]].concat();
    let copied = text(&zhou.post("/en/reports/1/fact-sheet/preview", &sheet("有人说暗管在西墙。")));
    assert!(!copied.contains("id=\"repeats\""), "five characters are a thing's name");
    let mut other = scenario.client("wu");
    let unopened = other.post("/en/reports/1/fact-sheet/preview", &sheet("x"));
    refused(&unopened, 409, "sheet-not-opened");
    let unlooked: Vec<_> = sheet("x").into_iter().filter(|(name, _)| *name != "looked").collect();
    refused(&zhou.post("/en/reports/1/fact-sheet/cross", &unlooked), 400, "sheet-look");
    let long = visit(
        &scenario.one,
        Body::FollowUp { text: "每天夜里从西墙外的暗管排放".to_owned() },
        &scenario.installation.keys(),
    );
    send(&agent(), "POST", &format!("{}/api/visits", scenario.portal.address), &long.request).expect("answered");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    let copied = text(&zhou.post("/en/reports/1/fact-sheet/preview", &sheet("发现夜里从西墙外的暗管排污。")));
    assert!(copied.contains("wording: <mark>夜里从西墙外的暗管排</mark>"), "{copied}");
}

#[test]
fn a_case_may_begin_without_a_report() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    assert!(says(&text(&zhou.get("/en/cases/new")), "case-new-lead"));
    assert!(text(&zhou.post("/en/cases/new/preview", SHEET)).contains("A pipe behind the west wall."));
    let opened = text(&zhou.post("/en/cases/new/cross", SHEET));
    assert!(opened.contains("cases/1") && !opened.contains("reports/"), "{opened}");
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    assert!(text(&qian.get("/en/cases/1")).contains("A pipe behind the west wall."));
    // A report can be marked as already known from this case.
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    let known = [("expected-version", "0"), ("step", "known"), ("note", ""), ("case", "1")];
    done(&zhou.post("/en/reports/1/handling", &known));
    assert_eq!(scenario.slot().outcome, None, "not before that case is decided");
    done(&qian.post("/en/cases/1", &[&[("expected-version", "2")], DECISION].concat()));
    assert!(matches!(scenario.slot().outcome, Some(ReportOutcome::Known {})));
}

#[test]
fn neither_the_case_side_nor_any_log_entry_relates_a_case_to_its_report() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    // Another report comes first, so that report and case have different numbers.
    let other = visit(&reporter(), report("another"), &scenario.installation.keys());
    let url = format!("{}/api/visits", scenario.portal.address);
    send(&agent(), "POST", &url, &other.request).expect("answered");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);

    // Somebody who has the disks of the console and the recorder reads the tables at rest.
    let installation = &scenario.installation;
    let entries =
        installation.read_register_at_rest("SELECT entry || author || entered_on AS text FROM ledger_entries");
    assert_eq!(entries.len(), 4, "fact sheet, assignment, decision, proposal");
    let letters =
        installation.read_register_at_rest("SELECT digest AS text FROM letters UNION SELECT mailbox FROM mailboxes");
    assert_eq!(letters.len(), 4);
    for entry in &entries {
        assert!(!letters.iter().any(|known| entry.contains(known.as_str())), "{entry}");
        assert!(!entry.contains("暗管在西墙"), "{entry}");
    }
    let log = installation.read_logbook_at_rest(
        "SELECT subject || ' ' || json_extract(text, '$.ask') AS text FROM entries \
         WHERE json_extract(text, '$.ask') IS NOT NULL",
    );
    let about_cases: Vec<&String> =
        log.iter().filter(|entry| entry.contains("-case") || entry.contains("claim")).collect();
    assert!(about_cases.len() >= 4);
    for entry in about_cases {
        assert!(!letters.iter().any(|known| entry.contains(known.as_str())), "{entry}");
    }
}

#[test]
fn of_an_insiders_report_another_officer_looks_at_the_sheet_first() {
    let scenario = Scenario::begin();
    let (mut zhou, mut wu) = (scenario.client("zhou"), scenario.client("wu"));
    let insider = Report {
        category: "covert-discharge".to_owned(),
        what: "我管三号泵，裘师傅让我夜里开".to_owned(),
        reporter: "insider".to_owned(),
        ..Report::default()
    };
    let sealed = visit(&reporter(), Body::Report(Box::new(insider)), &scenario.installation.keys());
    send(&agent(), "POST", &format!("{}/api/visits", scenario.portal.address), &sealed.request).expect("answered");
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    zhou.post("/en/reports/2/open", &[("purpose", "review")]);
    done(&zhou.post("/en/reports/2/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "")]));
    let sheet = |seen| [&[("expected-version", seen)], &with(SHEET, "found", "裘师傅值班时开泵。")[..]].concat();
    let preview = text(&zhou.post("/en/reports/2/fact-sheet/preview", &sheet("1")));
    assert!(preview.contains("name, or the reporter’s own word: <mark>裘师傅</mark>"), "{preview}");
    assert!(preview.contains("The reporter is an insider"), "{preview}");
    let drafted = text(&zhou.post("/en/reports/2/fact-sheet/cross", &sheet("1")));
    assert!(says(&drafted, "sheet-drafted"), "{drafted}");
    assert_eq!(zhou.get("/en/cases/1").status, 404);
    let inbox = text(&wu.get("/en/inbox"));
    assert!(says(&inbox, "inbox-second") && inbox.contains("/en/reports/2/handling"), "{inbox}");
    let lets_across = [("expected-version", "2"), ("step", "crossed"), ("looked", "yes")];
    refused(&zhou.post("/en/reports/2/draft", &lets_across), 400, "second-person");
    refused(&wu.post("/en/reports/2/draft", &lets_across), 409, "sheet-not-opened");
    wu.post("/en/reports/2/open", &[("purpose", "review")]);
    let seen = text(&wu.get("/en/reports/2/draft"));
    assert!(seen.contains("<mark>裘师傅</mark>") && says_with(&seen, "second-lead", &[("account", "zhou")]), "{seen}");
    let back = [("expected-version", "2"), ("step", "redraft"), ("note", "裘师傅只有班组里的人认识")];
    done(&wu.post("/en/reports/2/draft", &back));
    let again = [&[("expected-version", "3")], &with(SHEET, "found", "现场查见泵房阀门夜间开启。")[..]].concat();
    zhou.post("/en/reports/2/fact-sheet/cross", &again);
    let crossed = wu.post("/en/reports/2/draft", &with(&lets_across, "expected-version", "4"));
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
}

#[test]
fn a_sheet_is_held_against_the_reports_that_were_joined_too() {
    let scenario = Scenario::begin();
    let mut zhou = scenario.client("zhou");
    let told = |party: &str, what: &str, kind: &str| {
        let fields = Report {
            category: "covert-discharge".to_owned(),
            party: party.to_owned(),
            what: what.to_owned(),
            reporter: kind.to_owned(),
            ..Report::default()
        };
        let sealed = visit(&reporter(), Body::Report(Box::new(fields)), &scenario.installation.keys());
        let url = format!("{}/api/visits", scenario.portal.address);
        send(&agent(), "POST", &url, &sealed.request).expect("answered");
        scenario.installation.exchange(Some("zhou")).expect("exchanged");
    };
    told("东溪印染", "暗管", "public");
    told("东溪印染", "我管三号泵，裘师傅让我夜里开", "insider");
    for report in ["2", "3"] {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
    }
    done(&zhou.post("/en/reports/3/join", &[("expected-version", "0"), ("first", "2"), ("note", "")]));
    done(&zhou.post("/en/reports/2/handling", &[("expected-version", "1"), ("step", "verify"), ("note", "")]));
    let sheet = [&[("expected-version", "2")], &with(SHEET, "found", "裘师傅值班时开泵。")[..]].concat();
    let preview = text(&zhou.post("/en/reports/2/fact-sheet/preview", &sheet));
    assert!(preview.contains("<mark>裘师傅</mark>") && preview.contains("The reporter is an insider"), "{preview}");
    let drafted = text(&zhou.post("/en/reports/2/fact-sheet/cross", &sheet));
    assert!(says(&drafted, "sheet-drafted"), "{drafted}");
    // The second officer must have opened both reports.
    let mut wu = scenario.client("wu");
    wu.post("/en/reports/2/open", &[("purpose", "review")]);
    refused(
        &wu.post("/en/reports/2/draft", &[("expected-version", "3"), ("step", "crossed"), ("looked", "yes")]),
        409,
        "sheet-joined-not-opened",
    );
}

/// All pages that a case unit can load, and what the case side's tables and feed show at rest, of three cases with these
/// fact sheets: from reports, or from inspections.
fn case_side(from_reports: bool) -> Vec<String> {
    let mut scenario = Scenario::begin();
    scenario
        .installation
        .reconfigure_console("[exchange]", "[[feeds]]\nname = \"out\"\ndirectory = \"out\"\n\n[exchange]");
    let places = ["一号", "二号", "三号"];
    let keys = scenario.installation.keys();
    if from_reports {
        for _ in 1..places.len() {
            let sealed = visit(&reporter(), report("暗管"), &keys);
            send(&agent(), "POST", &format!("{}/api/visits", scenario.portal.address), &sealed.request)
                .expect("answered");
        }
        scenario.installation.exchange(Some("zhou")).expect("exchanged");
    }
    let mut zhou = scenario.client("zhou");
    for (place, number) in places.iter().zip(1..) {
        let waits: Vec<_> = with(SHEET, "party", place).into_iter().filter(|(name, _)| *name != "urgent").collect();
        let crossed = if from_reports {
            let path = format!("/en/reports/{number}");
            zhou.post(&format!("{path}/open"), &[("purpose", "verify")]);
            done(
                &zhou.post(&format!("{path}/handling"), &[("expected-version", "0"), ("step", "verify"), ("note", "")]),
            );
            zhou.post(&format!("{path}/fact-sheet/cross"), &[&[("expected-version", "1")], &waits[..]].concat())
        } else {
            zhou.post("/en/cases/new/cross", &waits)
        };
        assert!(text(&crossed).contains("becomes a case on"), "{}", text(&crossed));
    }
    assert!(
        says_with(&text(&zhou.get("/en/cases")), "waiting-link", &[("count", "3")]),
        "no case on the day of a report"
    );
    assert!(text(&zhou.get("/en/cases/waiting")).contains("二号"));
    // A week later all fact sheets are due on any weekday; an officer signs in, and they become cases.
    scenario.days_later(7);
    let mut wu = scenario.client("wu");
    done(&wu.post("/en/cases/waiting", &[]));
    assert!(says(&text(&wu.get("/en/cases/waiting")), "waiting-none"));
    for number in 1..=places.len() {
        done(&wu.post(&format!("/en/cases/{number}"), &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    }
    if from_reports {
        assert!(text(&wu.get("/en/reports/2/handling")).contains("was opened"), "the post knows");
    }
    seen_by_the_case_side(&scenario, places.len())
}

/// A page without what differs from load to load: the form token, the time in the watermark.
fn plain(page: &str) -> String {
    let without = |page: &str, from: &str, to: &str| {
        let mut rest = page;
        let mut kept = String::new();
        while let Some((before, after)) = rest.split_once(from) {
            kept.push_str(before);
            rest = after.split_once(to).map_or("", |(_, after)| after);
        }
        kept + rest
    };
    without(&without(page, "name=\"csrf\" value=\"", "\""), "<div class=\"watermark\"", "</body>")
}

fn seen_by_the_case_side(scenario: &Scenario, cases: usize) -> Vec<String> {
    let mut qian = scenario.client("qian");
    let mut seen = vec![plain(&text(&qian.get("/en/cases?show=all")))];
    // The order of cases is random, so their pages are compared without the numbers.
    let numberless = |page: String, number: usize| {
        page.replace(&format!("/{number}\""), "/N\"").replace(&format!("Case {number}"), "Case N")
    };
    let mut pages: Vec<String> =
        (1..=cases).map(|number| numberless(plain(&text(&qian.get(&format!("/en/cases/{number}")))), number)).collect();
    pages.sort();
    seen.append(&mut pages);
    seen[0] = seen[0].len().to_string();
    let at_rest = |query: &str| scenario.installation.read_register_at_rest(query);
    let mut entries = at_rest("SELECT entry || author || entered_on AS text FROM ledger_entries");
    entries.sort();
    seen.extend(entries);
    let shape = "SELECT group_concat(id || ' ' || ledger || ' ' || number || ' ' || length(entry), ';') AS text \
         FROM ledger_entries";
    seen.extend(at_rest(shape).into_iter().map(|text| text.len().to_string()));
    assert!(at_rest("SELECT 'x' AS text FROM waiting_sheets").is_empty());
    let mut events = at_rest("SELECT json_remove(event, '$.id', '$.subject', '$.data.case') AS text FROM events");
    events.sort();
    seen.extend(events);
    seen
}

#[test]
fn with_and_without_reports_behind_them_cases_are_the_same() {
    let (tips, inspections) = (case_side(true), case_side(false));
    assert_eq!(tips.len(), inspections.len());
    for (one, other) in tips.iter().zip(&inspections) {
        assert_eq!(one, other);
    }
    for text in &tips {
        for word in ["report", "reporter", "origin", "tip", "暗管"] {
            assert!(!text.contains(&format!("\"{word}\"")), "{word}: {text}");
        }
    }
}
