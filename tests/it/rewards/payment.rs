//! From an approved award to its payment, by claim note or openly, only once; and the pages of finance's listener.

use kit::claims::shows;
use kit::html;
use kit::sentences::{says, says_with};
use std::collections::BTreeSet;
use std::thread;

use crypto::keys::words::WordList;
use crypto::letters::letter::Choice;
use crypto::log::access_list::AccessList;
use crypto::slots::slot::ClaimState;
use kit::claims::{claim_status, said};
use kit::console_client::{ConsoleClient, text};
use kit::reporters::{random, reporter};
use kit::scenario::{DECIDED, Scenario, decided_case, done, proposal, refused};
use model::{Purpose, Role};

const KEY: &str = "root/custodian.key";

/// The key file on the custodian's medium.
fn key_file(scenario: &Scenario) -> Vec<u8> {
    std::fs::read(scenario.installation.at(KEY)).expect("a key")
}

fn look(desk: &mut ConsoleClient, note: &str) -> kit::requests::Answer {
    desk.post("/en/desk", &[("shown", note)])
}

fn pay(desk: &mut ConsoleClient, note: &str) -> kit::requests::Answer {
    desk.post("/en/desk/pay", &[("shown", note)])
}

#[test]
fn paid_against_the_code_once_at_whichever_desk() {
    let mut scenario = Scenario::begin();
    let told = scenario.awarded();
    assert!(told.against_code && told.offer_number == 1);
    assert_eq!(told.last_day, Some(kit::installation::today().plus_days(60)));
    let (mut zhou, mut fang, mut gao) = (scenario.client("zhou"), scenario.client("fang"), scenario.client("gao"));
    let note = scenario.note(1);
    refused(&look(&mut fang, &note), 409, "desk-unknown");
    let (request, digest) = scenario.choice(scenario.by_note(1), None);
    scenario.send(&request);
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    // Once opened, the choice is listed apart from letters that were read.
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    assert!(html::has(&text(&zhou.get("/en/inbox")), "#choices"));
    done(&zhou.post("/en/reports/1/claim", &[("letter", &digest.to_hex())]));
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    assert!(!text(&zhou.get("/en/inbox")).contains("id=\"choices\""), "entered, also when it is opened again");
    let told = claim_status(&scenario.slot());
    assert_eq!((told.state, told.offer_number, told.paid_fen), (ClaimState::Note, 1, 0));

    // Every form of the note is accepted, and checking it does not pay it.
    let english = scenario.one.claim_note(1).words(WordList::English).to_string();
    for written in [note.as_str(), &english, &scenario.one.claim_note(1).qr_text()] {
        let shown = look(&mut fang, written);
        assert_eq!(shown.status, 200, "{}", text(&shown));
        shows(&shown, "61,728.39 yuan");
    }
    bad_notes(&scenario, &mut fang);

    // Two desks pay at once; only one succeeds.
    let desks: Vec<_> = [scenario.client("fang"), scenario.client("gao")]
        .into_iter()
        .map(|mut desk| {
            let note = note.clone();
            thread::spawn(move || {
                let answer = pay(&mut desk, &note);
                (answer.status, text(&answer))
            })
        })
        .collect();
    let answers: Vec<_> = desks.into_iter().map(|desk| desk.join().expect("answered")).collect();
    let mut statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{answers:?}");
    assert!(
        answers.iter().any(|(status, page)| *status == 409 && html::problem(page).as_deref() == Some("desk-paid")),
        "{answers:?}"
    );
    refused(&pay(&mut gao, &note), 409, "desk-paid");
    scenario.days_later(0);
    let mut fang = scenario.client("fang");
    refused(&pay(&mut fang, &note), 409, "desk-paid");
    let told = claim_status(&scenario.slot());
    assert_eq!((told.state, told.paid_fen, told.open_fen), (ClaimState::Paid, 6_172_839, 0));
    day_and_budget(&scenario, &mut fang);
    nothing_leaks(&scenario, &mut fang);
}

