//! From an approved award to its payment: against the code, openly, once and no more; and what finance's
//! listener shows.

use std::collections::BTreeSet;
use std::thread;

use crypto::access::AccessList;
use crypto::letter::Choice;
use crypto::slot::ClaimState;
use crypto::words::WordList;
use database::{DatabaseUrl, Readers};
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl as _};
use model::{Purpose, Role};
use tests::casework::{DECIDED, Work, decided_case, done, proposal, refused};
use tests::claims::{said, standing};
use tests::desk::{Desk, text};
use tests::reporters::{random, reporter};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

const KEY: &str = "root/custodian.key";

/// What is on the custodian's medium.
fn key_file(work: &Work) -> Vec<u8> {
    std::fs::read(work.house.at(KEY)).expect("a key")
}

fn look(desk: &mut Desk, note: &str) -> tests::requests::Answer {
    desk.post("/en/desk", &[("shown", note)])
}

fn pay(desk: &mut Desk, note: &str) -> tests::requests::Answer {
    desk.post("/en/desk/pay", &[("shown", note)])
}

#[test]
fn paid_against_the_code_once_at_whichever_desk() {
    let mut work = Work::begin();
    let told = work.awarded();
    assert!(told.against_code && told.note == 1);
    assert_eq!(told.last_day, Some(tests::house::today().plus_days(60)));
    let (mut zhou, mut fang, mut gao) = (work.desk("zhou"), work.desk("fang"), work.desk("gao"));
    let note = work.note(1);
    refused(&look(&mut fang, &note), 409, "No order to pay is known");
    let (request, digest) = work.choice(work.by_note(1), None);
    work.send(&request);
    work.house.exchange(Some("zhou")).expect("exchanged");
    // Sorted, it is not lost among what was read.
    said(&zhou.post("/en/inbox/sort", &[]), "Sorted");
    said(&zhou.get("/en/inbox"), "id=\"choices\"");
    done(&zhou.post("/en/reports/1/claim", &[("letter", &digest.to_hex())]));
    zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    assert!(!text(&zhou.get("/en/inbox")).contains("id=\"choices\""), "entered, also when it is opened again");
    let told = standing(&work.slot());
    assert_eq!((told.state, told.note, told.paid_fen), (ClaimState::Note, 1, 0));

    // However it is written; and nothing of it is paid for a look.
    let english = work.one.claim_note(1).words(WordList::English).to_string();
    for written in [note.as_str(), &english, &work.one.claim_note(1).qr_text()] {
        let shown = look(&mut fang, written);
        assert_eq!(shown.status, 200, "{}", text(&shown));
        said(&shown, "61,728.39 yuan");
    }
    bad_notes(&work, &mut fang);

    // Two desks press at once; one of them pays.
    let desks: Vec<_> = [work.desk("fang"), work.desk("gao")]
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
    assert!(answers.iter().any(|(status, page)| *status == 409 && page.contains("It was paid on")), "{answers:?}");
    refused(&pay(&mut gao, &note), 409, "It was paid on");
    work.days_later(0);
    let mut fang = work.desk("fang");
    refused(&pay(&mut fang, &note), 409, "recorded by");
    let told = standing(&work.slot());
    assert_eq!((told.state, told.paid_fen, told.open_fen), (ClaimState::Paid, 6_172_839, 0));
    day_and_budget(&work, &mut fang);
    nothing_leaks(&work, &mut fang);
}

/// A note altered, another mailbox's, a receipt code.
fn bad_notes(work: &Work, fang: &mut Desk) {
    let english = work.one.claim_note(1).words(WordList::English).to_string();
    let words: Vec<&str> = english.split(' ').collect();
    refused(&look(fang, &words[..14].join(" ")), 400, "A note has 15 words; these are 14");
    let mut wrong = words.clone();
    wrong[6] = "qingniao";
    refused(&look(fang, &wrong.join(" ")), 400, "Word 7 is in no list");
    wrong.copy_from_slice(&words);
    wrong.swap(2, 9);
    let swapped = look(fang, &wrong.join(" "));
    assert!(swapped.status == 400 || words[2] == words[9], "{}", text(&swapped));
    let qr = work.one.claim_note(1).qr_text();
    let (start, last) = qr.split_at(qr.len() - 1);
    let altered = format!("{start}{}", if last == "0" { "1" } else { "0" });
    refused(&look(fang, &altered), 409, "No order to pay is known");
    let other = reporter().claim_note(1).words(WordList::Chinese).to_string();
    refused(&look(fang, &other), 409, "No order to pay is known");
    let code = crypto::receipt::ReceiptCode::from_random(random()).words(WordList::English).to_string();
    let answer = look(fang, &code);
    refused(&answer, 400, "must never be shown to anybody");
    assert!(!text(&answer).contains(code.split(' ').next().expect("a word")), "it does not stay on the screen");
}

