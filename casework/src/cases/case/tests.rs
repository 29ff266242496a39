mod offers;

use model::Fen;
use proptest::prelude::*;

use super::*;
use crate::cases::{Authority, Decision, Evidence, ReviewResult, TransferAnswer};
use crate::signed_entry::BadText;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn sheet() -> CaseEntry {
    CaseEntry::Listed(FactSheet {
        category: "covert-discharge".to_owned(),
        party: "Dongxi Dyeing".to_owned(),
        address: String::new(),
        town: "平桥镇".to_owned(),
        found: "A hidden pipe.".to_owned(),
        found_on: day("2026-11-20"),
    })
}

fn assigned(deadline: &str) -> CaseEntry {
    let text = || "text".to_owned();
    let deadline = day(deadline);
    CaseEntry::Assigned(Assignment { unit: text(), responsible: text(), measures: text(), deadline, standard: text() })
}

fn decided(document: &str, fine: i64) -> CaseEntry {
    CaseEntry::Decided(Decision {
        document: document.to_owned(),
        party: "Dongxi Dyeing".to_owned(),
        fine: Fen(fine),
        decided_on: day("2026-11-22"),
    })
}

fn transferred(to: Authority, document: &str) -> CaseEntry {
    let (sent_on, answer_by) = (day("2026-11-23"), day("2026-11-26"));
    let (to, document, note) = (to.code().to_owned(), document.to_owned(), "text".to_owned());
    CaseEntry::Transferred(Transfer { to, document, sent_on, answer_by, note, answer: None })
}

fn reviewed(result: ReviewResult, fine: Option<i64>) -> CaseEntry {
    let (document, note) = ("2026-17".to_owned(), "text".to_owned());
    let (result, fine) = (result.code().to_owned(), fine.map(Fen));
    CaseEntry::Reviewed { document, result, fine, on: day("2026-11-24"), note }
}

fn entered(by: &str, what: CaseEntry) -> SignedEntry<CaseEntry> {
    SignedEntry { by: by.to_owned(), on: day("2026-11-24"), what }
}

/// An entry of each kind, about the decision and the transfer that
/// these tests use; `choice` selects a variant of its content.
fn of(kind: CaseEntryKind, choice: u8) -> CaseEntry {
    let note = "text".to_owned();
    let evidence = Vec::new();
    let document = ["2026-17", "2026-18"][usize::from(choice % 2)].to_owned();
    let on = day("2026-11-24");
    match kind {
        CaseEntryKind::Listed => sheet(),
        CaseEntryKind::Assigned => assigned("2026-12-24"),
        CaseEntryKind::Started => CaseEntry::Started {},
        CaseEntryKind::Progress => CaseEntry::Progress { note, evidence },
        CaseEntryKind::Decided => decided(&document, 100),
        CaseEntryKind::Withdrawn => CaseEntry::Withdrawn { document, note },
        CaseEntryKind::Contested => CaseEntry::Contested { document, on, note },
        CaseEntryKind::Reviewed => {
            let result = ReviewResult::ALL[usize::from(choice % 3)];
            let fine = (result == ReviewResult::Changed).then_some(Fen(70));
            CaseEntry::Reviewed { document, result: result.code().to_owned(), fine, on, note }
        }
        CaseEntryKind::Finalised => CaseEntry::Finalised { document, on },
        CaseEntryKind::Collected => CaseEntry::Collected { document, amount: Fen(30), on },
        CaseEntryKind::Applied => CaseEntry::Applied { note, evidence },
        CaseEntryKind::Verified => CaseEntry::Verified { note, evidence },
        CaseEntryKind::Returned => CaseEntry::Returned { note },
        CaseEntryKind::Closed => CaseEntry::Closed { note, publication: String::new() },
        CaseEntryKind::Reopened => CaseEntry::Reopened { note },
        CaseEntryKind::Escalated => CaseEntry::Escalated { note },
        CaseEntryKind::Supervised => CaseEntry::Supervised { note },
        CaseEntryKind::Transferred => transferred(Authority::ALL[usize::from(choice % 2)], &document),
        CaseEntryKind::Answered => {
            CaseEntry::Answered { document, answer: TransferAnswer { taken: choice.is_multiple_of(2), on, note } }
        }
        CaseEntryKind::AskedExpert => CaseEntry::AskedExpert { expert: note.clone(), note },
        CaseEntryKind::Opinion => CaseEntry::Opinion { note },
    }
}

