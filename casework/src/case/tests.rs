use model::Fen;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn sheet() -> Entry {
    Entry::Listed(FactSheet {
        category: "covert-discharge".to_owned(),
        party: "Dongxi Dyeing".to_owned(),
        address: String::new(),
        town: "平桥镇".to_owned(),
        found: "A hidden pipe.".to_owned(),
        found_on: day("2026-11-20"),
    })
}

fn assigned(deadline: &str) -> Entry {
    let text = || "text".to_owned();
    let deadline = day(deadline);
    Entry::Assigned(Assignment { unit: text(), responsible: text(), measures: text(), deadline, standard: text() })
}

fn decided(document: &str, fine: i64) -> Entry {
    Entry::Decided(Decision {
        document: document.to_owned(),
        party: "Dongxi Dyeing".to_owned(),
        fine: Fen(fine),
        decided_on: day("2026-11-22"),
    })
}

fn transferred(to: Authority, document: &str) -> Entry {
    let (sent_on, answer_by) = (day("2026-11-23"), day("2026-11-26"));
    let (to, document, note) = (to.code().to_owned(), document.to_owned(), "text".to_owned());
    Entry::Transferred(Transfer { to, document, sent_on, answer_by, note, answer: None })
}

fn reviewed(result: ReviewResult, fine: Option<i64>) -> Entry {
    let (document, note) = ("2026-17".to_owned(), "text".to_owned());
    let (result, fine) = (result.code().to_owned(), fine.map(Fen));
    Entry::Reviewed { document, result, fine, on: day("2026-11-24"), note }
}

fn entered(by: &str, what: Entry) -> Entered<Entry> {
    Entered { by: by.to_owned(), on: day("2026-11-24"), what }
}

/// An entry of each kind, about the decision and the transfer that these tests use; `choice` picks
/// among what one kind may say.
fn of(kind: Kind, choice: u8) -> Entry {
    let note = "text".to_owned();
    let evidence = Vec::new();
    let document = ["2026-17", "2026-18"][usize::from(choice % 2)].to_owned();
    let on = day("2026-11-24");
    match kind {
        Kind::Listed => sheet(),
        Kind::Assigned => assigned("2026-12-24"),
        Kind::Started => Entry::Started {},
        Kind::Progress => Entry::Progress { note, evidence },
        Kind::Decided => decided(&document, 100),
        Kind::Withdrawn => Entry::Withdrawn { document, note },
        Kind::Contested => Entry::Contested { document, on, note },
        Kind::Reviewed => {
            let result = ReviewResult::ALL[usize::from(choice % 3)];
            let fine = (result == ReviewResult::Changed).then_some(Fen(70));
            Entry::Reviewed { document, result: result.code().to_owned(), fine, on, note }
        }
        Kind::Finalised => Entry::Finalised { document, on },
        Kind::Collected => Entry::Collected { document, amount: Fen(30), on },
        Kind::Applied => Entry::Applied { note, evidence },
        Kind::Verified => Entry::Verified { note, evidence },
        Kind::Returned => Entry::Returned { note },
        Kind::Closed => Entry::Closed { note, publication: String::new() },
        Kind::Reopened => Entry::Reopened { note },
        Kind::Escalated => Entry::Escalated { note },
        Kind::Supervised => Entry::Supervised { note },
        Kind::Transferred => transferred(Authority::ALL[usize::from(choice % 2)], &document),
        Kind::Answered => Entry::Answered { document, answer: Answer { taken: choice.is_multiple_of(2), on, note } },
        Kind::AskedExpert => Entry::AskedExpert { expert: note.clone(), note },
        Kind::Opinion => Entry::Opinion { note },
    }
}