fn day_and_budget(work: &Work, fang: &mut Desk) {
    said(&fang.get("/en/payments"), "2026-0001");
    let day = tests::house::today().to_string();
    let count = |fang: &mut Desk, counted| fang.post("/en/payments", &[("day", day.as_str()), ("counted", counted)]);
    said(&count(fang, "61728.39"), "It agrees, to the fen");
    said(&count(fang, "61,728.40"), "differ by 0.01 yuan");
    refused(&count(fang, "viel"), 400, "Please write the amount");
    let year = day[..4].to_owned();
    done(&fang.post("/en/budget", &[("year", year.as_str()), ("amount", "70000")]));
    said(&fang.get("/en/budget"), "Four fifths of the budget");
    refused(&fang.post("/en/budget", &[("year", "1999"), ("amount", "1")]), 400, "a year near this one");
    let log = text(&work.desk("shen").get("/en/log"));
    for action in ["paid", "entered the budget", "looked at a note"] {
        assert!(log.contains(action), "{action}: {log}");
    }
}

/// Reads everything that finance's listener can reach, and looks for what it must not show.
fn nothing_leaks(work: &Work, fang: &mut Desk) {
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
        for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            waiting.extend(link.starts_with('/').then(|| link.to_owned()));
        }
        pages.push_str(&page);
    }
    let note = work.note(1);
    for (path, fields) in [("/en/desk", [("shown", note.as_str())]), ("/en/desk/pay", [("shown", note.as_str())])] {
        pages.push_str(&text(&fang.post(path, &fields)));
    }
    assert!(seen.len() > 10 && pages.contains("2026-0001"), "{seen:?}");
    // What other doors show is not there, and nothing of it is on any page.
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
    let mailbox = work.one.mailbox().to_hex();
    let secret =
        ["Dongxi", "平桥", "台环罚", "reports/", "cases/", "claims/", "1,234,567.89", "暗管", "zhou", mailbox.as_str()];
    for word in secret {
        assert!(!pages.contains(word), "finance sees {word}");
    }
    for role in ["qian", "zhou"] {
        let door = if role == "qian" { &work.cases } else { &work.console.address };
        let mut other = Desk::signed_in(&work.house, door, role);
        assert_eq!(other.get("/en/desk").status, 404, "{role} has no desk of finance");
        let mut wrong = Desk::at(&work.finance);
        assert_eq!(wrong.sign_in(role, work.house.password(role)).status, 401, "{role} at finance's door");
    }
}