/// Rules that hold for every reachable case, stated independently of the state machine.
fn hold(case: &Case, taken: &[SignedEntry<CaseEntry>]) -> Result<(), TestCaseError> {
    let last = |kind: CaseEntryKind| taken.iter().rposition(|one| one.what.kind() == kind);
    if case.state == CaseState::Closed {
        let (checked, closed) =
            (last(CaseEntryKind::Verified).expect("checked"), last(CaseEntryKind::Closed).expect("closed"));
        prop_assert!(checked < closed && taken[checked].by != taken[closed].by);
        prop_assert!(last(CaseEntryKind::Returned) < Some(checked) && last(CaseEntryKind::Applied) < Some(checked));
    }
    prop_assert_eq!(case.closed_on.is_some(), case.state == CaseState::Closed);
    prop_assert_eq!(case.assignment.is_some(), last(CaseEntryKind::Assigned).is_some());
    prop_assert!(matches!(case.state, CaseState::Listed | CaseState::Escalated) || case.assignment.is_some());
    prop_assert_eq!(case.escalated, last(CaseEntryKind::Escalated).is_some());
    prop_assert_eq!(
        case.state == CaseState::Escalated,
        case.escalated && last(CaseEntryKind::Escalated) > last(CaseEntryKind::Assigned)
    );
    let numbers = case.penalties.iter().map(|one| Decision::document_key(&one.decision.document));
    prop_assert_eq!(numbers.collect::<std::collections::BTreeSet<_>>().len(), case.penalties.len());
    for penalty in &case.penalties {
        prop_assert!(Fen(0) <= penalty.collected);
        prop_assert!(penalty.is_effective() || penalty.fine == Fen(0));
    }
    if let Some(decisive) = case.decisive() {
        let in_force = case.penalties.iter().filter(|one| one.is_effective());
        prop_assert!(decisive.is_effective());
        prop_assert!(in_force.map(|one| one.fine).all(|fine| fine <= decisive.fine));
    }
    let count = |kind| taken.iter().filter(|one| one.what.kind() == kind).count();
    prop_assert_eq!(case.transfers.len(), count(CaseEntryKind::Transferred));
    prop_assert_eq!(case.transfers.iter().filter(|one| one.answer.is_some()).count(), count(CaseEntryKind::Answered));
    prop_assert_eq!(case.expert.is_some(), count(CaseEntryKind::AskedExpert) > count(CaseEntryKind::Opinion));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_order_of_entries_breaks_a_rule(
        entries in proptest::collection::vec((0..CaseEntryKind::ALL.len(), 0_u8..3, 0_u8..6), 0..80),
    ) {
        let first = entered("a", sheet());
        let mut case = Case::listed(&first).expect("a case");
        let mut taken = vec![first];
        for (kind, by, choice) in entries {
            let next = entered(["a", "b", "c"][usize::from(by)], of(CaseEntryKind::ALL[kind], choice));
            let offered = Role::ALL.iter().any(|role| case.possible(*role).contains(&next.what.kind()));
            match case.clone().apply(&next) {
                Ok(after) => {
                    prop_assert!(offered, "{:?} was taken in {:?}", next.what.kind(), case.state);
                    taken.push(next);
                    case = after;
                    hold(&case, &taken)?;
                }
                Err(CaseRefusal::OutOfOrder { .. }) => prop_assert!(!offered),
                Err(_) => prop_assert!(offered, "only what may follow is looked into"),
            }
        }
        prop_assert_eq!(Case::replay(&taken), Ok(case));
    }

    #[test]
    fn what_is_offered_is_taken_from_somebody_else(
        entries in proptest::collection::vec((0_usize..40, 0_u8..6), 0..60),
    ) {
        let mut case = Case::listed(&entered("a", sheet())).expect("a case");
        for (turn, (choice, which)) in entries.into_iter().enumerate() {
            let mut offered: Vec<CaseEntryKind> = Role::ALL.iter().flat_map(|role| case.possible(*role)).collect();
            offered.sort_unstable();
            offered.dedup();
            let kind = offered[choice % offered.len()];
            // At least one variant of this kind is accepted if a new person makes it.
            let says = (0..6).map(|more| of(kind, which + more));
            let mut tried = says.map(|what| case.clone().apply(&entered(&turn.to_string(), what)));
            let numbers = case.penalties.len() == 2 && kind == CaseEntryKind::Decided;
            let paid = kind == CaseEntryKind::Collected;
            let sent = case.transfers.len() == 2 && kind == CaseEntryKind::Transferred;
            match tried.find_map(Result::ok) {
                Some(after) => case = after,
                None => prop_assert!(numbers || paid || sent, "{:?} in {:?}", kind, case.state),
            }
        }
    }
}

