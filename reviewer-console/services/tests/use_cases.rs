//! Use cases from beginning to end, without HTTP: their results, and their entries in the access log.

#![allow(missing_docs)]

mod installation;

use casework::reports::{HandlingStep, ReportStage};
use casework::rewards::ClaimRefusal;
use console_services::accounts::Password;
use console_services::accounts::authentication::sign_in_for_command;
use console_services::actor::Actor;
use console_services::cases::cross_sheet::{CrossingOutcome, cross_sheet};
use console_services::cases::reported_text::NotComparable;
use console_services::cases::review_sheet::{SheetReview, Verdict, review_sheet};
use console_services::error::ConsoleError;
use console_services::finance::pay::{ClaimNoteStatus, PaymentOutcome, look_up_note, pay};
use console_services::identity::ask_identity::{IdentityRequest, IdentityRequestOutcome, ask_identity};
use console_services::identity::open_identity::{ConsentOutcome, CustodianKey, open_identity};
use console_services::identity::read_identities::{OpenedIdentity, identities_of_report};
use console_services::identity::read_requests::list_requests;
use console_services::identity::request::Reason;
use console_services::reports::erase_reports::{erase_reports, remove_enclosures};
use console_services::reports::handling::read_handling;
use console_services::reports::open_report::open_report;
use console_services::reports::replies::{NewReply, ReplyWritten, write_reply};
use console_services::reports::retention::due;
use console_services::reports::take_step::{StepRequest, StepTaken, take_step};
use console_services::rewards::approve::{Approval, DecisionOutcome, ReturnedProposal, approve, return_proposal};
use console_services::rewards::enter_choice::{ChoiceRequest, enter_choice};
use console_services::rewards::follow_claim::{ChoiceEntered, NotFollowed};
use console_services::rewards::proposal_basis::{NotYet, read_basis};
use crypto::letters::letter::{Body, Choice};
use crypto::sealing::identity_envelope::{Identity, IdentityEnvelope};
use installation::{HERE, checked, crossing, proposed, report};
use model::{Fen, Purpose, Role};
use opening::PostKeys;
use register::Account;

/// Somebody able to write the register's file could give an account post keys of their own, and read what is sealed to
/// them.
#[test]
fn post_keys_that_the_root_has_not_signed_for_are_not_used_on_the_site_or_by_a_command() {
    let before = HERE.register.account("lin").expect("a register").expect("an account");
    let foreign = PostKeys::generate("demo.test").expect("keys");
    let slot = before.recipient.parse().expect("a recipient");
    let planted = Account { post_keys: Some(foreign.seal(&slot).expect("sealed")), ..before.clone() };
    HERE.register.change_account(&before, &planted).expect("a register").expect("changed");
    assert!(!HERE.new_session("lin", Role::Administrator).session.has_post_keys());
    assert!(!HERE.by_command("lin").has_post_keys());
    assert!(HERE.by_command("zhou").has_post_keys(), "those that it has signed for are");
}

#[test]
fn a_command_tells_the_recorder_of_a_wrong_password_and_takes_no_name_that_is_nobodys() {
    let wrong = Password::typed("not the password").expect("typed");
    for name in ["shen", "nobody"] {
        assert!(sign_in_for_command(&HERE.console.resources, name, &wrong).is_err(), "{name}");
    }
    assert_eq!(HERE.logged_of("sign-in-failed", "shen"), 1);
}

#[test]
fn opening_a_letter_is_recorded_before_it_is_read() {
    let (_, number) = HERE.reported(report("暗管在西墙"));
    let zhou = HERE.officer("zhou");
    assert_eq!(HERE.logged("open-letter", number), 0);
    let opened = open_report(&zhou, number, Purpose::Review).expect("opened");
    let Ok(letter) = &opened.letters[0].1 else { panic!("unreadable") };
    let Body::Report(said) = &letter.letter.body else { panic!("a report") };
    assert_eq!((said.what.as_str(), opened.closed, opened.replies.len()), ("暗管在西墙", 0, 0));
    assert_eq!(HERE.logged("open-letter", number), 1);
    assert!(matches!(open_report(&zhou, 1_000_000, Purpose::Review), Err(ConsoleError::NotFound)));
    // An account without the post's keys opens nothing: the recorder refuses to record it.
    let unit = HERE.actor("qian", Role::CaseUnit);
    assert!(matches!(open_report(&unit, number, Purpose::Review), Err(ConsoleError::Recorder(_))));
    assert_eq!(HERE.logged("open-letter", number), 1);
}