#[test]
fn paid_openly_on_a_slip_that_only_the_custodian_makes() {
    let work = Work::begin();
    work.awarded();
    let (mut zhou, mut bao, mut fang) = (work.desk("zhou"), work.desk("bao"), work.desk("fang"));
    let payee = Some((work.one.mailbox(), "王某某"));
    done(&work.chosen(&mut zhou, Choice::Open { number: 1 }, payee));
    assert_eq!(standing(&work.slot()).state, ClaimState::Transfer);
    said(&bao.get("/en/identity"), "Request 1");
    said(&bao.get("/en/identity/1"), "asked to be paid openly");
    assert_eq!(zhou.get("/en/identity/1").status, 404, "an officer opens no envelope");
    let consent = |bao: &mut Desk, key: &[u8]| {
        bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("custodian.key", key)]))
    };
    refused(&consent(&mut bao, b"AGE-SECRET-KEY-PQ-1NOTHING"), 400, "not the custodian’s key");
    assert_eq!(
        looked(&work).iter().filter(|one| one.1 == Purpose::OpenIdentity).count(),
        0,
        "a wrong key opens nothing"
    );
    let first = text(&consent(&mut bao, &key_file(&work)));
    assert!(first.contains("王某某") && first.contains("农行 6228"), "{first}");
    // The slip got lost: another one is made, and the first is worth nothing.
    let second = text(&consent(&mut bao, &key_file(&work)));
    let words = |page: &str| {
        page.split("lang=\"en\">").nth(1).and_then(|rest| rest.split('<').next()).expect("words").to_owned()
    };
    refused(&look(&mut fang, &words(&first)), 409, "No order to pay is known");
    refused(&look(&mut fang, &work.note(1)), 409, "No order to pay is known");
    said(&look(&mut fang, &words(&second)), "Paid to the payee on the custodian’s slip");
    let paid = pay(&mut fang, &words(&second));
    said(&paid, "Receipt 2026-0001");
    refused(&consent(&mut bao, &key_file(&work)), 409, "was paid or withdrawn meanwhile");
    assert_eq!(standing(&work.slot()).state, ClaimState::Paid);
    for (page, who) in [(text(&zhou.get("/en/reports/1/claim")), "officer"), (text(&paid), "finance")] {
        assert!(!page.contains("王某某"), "{who} sees no payee in the program");
    }
    // No row, and no entry, has a report beside an order.
    let linked = "SELECT (SELECT count(*) FROM identity_requests r, orders o WHERE instr(r.attested || r.answered, \
        o.digest) > 0 OR instr(o.noted || o.content, r.letter) > 0) AS count";
    let rows: Vec<Count> = Readers::of(DatabaseUrl::Sqlite(work.house.at("console/register.sqlite")))
        .read(|connection| diesel::sql_query(linked).load(connection))
        .expect("counted");
    assert_eq!(rows[0].count, 0);
    // The reporter is told of both steps.
    let looked = looked(&work);
    assert!(looked.contains(&(Role::Officer, Purpose::AskIdentity)), "{looked:?}");
    assert!(looked.contains(&(Role::Custodian, Purpose::OpenIdentity)), "{looked:?}");
    let log = text(&work.desk("shen").get("/en/log"));
    assert!(log.contains("opened an identity envelope") && !log.contains("王某某"), "{log}");
}

/// Who looked, as the reporter is told.
fn looked(work: &Work) -> Vec<(Role, Purpose)> {
    let (slot, keys) = (work.slot(), work.house.keys());
    let list = AccessList::read(&slot.access, &work.one.mailbox(), &keys.keys.recorder.key()).expect("a list");
    list.records.iter().map(|record| (record.role, record.purpose)).collect()
}

#[test]
fn an_envelope_of_another_mailbox_is_not_shown() {
    let work = Work::begin();
    work.awarded();
    let (mut zhou, mut bao) = (work.desk("zhou"), work.desk("bao"));
    let foreign = Some((reporter().mailbox(), "somebody else"));
    done(&work.chosen(&mut zhou, Choice::Open { number: 1 }, foreign));
    let key = key_file(&work);
    let answer = bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("k", &key)]));
    refused(&answer, 409, "belongs to another mailbox");
    assert!(!text(&answer).contains("somebody else"));
    // Nor one that somebody put into the register in its place.
    let payee = Some((work.one.mailbox(), "a thief"));
    let (request, _) = work.choice(Choice::Open { number: 1 }, payee);
    work.house.in_register(&format!("UPDATE identity_requests SET envelope = zeroblob({})", request.len() % 4096));
    let answer = bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("k", &key)]));
    assert_eq!(answer.status, 500, "{}", text(&answer));
    done(&bao.post("/en/identity/1", &[("decision", "refuse")]));
    said(&zhou.get("/en/inbox"), "The custodian has refused");
    said(&zhou.get("/en/reports/1/identity"), "refused");
    assert!(!text(&zhou.get("/en/inbox")).contains("The custodian has refused"), "seen");
    // The officer withdraws the order, and the reporter chooses again.
    done(&zhou.post("/en/reports/1/claim", &[("entry", "undrawn"), ("note", "no payee")]));
    assert_eq!(standing(&work.slot()).note, 2, "with the next note");
    done(&work.chosen(&mut zhou, work.by_note(2), None));
    said(&look(&mut work.desk("fang"), &work.note(2)), "61,728.39 yuan");
}