fn after(case: Case, by: &str, what: CaseEntry) -> Result<Case, CaseRefusal> {
    case.apply(&entered(by, what))
}

fn begun() -> Case {
    Case::listed(&entered("zhou", sheet())).expect("a case")
}

#[test]
fn what_is_wrong_is_named() {
    let refused = after(begun(), "qian", of(CaseEntryKind::Applied, 0)).expect_err("not assigned");
    assert_eq!(refused.to_string(), "applied does not follow listed");
    assert_eq!(after(begun(), "zhou", assigned("2026-11-23")), Err(CaseRefusal::DeadlinePast));
    let empty = CaseEntry::Verified { note: " ".to_owned(), evidence: Vec::new() };
    let applied = [CaseEntryKind::Assigned, CaseEntryKind::Started, CaseEntryKind::Applied];
    let applied = applied.into_iter().fold(begun(), |case, kind| after(case, "qian", of(kind, 0)).expect("taken"));
    assert_eq!(after(applied.clone(), "zhou", empty), Err(CaseRefusal::Text(BadText::Empty("note"))));
    let verified = after(applied, "zhou", of(CaseEntryKind::Verified, 0)).expect("verified");
    assert_eq!(after(verified.clone(), "zhou", of(CaseEntryKind::Closed, 0)), Err(CaseRefusal::SamePerson));
    assert!(after(verified, "wu", of(CaseEntryKind::Closed, 0)).is_ok());
    let CaseEntry::Listed(mut later) = sheet() else { panic!("a sheet") };
    later.found_on = day("2026-11-25");
    assert_eq!(Case::listed(&entered("zhou", CaseEntry::Listed(later))), Err(CaseRefusal::Future("found-on")));
    let file = |name: &str, digest: &str| Evidence { name: name.to_owned(), size: 1, digest: digest.to_owned() };
    let with = |evidence| CaseEntry::Progress { note: "text".to_owned(), evidence };
    let rectifying = [CaseEntryKind::Assigned, CaseEntryKind::Started];
    let rectifying = rectifying.into_iter().fold(begun(), |case, kind| after(case, "q", of(kind, 0)).expect("taken"));
    let sound = "ab".repeat(32);
    assert!(after(rectifying.clone(), "q", with(vec![file("a.jpg", &sound)])).is_ok());
    for bad in [vec![file(" ", &sound)], vec![file("a", "xy")], vec![file("a", &sound); crate::cases::MOST_FILES + 1]] {
        assert_eq!(after(rectifying.clone(), "q", with(bad)), Err(CaseRefusal::Evidence));
    }
}

#[test]
fn fines_at_the_edges() {
    let CaseEntry::Decided(early) = decided("2026-17", 1) else { panic!("a decision") };
    let early = CaseEntry::Decided(Decision { decided_on: day("2026-11-19"), ..early });
    assert_eq!(after(begun(), "zhou", early), Err(CaseRefusal::TooEarly("decided-on")));
    for absurd in [-1, i64::MAX, i64::MIN, Fen::MOST.0 + 1] {
        assert_eq!(after(begun(), "zhou", decided("2026-17", absurd)), Err(CaseRefusal::Amount), "{absurd}");
    }
    for fine in [0, 1, Fen::MOST.0] {
        assert!(after(begun(), "zhou", decided("2026-17", fine)).is_ok());
    }
    let once = after(begun(), "qian", decided("2026〔17〕", 5)).expect("entered");
    let twice = after(once.clone(), "qian", decided("2026 [17]", 5));
    assert_eq!(twice, Err(CaseRefusal::AlreadyDecided("2026〔17〕".to_owned())));
    let withdrawn = |document: &str| CaseEntry::Withdrawn { document: document.to_owned(), note: "text".to_owned() };
    assert_eq!(after(once.clone(), "qian", withdrawn("2026-18")), Err(CaseRefusal::NoDecision));
    let again = after(once, "qian", withdrawn("2026(17)")).expect("withdrawn");
    assert!(again.penalties.is_empty() && after(again, "qian", decided("2026〔17〕", 6)).is_ok());
}