/// Invalid notes are refused: an altered one, another mailbox's, a receipt code.
fn bad_notes(scenario: &Scenario, fang: &mut ConsoleClient) {
    let english = scenario.one.claim_note(1).words(WordList::English).to_string();
    let words: Vec<&str> = english.split(' ').collect();
    refused(&look(fang, &words[..14].join(" ")), 400, "desk-length");
    let mut wrong = words.clone();
    wrong[6] = "qingniao";
    refused(&look(fang, &wrong.join(" ")), 400, "desk-unknown-word");
    wrong.copy_from_slice(&words);
    wrong.swap(2, 9);
    let swapped = look(fang, &wrong.join(" "));
    assert!(swapped.status == 400 || words[2] == words[9], "{}", text(&swapped));
    let qr = scenario.one.claim_note(1).qr_text();
    let (start, last) = qr.split_at(qr.len() - 1);
    let altered = format!("{start}{}", if last == "0" { "1" } else { "0" });
    refused(&look(fang, &altered), 409, "desk-unknown");
    let other = reporter().claim_note(1).words(WordList::Chinese).to_string();
    refused(&look(fang, &other), 409, "desk-unknown");
    let code = crypto::letters::receipt::ReceiptCode::from_random(random()).words(WordList::English).to_string();
    let answer = look(fang, &code);
    refused(&answer, 400, "desk-receipt-code");
    assert!(!text(&answer).contains(code.split(' ').next().expect("a word")), "it does not stay on the screen");
}

fn day_and_budget(scenario: &Scenario, fang: &mut ConsoleClient) {
    shows(&fang.get("/en/payments"), "2026-0001");
    let day = kit::installation::today().to_string();
    let count =
        |fang: &mut ConsoleClient, counted| fang.post("/en/payments", &[("day", day.as_str()), ("counted", counted)]);
    said(&count(fang, "61728.39"), "count-agrees");
    said(&count(fang, "61,728.40"), "count-differs");
    refused(&count(fang, "viel"), 400, "bad-amount");
    let year = day[..4].to_owned();
    done(&fang.post("/en/budget", &[("year", year.as_str()), ("amount", "70000")]));
    said(&fang.get("/en/budget"), "budget-soon");
    refused(&fang.post("/en/budget", &[("year", "1999"), ("amount", "1")]), 400, "bad-budget");
    let log = scenario.client("shen").log("");
    for action in ["paid", "entered the budget", "looked at a note"] {
        assert!(log.contains(action), "{action}: {log}");
    }
}

/// Reads all pages that finance's listener serves, and searches them for content that it must not show.
fn nothing_leaks(scenario: &Scenario, fang: &mut ConsoleClient) {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec!["/en/home".to_owned(), "/zh/home".to_owned()]);
    let mut pages = String::new();
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = fang.get(&path);
        let page = text(&answer);
        if answer.status == 303 {
            waiting.extend(answer.header("location").map(str::to_owned));
        }
        waiting.extend(html::attributes(&page, "a[href^='/']", "href"));
        pages.push_str(&page);
    }
    let note = scenario.note(1);
    for (path, fields) in [("/en/desk", [("shown", note.as_str())]), ("/en/desk/pay", [("shown", note.as_str())])] {
        pages.push_str(&text(&fang.post(path, &fields)));
    }
    assert!(seen.len() > 10 && pages.contains("2026-0001"), "{seen:?}");
    // Pages of other listeners are not found here, and their content is on no page.
    for path in [
        "inbox",
        "cases",
        "cases/1",
        "reports/1",
        "reports/1/claim",
        "approvals",
        "approvals/claims/1",
        "log",
        "identity",
    ] {
        assert_eq!(fang.get(&format!("/en/{path}")).status, 404, "{path}");
    }
    let mailbox = scenario.one.mailbox().to_hex();
    let secret =
        ["Dongxi", "平桥", "台环罚", "reports/", "cases/", "claims/", "1,234,567.89", "暗管", "zhou", mailbox.as_str()];
    for word in secret {
        assert!(!pages.contains(word), "finance sees {word}");
    }
    for role in ["qian", "zhou"] {
        let door = if role == "qian" { &scenario.cases } else { &scenario.console.address };
        let mut other = ConsoleClient::signed_in(&scenario.installation, door, role);
        assert_eq!(other.get("/en/desk").status, 404, "{role} has no desk of finance");
        let mut wrong = ConsoleClient::at(&scenario.finance);
        assert_eq!(wrong.sign_in(role, scenario.installation.password(role)).status, 401, "{role} at finance's door");
    }
}