#[test]
fn an_envelope_without_a_payee_makes_no_slip() {
    let work = Work::begin();
    work.awarded();
    let (mut zhou, mut bao) = (work.desk("zhou"), work.desk("bao"));
    done(&work.chosen(&mut zhou, Choice::Open { number: 1 }, Some((work.one.mailbox(), " "))));
    let key = key_file(&work);
    let answer = bao.post_files("/en/identity/1", &[("decision", "consent")], ("key", &[("k", &key)]));
    refused(&answer, 409, "names no payee or no account");
    assert!(!text(&answer).contains("id=\"slip\""));
}

#[test]
fn an_exchange_that_is_cut_loses_nothing_and_pays_nothing_twice() {
    let mut work = Work::begin();
    work.awarded();
    let (mut zhou, mut fang) = (work.desk("zhou"), work.desk("fang"));
    let (request, digest) = work.choice(work.by_note(1), None);
    // The answer to the first is lost: the browser sends the very same letter again.
    work.send(&request);
    work.portal.kill();
    work.portal = work.house.portal();
    work.send(&request);
    work.recorder.kill();
    assert!(work.house.exchange(Some("zhou")).is_err(), "cut before it is answered");
    work.recorder = work.house.recorder();
    work.house.exchange(Some("zhou")).expect("exchanged");
    let letter = digest.to_hex();
    done(&zhou.post("/en/reports/1/claim", &[("letter", &letter)]));
    refused(&zhou.post("/en/reports/1/claim", &[("letter", &letter)]), 409, "At this stage");
    // Another letter with the same choice draws no second order either.
    refused(&work.chosen(&mut zhou, work.by_note(1), None), 409, "At this stage");
    assert_eq!(pay(&mut fang, &work.note(1)).status, 200);
    refused(&work.chosen(&mut zhou, work.by_note(2), None), 409, "At this stage");
    assert_eq!(standing(&work.slot()).paid_fen, 6_172_839);
}

#[test]
fn a_special_award_needs_two_approvers_and_the_document_of_consent() {
    let work = Work::begin();
    let (mut zhou, mut qian, mut fang) = (work.desk("zhou"), work.desk("qian"), work.desk("fang"));
    let (mut he, mut mei) = (work.desk("he"), work.desk("mei"));
    decided_case(&mut zhou, &mut qian);
    done(&fang.post("/en/budget", &[("year", &tests::house::today().year().to_string()), ("amount", "200000")]));
    let special = proposal(DECIDED, &[("special", "300000"), ("grounds", "Fish died for miles.")]);
    assert_eq!(zhou.post("/en/reports/1/reward", &special).status, 200);
    let approve = [("seen", "1"), ("entry", "approved")];
    said(&he.get("/en/approvals/claims/1"), "more is committed than the year’s budget has");
    done(&he.post("/en/approvals/claims/1", &approve));
    assert_eq!(work.slot().outcome, None, "one approval is not enough");
    refused(&he.post("/en/approvals/claims/1", &[("seen", "2"), ("entry", "approved")]), 409, "another person must");
    let again = [("seen", "2"), ("entry", "approved"), ("document", "天政函〔2026〕5 号")];
    refused(&mei.post("/en/approvals/claims/1", &again), 409, "Number and file of the document");
    let file: (&str, &[(&str, &[u8])]) = ("consent", &[("同意.pdf", b"consent")]);
    let unnamed = [("seen", "2"), ("entry", "approved"), ("document", " ")];
    refused(&mei.post_files("/en/approvals/claims/1", &unnamed, file), 409, "Number and file of the document");
    done(&mei.post_files("/en/approvals/claims/1", &again, file));
    let told = standing(&work.slot());
    assert_eq!((told.state, told.open_fen), (ClaimState::Open, 30_000_000));
    let consent = text(&he.get("/en/approvals/claims/1"));
    let path = consent.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let path = path.into_iter().find(|path| path.contains("/claims/1/files/")).expect("the document of consent");
    assert_eq!(he.get(path).body, b"consent");
    let form = text(&mei.get("/en/approvals/claims/1/form"));
    for word in ["天政函〔2026〕5 号", "Fish died for miles.", "he", "mei", "zhou", "Approval form", "SHA-256"] {
        assert!(form.contains(word), "{word}: {form}");
    }
    assert!(!form.contains("reports/") && !form.contains("暗管在西墙"), "nothing of the reporter: {form}");
}