#[test]
fn of_several_decisions_the_highest_fine_counts() {
    let two = after(begun(), "qian", decided("2026-17", 100)).expect("entered");
    let two = after(two, "qian", decided("2026-18", 300)).expect("entered");
    let decisive = |case: &Case| case.decisive().map(|one| one.decision.document.clone());
    assert_eq!(decisive(&two).as_deref(), Some("2026-18"));
    let contested = after(two.clone(), "qian", of(CaseEntryKind::Contested, 1)).expect("contested");
    assert_eq!(decisive(&contested).as_deref(), Some("2026-18"), "under review it stands");
    let revoked = after(contested, "qian", of(CaseEntryKind::Reviewed, 5)).expect("revoked");
    assert_eq!(decisive(&revoked).as_deref(), Some("2026-17"));
    let equal =
        after(after(begun(), "q", decided("2026-17", 9)).expect("one"), "q", decided("2026-18", 9)).expect("two");
    assert_eq!(decisive(&equal).as_deref(), Some("2026-17"), "the older of equals");
}

#[test]
fn a_review_changes_or_revokes_and_what_is_final_stays() {
    let contested = [decided("2026-17", 100), of(CaseEntryKind::Contested, 0)];
    let contested = contested.into_iter().fold(begun(), |case, what| after(case, "qian", what).expect("taken"));
    let fine = |case: &Case| case.penalties[0].fine;
    let changed = after(contested.clone(), "qian", reviewed(ReviewResult::Changed, Some(40))).expect("changed");
    assert_eq!((fine(&changed), changed.penalties[0].status), (Fen(40), PenaltyStatus::Reviewed));
    assert_eq!(changed.penalties[0].decision.fine, Fen(100), "the decision as it was entered is kept");
    assert!(after(contested.clone(), "qian", reviewed(ReviewResult::Upheld, None)).is_ok());
    for (result, amount) in
        [(ReviewResult::Changed, None), (ReviewResult::Revoked, Some(1)), (ReviewResult::Upheld, Some(1))]
    {
        assert_eq!(
            after(contested.clone(), "qian", reviewed(result, amount)),
            Err(CaseRefusal::ReviewFine),
            "{result:?}"
        );
    }
    let final_ = after(changed.clone(), "qian", of(CaseEntryKind::Finalised, 0)).expect("final");
    for kind in [CaseEntryKind::Contested, CaseEntryKind::Withdrawn, CaseEntryKind::Reviewed] {
        assert!(after(final_.clone(), "qian", of(kind, 0)).is_err(), "{kind:?}");
    }
    let paid = after(final_, "qian", of(CaseEntryKind::Collected, 0)).expect("paid");
    assert_eq!(
        after(paid.clone(), "qian", of(CaseEntryKind::Collected, 0)),
        Err(CaseRefusal::MoreThanFine),
        "30 and 30 of 40"
    );
    assert_eq!(paid.penalties[0].collected, Fen(30));
    let early = CaseEntry::Contested { document: "2026-17".to_owned(), on: day("2026-11-21"), note: "x".to_owned() };
    assert_eq!(
        after(after(begun(), "q", decided("2026-17", 1)).expect("one"), "q", early),
        Err(CaseRefusal::TooEarly("on"))
    );
}