#[test]
fn paid_openly_on_a_slip_that_only_the_custodian_makes() {
    let scenario = Scenario::begin();
    scenario.awarded();
    let (mut zhou, mut bao, mut fang) = (scenario.client("zhou"), scenario.client("bao"), scenario.client("fang"));
    let payee = Some((scenario.one.mailbox(), "王某某"));
    done(&scenario.chosen(&mut zhou, Choice::Open { offer_number: 1 }, payee));
    assert_eq!(claim_status(&scenario.slot()).state, ClaimState::Transfer);
    assert!(says_with(&text(&bao.get("/en/identity")), "request-number", &[("number", "1")]));
    said(&bao.get("/en/identity/1"), "reason-pay");
    assert_eq!(zhou.get("/en/identity/1").status, 404, "an officer opens no envelope");
    let consent = |bao: &mut ConsoleClient, key: &[u8]| {
        bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("custodian.key", key)]))
    };
    refused(&consent(&mut bao, b"AGE-SECRET-KEY-PQ-1NOTHING"), 400, "custodian-wrong-key");
    assert_eq!(
        looked(&scenario).iter().filter(|one| one.1 == Purpose::OpenIdentity).count(),
        0,
        "a wrong key opens nothing"
    );
    let first = text(&consent(&mut bao, &key_file(&scenario)));
    assert!(first.contains("王某某") && first.contains("农行 6228"), "{first}");
    // The slip was lost: a new one is issued, and the first is no longer valid.
    let second = text(&consent(&mut bao, &key_file(&scenario)));
    let words = |page: &str| html::text(page, "main [lang=en]");
    refused(&look(&mut fang, &words(&first)), 409, "desk-unknown");
    refused(&look(&mut fang, &scenario.note(1)), 409, "desk-unknown");
    said(&look(&mut fang, &words(&second)), "desk-way-slip");
    let paid = pay(&mut fang, &words(&second));
    assert!(says_with(&text(&paid), "receipt-title", &[("number", "2026-0001")]));
    refused(&consent(&mut bao, &key_file(&scenario)), 409, "request-answered");
    assert_eq!(claim_status(&scenario.slot()).state, ClaimState::Paid);
    for (page, who) in [(text(&zhou.get("/en/reports/1/claim")), "officer"), (text(&paid), "finance")] {
        assert!(!page.contains("王某某"), "{who} sees no payee in the program");
    }
    // Who has the console's disk finds no identity request that names an order, and no order that names a report's
    // letter.
    let at_rest = |condition: &str| {
        let pairs = "SELECT r.letter AS text FROM identity_requests r, orders o";
        scenario.installation.read_register_at_rest(&format!("{pairs} WHERE {condition}"))
    };
    assert_eq!(
        at_rest("r.attested || r.answered <> '' AND o.slip_request || o.content <> ''").len(),
        1,
        "both are there"
    );
    let named = "instr(r.attested || r.answered, o.digest) > 0 OR instr(o.slip_request || o.content, r.letter) > 0";
    assert!(at_rest(named).is_empty());
    // The reporter's access list has both steps.
    let looked = looked(&scenario);
    assert!(looked.contains(&(Role::Officer, Purpose::AskIdentity)), "{looked:?}");
    assert!(looked.contains(&(Role::Custodian, Purpose::OpenIdentity)), "{looked:?}");
    let log = scenario.client("shen").log("");
    assert!(says(&log, "action-open-identity") && !log.contains("王某某"), "{log}");
}

/// Roles and purposes in the reporter's access list.
fn looked(scenario: &Scenario) -> Vec<(Role, Purpose)> {
    let (slot, keys) = (scenario.slot(), scenario.installation.keys());
    let list = AccessList::read(&slot.access, &scenario.one.mailbox(), &keys.keys.recorder.key()).expect("a list");
    list.records.iter().map(|record| (record.role, record.purpose)).collect()
}

#[test]
fn an_envelope_of_another_mailbox_is_not_shown() {
    let scenario = Scenario::begin();
    scenario.awarded();
    let (mut zhou, mut bao) = (scenario.client("zhou"), scenario.client("bao"));
    let foreign = Some((reporter().mailbox(), "somebody else"));
    done(&scenario.chosen(&mut zhou, Choice::Open { offer_number: 1 }, foreign));
    let key = key_file(&scenario);
    let answer = bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("k", &key)]));
    refused(&answer, 409, "custodian-foreign");
    assert!(!text(&answer).contains("somebody else"));
    // An envelope that somebody with the console's disk replaced is not opened either.
    let payee = Some((scenario.one.mailbox(), "a thief"));
    let (request, _) = scenario.choice(Choice::Open { offer_number: 1 }, payee);
    scenario
        .installation
        .tamper_with_register(&format!("UPDATE identity_requests SET envelope = zeroblob({})", request.len() % 4096));
    let answer = bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("k", &key)]));
    assert_eq!(answer.status, 500, "{}", text(&answer));
    done(&bao.post("/en/identity/1", &[("decision", "refuse")]));
    said(&zhou.get("/en/inbox"), "inbox-refused");
    said(&zhou.get("/en/reports/1/identity"), "request-refused");
    assert!(!says(&text(&zhou.get("/en/inbox")), "inbox-refused"), "expected-version");
    // The officer withdraws the order, and the reporter chooses again.
    done(&zhou.post("/en/reports/1/claim", &[("entry", "order-withdrawn"), ("note", "no payee")]));
    assert_eq!(claim_status(&scenario.slot()).offer_number, 2, "with the next note");
    done(&scenario.chosen(&mut zhou, scenario.by_note(2), None));
    shows(&look(&mut scenario.client("fang"), &scenario.note(2)), "61,728.39 yuan");
}