#[test]
fn an_answer_is_kept_once_and_reading_it_again_is_recorded() {
    let (_, number) = HERE.reported(report("河里有油"));
    let zhou = HERE.officer("zhou");
    open_report(&zhou, number, Purpose::Answer).expect("opened");
    let reply = |text: &str| NewReply { report: number, expected_version: 0, text: text.to_owned() };
    assert_eq!(write_reply(&zhou, &reply("谢谢")).expect("asked"), ReplyWritten::Kept);
    assert_eq!(HERE.logged("read-replies", number), 0, "nothing was read");
    assert_eq!(write_reply(&zhou, &reply("谢谢")).expect("asked"), ReplyWritten::KeptBefore, "a double click");
    assert_eq!(write_reply(&zhou, &reply("请补充")).expect("asked"), ReplyWritten::Conflict, "another text");
    assert_eq!(HERE.logged("read-replies", number), 2);
    let wu = HERE.officer("wu");
    assert_eq!(write_reply(&wu, &reply("谢谢")).expect("asked"), ReplyWritten::Conflict, "a colleague's");
    assert_eq!(HERE.logged("read-replies", number), 2, "which is not read for that");
    assert_eq!(HERE.logged("write-reply", number), 1);
}

#[test]
fn a_step_is_taken_once_and_by_the_rules() {
    let (_, number) = HERE.reported(report("夜间排放"));
    let zhou = HERE.officer("zhou");
    let verify = |expected_version| StepRequest {
        report: number,
        expected_version,
        step: HandlingStep::Verify { note: "by Wu".to_owned(), filed: None },
    };
    assert_eq!(take_step(&zhou, verify(0)).expect("asked"), StepTaken::Unopened);
    open_report(&zhou, number, Purpose::Verify).expect("opened");
    assert_eq!(take_step(&zhou, verify(0)).expect("asked"), StepTaken::Kept);
    assert_eq!(take_step(&zhou, verify(0)).expect("asked"), StepTaken::Conflict, "sent twice");
    assert!(matches!(take_step(&zhou, verify(1)).expect("asked"), StepTaken::Refused(_)), "out of order");
    let known = HandlingStep::Known { case: 1_000_000, note: "x".to_owned(), filed: None };
    let known = StepRequest { report: number, expected_version: 1, step: known };
    assert_eq!(take_step(&zhou, known).expect("asked"), StepTaken::NoCase);
    assert_eq!(HERE.logged("handle-report", number), 1, "what was not kept was not recorded");
    let handling = read_handling(&zhou, number).expect("read");
    assert_eq!((handling.stage, handling.handled.version()), (ReportStage::Verifying, 1));
}

#[test]
fn a_sheet_crosses_once_it_was_held_against_the_report() {
    let (_, number) = HERE.reported(report("冷却塔后面有一根管子"));
    checked(&HERE.officer("zhou"), number);
    // Another session has not opened the report.
    let other = HERE.new_session("wu", Role::Officer);
    let crossed = |who: &Actor, version, looked| cross_sheet(who, crossing(number, version, looked)).expect("asked");
    assert_eq!(crossed(&other, 1, true), CrossingOutcome::NotComparable(NotComparable::NotOpened));
    let zhou = HERE.officer("zhou");
    assert_eq!(crossed(&zhou, 1, false), CrossingOutcome::NotLooked);
    assert_eq!(crossed(&zhou, 0, true), CrossingOutcome::Conflict);
    let CrossingOutcome::Opened(cases) = crossed(&zhou, 1, true) else { panic!("no case") };
    assert_eq!(cases.len(), 1);
    assert_eq!(crossed(&zhou, 1, true), CrossingOutcome::Conflict, "sent twice");
    let handling = read_handling(&zhou, number).expect("read");
    assert_eq!(
        (handling.stage, handling.case.map(|file| file.number)),
        (ReportStage::Confirmed, cases.first().copied())
    );
}

/// The answer of an urgent crossing names its own case, not that of a colleague at the same moment.
#[test]
fn urgent_sheets_that_cross_at_once_become_one_case_each() {
    let zhou = HERE.officer("zhou");
    let reports = ["北桥", "南桥", "东桥", "西桥"].map(|place| HERE.reported(report(place)).1);
    for number in reports {
        checked(&zhou, number);
    }
    let crossed: Vec<CrossingOutcome> = std::thread::scope(|scope| {
        let zhou = &zhou;
        let one = |number| scope.spawn(move || cross_sheet(zhou, crossing(number, 1, true)).expect("asked"));
        reports.map(one).into_iter().map(|each| each.join().expect("an answer")).collect()
    });
    for (number, crossed) in reports.into_iter().zip(crossed) {
        let case = read_handling(&zhou, number).expect("read").case.expect("a case").number;
        assert_eq!(crossed, CrossingOutcome::Opened(vec![case]));
    }
}