#[test]
fn a_transfer_waits_for_its_answer_beside_the_case() {
    let sent = after(begun(), "zhou", transferred(Authority::Police, "移〔2026〕1 号")).expect("sent");
    assert_eq!((sent.state, sent.late_answers(day("2026-11-26")).count()), (CaseState::Listed, 0));
    assert_eq!(sent.late_answers(day("2026-11-27")).count(), 1);
    let answer = |document: &str, on: &str| {
        let answer = TransferAnswer { taken: true, on: day(on), note: "filed".to_owned() };
        CaseEntry::Answered { document: document.to_owned(), answer }
    };
    assert_eq!(after(sent.clone(), "zhou", answer("移2号", "2026-11-24")), Err(CaseRefusal::NoTransfer));
    assert_eq!(after(sent.clone(), "zhou", answer("移[2026]1号", "2026-11-22")), Err(CaseRefusal::TooEarly("on")));
    let answered = after(sent, "zhou", answer("移[2026]1号", "2026-11-24")).expect("answered");
    assert_eq!(answered.late_answers(day("2027-11-27")).count(), 0);
    assert!(after(answered, "zhou", answer("移[2026]1号", "2026-11-24")).is_err(), "answered once");
    let CaseEntry::Transferred(early) = transferred(Authority::Procuratorate, "1") else { panic!("a transfer") };
    let early = CaseEntry::Transferred(Transfer { answer_by: day("2026-11-22"), ..early });
    assert_eq!(after(begun(), "zhou", early), Err(CaseRefusal::DeadlinePast));
}

#[test]
fn what_is_beyond_a_town_is_assigned_anew_by_the_county() {
    let there = after(begun(), "zhou", assigned("2026-12-24")).expect("assigned");
    let county = after(there, "qian", of(CaseEntryKind::Escalated, 0)).expect("escalated");
    assert_eq!(county.state, CaseState::Escalated);
    assert!(
        !county
            .possible(Role::CaseUnit)
            .iter()
            .any(|kind| matches!(kind, CaseEntryKind::Started | CaseEntryKind::Progress))
    );
    let again = after(county, "zhou", assigned("2026-12-31")).expect("assigned");
    assert!(again.escalated && !again.possible(Role::CaseUnit).contains(&CaseEntryKind::Escalated), "once");
}

#[test]
fn a_document_is_the_same_however_it_is_typed() {
    let key = Decision::document_key;
    let typed = [
        "台环罚[2026]3号",
        "台环罚 〔2026〕 3 号",
        "台环罚（２０２６）3号",
        "台环罚〔2026〕第3号",
        "台环罚〔2026〕3号\u{200b}",
        "台环\u{ad}罚—2026–3",
    ];
    for typed in typed {
        assert_eq!(key(typed), key("台环罚〔2026〕3号"), "{typed}");
    }
    assert_ne!(key("台环罚〔2026〕3号"), key("台环罚〔2026〕13号"));
    assert_ne!(key("2026-1-17"), key("2026-11-7"));
}

#[test]
fn an_entry_of_an_earlier_version_stays_readable() {
    let CaseEntry::Listed(mut odd) = sheet() else { panic!("a sheet") };
    odd.category = "no longer offered".to_owned();
    let first = entered("zhou", CaseEntry::Listed(odd));
    assert_eq!(Case::listed(&first), Err(CaseRefusal::Category), "not taken any more");
    assert!(Case::replay([&first]).is_ok());
    let read = |text: &str| serde_json::from_str::<CaseEntry>(text).expect("an entry");
    let earlier = [
        r#"{"kind":"progress","note":"text"}"#,
        r#"{"kind":"decided","document":"17","party":"x","fine":5,"decided_on":"2026-11-22"}"#,
        r#"{"kind":"withdrawn","note":"mistyped"}"#,
    ];
    let entries = [of(CaseEntryKind::Assigned, 0), of(CaseEntryKind::Started, 0)].into_iter().chain(earlier.map(read));
    let all: Vec<_> = [first].into_iter().chain(entries.map(|what| entered("qian", what))).collect();
    assert!(Case::replay(&all).expect("replayed").penalties.is_empty());
    assert!(serde_json::from_str::<CaseEntry>(r#"{"kind":"started","reporter":"x"}"#).is_err());
}

#[test]
fn a_case_is_overdue_until_the_unit_has_applied() {
    let mut case = begun();
    assert!(!case.is_overdue(day("2027-01-01")), "nobody is late yet");
    for kind in [CaseEntryKind::Assigned, CaseEntryKind::Started] {
        case = after(case, "qian", of(kind, 0)).expect("taken");
    }
    assert!(case.is_overdue(day("2026-12-25")) && !case.is_overdue(day("2026-12-24")));
    case = after(case, "qian", of(CaseEntryKind::Applied, 0)).expect("taken");
    assert!(!case.is_overdue(day("2027-01-01")));
}