#[test]
fn an_envelope_without_a_payee_makes_no_slip() {
    let scenario = Scenario::begin();
    scenario.awarded();
    let (mut zhou, mut bao) = (scenario.client("zhou"), scenario.client("bao"));
    done(&scenario.chosen(&mut zhou, Choice::Open { offer_number: 1 }, Some((scenario.one.mailbox(), " "))));
    let key = key_file(&scenario);
    let answer = bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("k", &key)]));
    refused(&answer, 409, "custodian-no-payee");
    assert!(!text(&answer).contains("id=\"slip\""));
}

#[test]
fn an_exchange_that_is_cut_loses_nothing_and_pays_nothing_twice() {
    let mut scenario = Scenario::begin();
    scenario.awarded();
    let (mut zhou, mut fang) = (scenario.client("zhou"), scenario.client("fang"));
    let (request, digest) = scenario.choice(scenario.by_note(1), None);
    // The answer to the first sending is lost, so the browser sends an identical letter again.
    scenario.send(&request);
    scenario.portal.kill();
    scenario.portal = scenario.installation.portal();
    scenario.send(&request);
    scenario.recorder.kill();
    assert!(scenario.installation.exchange(Some("zhou")).is_err(), "cut before it is answered");
    scenario.recorder = scenario.installation.recorder();
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    let letter = digest.to_hex();
    done(&zhou.post("/en/reports/1/claim", &[("letter", &letter)]));
    refused(&zhou.post("/en/reports/1/claim", &[("letter", &letter)]), 409, "claim-not-now");
    // Another letter with this choice does not issue a second order either.
    refused(&scenario.chosen(&mut zhou, scenario.by_note(1), None), 409, "claim-not-now");
    assert_eq!(pay(&mut fang, &scenario.note(1)).status, 200);
    refused(&scenario.chosen(&mut zhou, scenario.by_note(2), None), 409, "claim-not-now");
    assert_eq!(claim_status(&scenario.slot()).paid_fen, 6_172_839);
}

#[test]
fn a_special_award_needs_two_approvers_and_the_document_of_consent() {
    let scenario = Scenario::begin();
    let (mut zhou, mut qian, mut fang) = (scenario.client("zhou"), scenario.client("qian"), scenario.client("fang"));
    let (mut he, mut mei) = (scenario.client("he"), scenario.client("mei"));
    decided_case(&mut zhou, &mut qian);
    done(&fang.post("/en/budget", &[("year", &kit::installation::today().year().to_string()), ("amount", "200000")]));
    let special = proposal(DECIDED, &[("special", "300000"), ("grounds", "Fish died for miles.")]);
    assert_eq!(zhou.post("/en/reports/1/reward", &special).status, 200);
    let approve = [("expected-version", "1"), ("entry", "approved")];
    said(&he.get("/en/approvals/claims/1"), "budget-over");
    done(&he.post("/en/approvals/claims/1", &approve));
    assert_eq!(scenario.slot().outcome, None, "one approval is not enough");
    refused(
        &he.post("/en/approvals/claims/1", &[("expected-version", "2"), ("entry", "approved")]),
        409,
        "claim-own-approved",
    );
    let again = [("expected-version", "2"), ("entry", "approved"), ("document", "天政函〔2026〕5 号")];
    refused(&mei.post("/en/approvals/claims/1", &again), 409, "consent-missing");
    let file: (&str, &[(&str, &[u8])]) = ("consent", &[("同意.pdf", b"consent")]);
    let unnamed = [("expected-version", "2"), ("entry", "approved"), ("document", " ")];
    refused(&mei.post_files("/en/approvals/claims/1", &unnamed, file), 409, "consent-missing");
    done(&mei.post_files("/en/approvals/claims/1", &again, file));
    let told = claim_status(&scenario.slot());
    assert_eq!((told.state, told.open_fen), (ClaimState::Open, 30_000_000));
    let consent = text(&he.get("/en/approvals/claims/1"));
    let path = html::attribute(&consent, "a[href*='/claims/1/files/']", "href").expect("the document of consent");
    assert_eq!(he.get(&path).body, b"consent");
    let form = text(&mei.get("/en/approvals/claims/1/form"));
    for word in ["天政函〔2026〕5 号", "Fish died for miles.", "he", "mei", "zhou", "Approval form", "SHA-256"] {
        assert!(form.contains(word), "{word}: {form}");
    }
    assert!(!form.contains("reports/") && !form.contains("暗管在西墙"), "nothing of the reporter: {form}");
}