/// The rules that hold of every case that can be reached, said again without the machine.
fn hold(case: &Case, taken: &[Entered<Entry>]) -> Result<(), TestCaseError> {
    let last = |kind: Kind| taken.iter().rposition(|one| one.what.kind() == kind);
    if case.state == State::Closed {
        let (checked, closed) = (last(Kind::Verified).expect("checked"), last(Kind::Closed).expect("closed"));
        prop_assert!(checked < closed && taken[checked].by != taken[closed].by);
        prop_assert!(last(Kind::Returned) < Some(checked) && last(Kind::Applied) < Some(checked));
    }
    prop_assert_eq!(case.closed_on.is_some(), case.state == State::Closed);
    prop_assert_eq!(case.assignment.is_some(), last(Kind::Assigned).is_some());
    prop_assert!(matches!(case.state, State::Listed | State::Escalated) || case.assignment.is_some());
    prop_assert_eq!(case.escalated, last(Kind::Escalated).is_some());
    prop_assert_eq!(case.state == State::Escalated, case.escalated && last(Kind::Escalated) > last(Kind::Assigned));
    let numbers = case.penalties.iter().map(|one| Decision::document_key(&one.decision.document));
    prop_assert_eq!(numbers.collect::<std::collections::BTreeSet<_>>().len(), case.penalties.len());
    for penalty in &case.penalties {
        prop_assert!(Fen(0) <= penalty.collected);
        prop_assert!(penalty.is_effective() || penalty.fine == Fen(0));
    }
    if let Some(decisive) = case.decisive() {
        let standing = case.penalties.iter().filter(|one| one.is_effective());
        prop_assert!(decisive.is_effective());
        prop_assert!(standing.map(|one| one.fine).all(|fine| fine <= decisive.fine));
    }
    let count = |kind| taken.iter().filter(|one| one.what.kind() == kind).count();
    prop_assert_eq!(case.transfers.len(), count(Kind::Transferred));
    prop_assert_eq!(case.transfers.iter().filter(|one| one.answer.is_some()).count(), count(Kind::Answered));
    prop_assert_eq!(case.expert.is_some(), count(Kind::AskedExpert) > count(Kind::Opinion));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_order_of_entries_breaks_a_rule(
        entries in proptest::collection::vec((0..Kind::ALL.len(), 0_u8..3, 0_u8..6), 0..80),
    ) {
        let first = entered("a", sheet());
        let mut case = Case::listed(&first).expect("a case");
        let mut taken = vec![first];
        for (kind, by, choice) in entries {
            let next = entered(["a", "b", "c"][usize::from(by)], of(Kind::ALL[kind], choice));
            let offered = Role::ALL.iter().any(|role| case.possible(*role).contains(&next.what.kind()));
            match case.clone().after(&next) {
                Ok(after) => {
                    prop_assert!(offered, "{:?} was taken in {:?}", next.what.kind(), case.state);
                    taken.push(next);
                    case = after;
                    hold(&case, &taken)?;
                }
                Err(Refused::OutOfOrder { .. }) => prop_assert!(!offered),
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
            let mut offered: Vec<Kind> = Role::ALL.iter().flat_map(|role| case.possible(*role)).collect();
            offered.sort_unstable();
            offered.dedup();
            let kind = offered[choice % offered.len()];
            // At least one of what this kind may say is taken, if only by a person of its own.
            let says = (0..6).map(|more| of(kind, which + more));
            let mut tried = says.map(|what| case.clone().after(&entered(&turn.to_string(), what)));
            let numbers = case.penalties.len() == 2 && kind == Kind::Decided;
            let paid = kind == Kind::Collected;
            let sent = case.transfers.len() == 2 && kind == Kind::Transferred;
            match tried.find_map(Result::ok) {
                Some(after) => case = after,
                None => prop_assert!(numbers || paid || sent, "{:?} in {:?}", kind, case.state),
            }
        }
    }
}

fn after(case: Case, by: &str, what: Entry) -> Result<Case, Refused> {
    case.after(&entered(by, what))
}

fn begun() -> Case {
    Case::listed(&entered("zhou", sheet())).expect("a case")
}

#[test]
fn what_is_wrong_is_named() {
    let refused = after(begun(), "qian", of(Kind::Applied, 0)).expect_err("not assigned");
    assert_eq!(refused.to_string(), "applied does not follow listed");
    assert_eq!(after(begun(), "zhou", assigned("2026-11-23")), Err(Refused::DeadlinePast));
    let empty = Entry::Verified { note: " ".to_owned(), evidence: Vec::new() };
    let applied = [Kind::Assigned, Kind::Started, Kind::Applied];
    let applied = applied.into_iter().fold(begun(), |case, kind| after(case, "qian", of(kind, 0)).expect("taken"));
    assert_eq!(after(applied.clone(), "zhou", empty), Err(Refused::Text(BadText::Empty("note"))));
    let verified = after(applied, "zhou", of(Kind::Verified, 0)).expect("verified");
    assert_eq!(after(verified.clone(), "zhou", of(Kind::Closed, 0)), Err(Refused::SamePerson));
    assert!(after(verified, "wu", of(Kind::Closed, 0)).is_ok());
    let Entry::Listed(mut later) = sheet() else { panic!("a sheet") };
    later.found_on = day("2026-11-25");
    assert_eq!(Case::listed(&entered("zhou", Entry::Listed(later))), Err(Refused::Future("found-on")));
    let file = |name: &str, digest: &str| Evidence { name: name.to_owned(), size: 1, digest: digest.to_owned() };
    let with = |evidence| Entry::Progress { note: "text".to_owned(), evidence };
    let rectifying = [Kind::Assigned, Kind::Started];
    let rectifying = rectifying.into_iter().fold(begun(), |case, kind| after(case, "q", of(kind, 0)).expect("taken"));
    let sound = "ab".repeat(32);
    assert!(after(rectifying.clone(), "q", with(vec![file("a.jpg", &sound)])).is_ok());
    for bad in [vec![file(" ", &sound)], vec![file("a", "xy")], vec![file("a", &sound); entry::MOST_FILES + 1]] {
        assert_eq!(after(rectifying.clone(), "q", with(bad)), Err(Refused::Evidence));
    }
}

#[test]
fn fines_at_the_edges() {
    let Entry::Decided(early) = decided("2026-17", 1) else { panic!("a decision") };
    let early = Entry::Decided(Decision { decided_on: day("2026-11-19"), ..early });
    assert_eq!(after(begun(), "zhou", early), Err(Refused::TooEarly("decided-on")));
    for absurd in [-1, i64::MAX, i64::MIN, Fen::MOST.0 + 1] {
        assert_eq!(after(begun(), "zhou", decided("2026-17", absurd)), Err(Refused::Amount), "{absurd}");
    }
    for fine in [0, 1, Fen::MOST.0] {
        assert!(after(begun(), "zhou", decided("2026-17", fine)).is_ok());
    }
    let once = after(begun(), "qian", decided("2026〔17〕", 5)).expect("entered");
    let twice = after(once.clone(), "qian", decided("2026 [17]", 5));
    assert_eq!(twice, Err(Refused::AlreadyDecided("2026〔17〕".to_owned())));
    let withdrawn = |document: &str| Entry::Withdrawn { document: document.to_owned(), note: "text".to_owned() };
    assert_eq!(after(once.clone(), "qian", withdrawn("2026-18")), Err(Refused::NoDecision));
    let again = after(once, "qian", withdrawn("2026(17)")).expect("withdrawn");
    assert!(again.penalties.is_empty() && after(again, "qian", decided("2026〔17〕", 6)).is_ok());
}

#[test]
fn of_several_decisions_the_highest_fine_counts() {
    let two = after(begun(), "qian", decided("2026-17", 100)).expect("entered");
    let two = after(two, "qian", decided("2026-18", 300)).expect("entered");
    let decisive = |case: &Case| case.decisive().map(|one| one.decision.document.clone());
    assert_eq!(decisive(&two).as_deref(), Some("2026-18"));
    let contested = after(two.clone(), "qian", of(Kind::Contested, 1)).expect("contested");
    assert_eq!(decisive(&contested).as_deref(), Some("2026-18"), "under review it stands");
    let revoked = after(contested, "qian", of(Kind::Reviewed, 5)).expect("revoked");
    assert_eq!(decisive(&revoked).as_deref(), Some("2026-17"));
    let equal =
        after(after(begun(), "q", decided("2026-17", 9)).expect("one"), "q", decided("2026-18", 9)).expect("two");
    assert_eq!(decisive(&equal).as_deref(), Some("2026-17"), "the older of equals");
}

#[test]
fn a_review_changes_or_revokes_and_what_is_final_stays() {
    let contested = [decided("2026-17", 100), of(Kind::Contested, 0)];
    let contested = contested.into_iter().fold(begun(), |case, what| after(case, "qian", what).expect("taken"));
    let fine = |case: &Case| case.penalties[0].fine;
    let changed = after(contested.clone(), "qian", reviewed(ReviewResult::Changed, Some(40))).expect("changed");
    assert_eq!((fine(&changed), changed.penalties[0].status), (Fen(40), Status::Upheld));
    assert_eq!(changed.penalties[0].decision.fine, Fen(100), "the decision as it was entered is kept");
    assert!(after(contested.clone(), "qian", reviewed(ReviewResult::Upheld, None)).is_ok());
    for (result, amount) in
        [(ReviewResult::Changed, None), (ReviewResult::Revoked, Some(1)), (ReviewResult::Upheld, Some(1))]
    {
        assert_eq!(after(contested.clone(), "qian", reviewed(result, amount)), Err(Refused::ReviewFine), "{result:?}");
    }
    let final_ = after(changed.clone(), "qian", of(Kind::Finalised, 0)).expect("final");
    for kind in [Kind::Contested, Kind::Withdrawn, Kind::Reviewed] {
        assert!(after(final_.clone(), "qian", of(kind, 0)).is_err(), "{kind:?}");
    }
    let paid = after(final_, "qian", of(Kind::Collected, 0)).expect("paid");
    assert_eq!(after(paid.clone(), "qian", of(Kind::Collected, 0)), Err(Refused::MoreThanFine), "30 and 30 of 40");
    assert_eq!(paid.penalties[0].collected, Fen(30));
    let early = Entry::Contested { document: "2026-17".to_owned(), on: day("2026-11-21"), note: "x".to_owned() };
    assert_eq!(
        after(after(begun(), "q", decided("2026-17", 1)).expect("one"), "q", early),
        Err(Refused::TooEarly("on"))
    );
}

#[test]
fn a_transfer_waits_for_its_answer_beside_the_case() {
    let sent = after(begun(), "zhou", transferred(Authority::Police, "移〔2026〕1 号")).expect("sent");
    assert_eq!((sent.state, sent.late_answers(day("2026-11-26")).count()), (State::Listed, 0));
    assert_eq!(sent.late_answers(day("2026-11-27")).count(), 1);
    let answer = |document: &str, on: &str| {
        let answer = Answer { taken: true, on: day(on), note: "filed".to_owned() };
        Entry::Answered { document: document.to_owned(), answer }
    };
    assert_eq!(after(sent.clone(), "zhou", answer("移2号", "2026-11-24")), Err(Refused::NoTransfer));
    assert_eq!(after(sent.clone(), "zhou", answer("移[2026]1号", "2026-11-22")), Err(Refused::TooEarly("on")));
    let answered = after(sent, "zhou", answer("移[2026]1号", "2026-11-24")).expect("answered");
    assert_eq!(answered.late_answers(day("2027-11-27")).count(), 0);
    assert!(after(answered, "zhou", answer("移[2026]1号", "2026-11-24")).is_err(), "answered once");
    let Entry::Transferred(early) = transferred(Authority::Procuratorate, "1") else { panic!("a transfer") };
    let early = Entry::Transferred(Transfer { answer_by: day("2026-11-22"), ..early });
    assert_eq!(after(begun(), "zhou", early), Err(Refused::DeadlinePast));
}

#[test]
fn what_is_beyond_a_town_is_assigned_anew_by_the_county() {
    let there = after(begun(), "zhou", assigned("2026-12-24")).expect("assigned");
    let county = after(there, "qian", of(Kind::Escalated, 0)).expect("escalated");
    assert_eq!(county.state, State::Escalated);
    assert!(!county.possible(Role::CaseUnit).iter().any(|kind| matches!(kind, Kind::Started | Kind::Progress)));
    let again = after(county, "zhou", assigned("2026-12-31")).expect("assigned");
    assert!(again.escalated && !again.possible(Role::CaseUnit).contains(&Kind::Escalated), "once");
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
    let Entry::Listed(mut odd) = sheet() else { panic!("a sheet") };
    odd.category = "no longer offered".to_owned();
    let first = entered("zhou", Entry::Listed(odd));
    assert_eq!(Case::listed(&first), Err(Refused::Category), "not taken any more");
    assert!(Case::replay([&first]).is_ok());
    let read = |text: &str| serde_json::from_str::<Entry>(text).expect("an entry");
    let earlier = [
        r#"{"kind":"progress","note":"text"}"#,
        r#"{"kind":"decided","document":"17","party":"x","fine":5,"decided_on":"2026-11-22"}"#,
        r#"{"kind":"withdrawn","note":"mistyped"}"#,
    ];
    let entries = [of(Kind::Assigned, 0), of(Kind::Started, 0)].into_iter().chain(earlier.map(read));
    let all: Vec<_> = [first].into_iter().chain(entries.map(|what| entered("qian", what))).collect();
    assert!(Case::replay(&all).expect("replayed").penalties.is_empty());
    assert!(serde_json::from_str::<Entry>(r#"{"kind":"started","reporter":"x"}"#).is_err());
}

#[test]
fn a_case_is_overdue_until_the_unit_has_applied() {
    let mut case = begun();
    assert!(!case.is_overdue(day("2027-01-01")), "nobody is late yet");
    for kind in [Kind::Assigned, Kind::Started] {
        case = after(case, "qian", of(kind, 0)).expect("taken");
    }
    assert!(case.is_overdue(day("2026-12-25")) && !case.is_overdue(day("2026-12-24")));
    case = after(case, "qian", of(Kind::Applied, 0)).expect("taken");
    assert!(!case.is_overdue(day("2027-01-01")));
}