#[test]
fn an_insiders_sheet_waits_for_a_second_officer() {
    let told = report("锅炉房值班表在我这里");
    let (_, number) = HERE.reported(crypto::letters::letter::Report { reporter: "insider".to_owned(), ..told });
    let zhou = HERE.officer("zhou");
    checked(&zhou, number);
    assert_eq!(cross_sheet(&zhou, crossing(number, 1, true)).expect("asked"), CrossingOutcome::Drafted);
    let handling = read_handling(&zhou, number).expect("read");
    assert!(handling.case.is_none() && handling.stage == ReportStage::Drafted);
    let review = |looked| SheetReview { report: number, expected_version: 2, verdict: Verdict::Cross { looked } };
    assert!(matches!(review_sheet(&zhou, review(true)).expect("asked"), CrossingOutcome::Refused(_)), "their own");
    let second = HERE.new_session("wu", Role::Officer);
    let not_opened = CrossingOutcome::NotComparable(NotComparable::NotOpened);
    assert_eq!(review_sheet(&second, review(true)).expect("asked"), not_opened);
    open_report(&second, number, Purpose::Verify).expect("opened");
    assert_eq!(review_sheet(&second, review(false)).expect("asked"), CrossingOutcome::NotLooked);
    assert!(matches!(review_sheet(&second, review(true)).expect("asked"), CrossingOutcome::Opened(_)));
}

#[test]
fn a_reward_is_proposed_from_what_was_decided_and_approved_by_somebody_else() {
    let (_, number) = HERE.reported(report("污水排进东溪"));
    let zhou = HERE.officer("zhou");
    checked(&zhou, number);
    assert!(matches!(read_basis(&zhou, number), Ok(Err(NotYet::Stage(_)))), "not confirmed");
    let (_, number) = HERE.reported(report("污水排进南溪"));
    HERE.decided(&zhou, number);
    let claim = proposed(&zhou, number);
    assert!(matches!(read_basis(&zhou, number), Ok(Err(NotYet::Claim(_)))), "it is before an approver");
    let approval = |expected_version| Approval { claim, expected_version, document: String::new(), consent: None };
    let returned = |expected_version| ReturnedProposal { claim, expected_version, note: "another fine".to_owned() };
    let he = HERE.actor("he", Role::Approver);
    assert_eq!(approve(&he, approval(0)).expect("asked"), DecisionOutcome::Conflict);
    assert_eq!(approve(&he, approval(1)).expect("asked"), DecisionOutcome::Kept);
    assert!(matches!(approve(&he, approval(2)).expect("asked"), DecisionOutcome::Refused(_)), "once");
    assert!(matches!(return_proposal(&he, returned(2)).expect("asked"), DecisionOutcome::Refused(_)), "it is decided");
}

#[test]
fn an_order_is_issued_for_the_reporters_choice_and_paid_once() {
    let (reporter, number) = HERE.reported(report("污水排进西溪"));
    let zhou = HERE.officer("zhou");
    HERE.decided(&zhou, number);
    HERE.approved(proposed(&zhou, number));
    let note = reporter.claim_note(1);
    let choice = Body::Claim { choice: Choice::Note { offer_number: 1, note: note.hash() }, text: String::new() };
    let fang = HERE.actor("fang", Role::Finance);
    assert!(matches!(look_up_note(&fang, &note), Ok(ClaimNoteStatus::Unknown)), "nothing was chosen");
    let letter = HERE.send(&reporter, &HERE.letter(&reporter, choice.clone()));
    let enter = |letter| enter_choice(&zhou, number, ChoiceRequest::Letter(letter)).expect("asked");
    assert_eq!(enter(letter), ChoiceEntered::Kept);
    let again = HERE.send(&reporter, &HERE.letter(&reporter, choice));
    assert!(matches!(enter(again), ChoiceEntered::Not(NotFollowed::Refused(ClaimRefusal::OutOfOrder { .. }))));
    let Ok(ClaimNoteStatus::Good(order)) = look_up_note(&fang, &note) else { panic!("not payable") };
    assert_eq!(order.amount, Fen(6_172_839), "five per cent");
    let Ok(PaymentOutcome::Done { payment, receipt }) = pay(&fang, &note, false) else { panic!("not paid") };
    assert_eq!(payment.amount, order.amount);
    let Ok(PaymentOutcome::Not(ClaimNoteStatus::Paid { receipt: before, by, .. })) = pay(&fang, &note, false) else {
        panic!("paid twice")
    };
    assert_eq!((before, by.as_str()), (receipt, "fang"));
    assert!(matches!(look_up_note(&fang, &reporter.claim_note(2)), Ok(ClaimNoteStatus::Unknown)));
}

#[test]
fn the_custodian_consents_with_their_own_key_for_one_mailbox() {
    let zhou = HERE.officer("zhou");
    let (_, anonymous) = HERE.reported(report("我不留名"));
    let ask = |report| IdentityRequest { report, reason: Reason::Contact, document: String::new() };
    assert_eq!(ask_identity(&zhou, ask(anonymous)).expect("asked"), IdentityRequestOutcome::Anonymous);
    let (reporter, number) = named("王某");
    assert_eq!(ask_identity(&zhou, ask(number)).expect("asked"), IdentityRequestOutcome::Done);
    let gu = HERE.actor("gu", Role::Custodian);
    let file = std::fs::read(HERE.folder.path().join("root/custodian.key")).expect("a key");
    let key = CustodianKey::read(&gu, &file).expect("the custodian's");
    assert!(CustodianKey::read(&gu, b"AGE-SECRET-KEY-PQ-1").is_none());
    let request = list_requests(&gu).expect("listed").first().expect("one").number;
    let ConsentOutcome::Opened(Some(identity)) = open_identity(&gu, request, &key).expect("asked") else {
        panic!("not opened")
    };
    assert_eq!(identity.name, "王某");
    assert!(matches!(open_identity(&gu, request, &key), Ok(ConsentOutcome::Answered)), "once");
    let read = identities_of_report(&zhou, number).expect("read");
    let Some(OpenedIdentity::Named(identity)) = &read[0].answer else { panic!("nobody") };
    assert_eq!((identity.contact.as_str(), read.len()), ("139", 1));
    drop(reporter);
}

/// A report whose reporter gives a name.
fn named(name: &str) -> (opening::reporter::Reporter, u64) {
    let reporter = opening::reporter::Reporter::new(crypto::letters::receipt::ReceiptCode::from_random([7; 16]));
    let told = crypto::letters::letter::Report { naming: "real-name".to_owned(), ..report("请保护我") };
    let mut letter = HERE.letter(&reporter, Body::Report(Box::new(told)));
    let (contact, account) = ("139".to_owned(), String::new());
    let identity = Some(Identity { name: name.to_owned(), contact, account });
    let envelope = IdentityEnvelope { mailbox: reporter.mailbox(), identity };
    letter.identity = envelope.seal(HERE.custodian()).expect("sealed").into();
    HERE.send(&reporter, &letter);
    let number = HERE.register.report_of(&reporter.mailbox()).expect("a register").expect("a report").number;
    (reporter, number)
}

#[test]
fn what_was_kept_long_enough_is_erased_by_somebody_who_did_not_decide_it() {
    let (_, number) = HERE.reported(report("不归我们管"));
    let zhou = HERE.officer("zhou");
    open_report(&zhou, number, Purpose::Review).expect("opened");
    let step = HandlingStep::NotOurs { note: "another county".to_owned(), filed: None };
    let taken = take_step(&zhou, StepRequest { report: number, expected_version: 0, step }).expect("asked");
    assert_eq!(taken, StepTaken::Kept);
    assert!(due(&zhou).expect("read").iter().all(|one| one.number != number), "not yet");
    let later = |who: Actor| Actor { today: who.today.plus_days(365), ..who };
    let (zhou, wu) = (later(zhou), later(HERE.officer("wu")));
    assert!(due(&wu).expect("read").iter().any(|one| one.number == number));
    assert_eq!(erase_reports(&zhou, &[number]).expect("asked").reports, 0, "who decided it does not erase it");
    let erased = erase_reports(&wu, &[number]).expect("erased");
    assert_eq!(erased.reports, 1);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(remove_enclosures(&wu, erased)).expect("removed");
    let report = HERE.register.report(number).expect("a register").expect("still listed");
    assert!(report.erased_on.is_some() && report.letters.iter().all(|letter| !letter.kept));
    let opened = open_report(&wu, number, Purpose::Review).expect("asked");
    assert!(opened.letters.is_empty(), "nobody opens it any more");
}
