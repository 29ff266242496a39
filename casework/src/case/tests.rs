use super::*;
use crate::money::Fen;
use proptest::prelude::*;

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

fn decided(fine: i64) -> Entry {
    Entry::Decided(Decision {
        document: "2026-17".to_owned(),
        party: "Dongxi Dyeing".to_owned(),
        fine: Fen(fine),
        decided_on: day("2026-11-24"),
    })
}

fn entered(by: &str, what: Entry) -> Entered<Entry> {
    Entered { by: by.to_owned(), on: day("2026-11-24"), what }
}

fn of(kind: Kind) -> Entry {
    let note = "text".to_owned();
    match kind {
        Kind::Listed => sheet(),
        Kind::Assigned => assigned("2026-12-24"),
        Kind::Started => Entry::Started {},
        Kind::Progress => Entry::Progress { note },
        Kind::Decided => decided(100),
        Kind::Withdrawn => Entry::Withdrawn { note },
        Kind::Applied => Entry::Applied { note },
        Kind::Verified => Entry::Verified { note },
        Kind::Returned => Entry::Returned { note },
        Kind::Closed => Entry::Closed { note },
        Kind::Reopened => Entry::Reopened { note },
    }
}

proptest! {
    #[test]
    fn no_order_of_entries_breaks_a_rule(
        entries in proptest::collection::vec((0..Kind::ALL.len(), 0_u8..3), 0..60),
    ) {
        let first = entered("a", sheet());
        let mut case = Case::listed(&first).expect("a case");
        let mut taken = vec![first];
        for (kind, by) in entries {
            let next = entered(["a", "b", "c"][usize::from(by)], of(Kind::ALL[kind]));
            if let Ok(after) = case.clone().after(&next) {
                let offered = Role::ALL.iter().any(|role| case.possible(*role).contains(&next.what.kind()));
                prop_assert!(offered, "{:?} was taken in {:?}", next.what.kind(), case.state);
                taken.push(next);
                case = after;
            }
        }
        prop_assert_eq!(Case::replay(&taken), Ok(case.clone()));
        let last = |kind: Kind| taken.iter().rposition(|one| one.what.kind() == kind);
        if case.state == State::Closed {
            let (checked, closed) = (last(Kind::Verified).expect("checked"), last(Kind::Closed).expect("closed"));
            prop_assert!(checked < closed && taken[checked].by != taken[closed].by);
            prop_assert!(last(Kind::Returned) < Some(checked) && last(Kind::Applied) < Some(checked));
        }
        prop_assert_eq!(case.decision.is_some(), last(Kind::Decided) > last(Kind::Withdrawn));
        prop_assert_eq!(case.assignment.is_some(), last(Kind::Assigned).is_some());
        prop_assert!(case.state == State::Listed || case.assignment.is_some());
    }

    #[test]
    fn what_is_offered_is_taken_from_somebody_else(entries in proptest::collection::vec(0_usize..20, 0..40)) {
        let mut case = Case::listed(&entered("a", sheet())).expect("a case");
        for (turn, choice) in entries.into_iter().enumerate() {
            let mut offered: Vec<Kind> = Role::ALL.iter().flat_map(|role| case.possible(*role)).collect();
            offered.sort_unstable();
            offered.dedup();
            let kind = offered[choice % offered.len()];
            let after = case.clone().after(&entered(&turn.to_string(), of(kind)));
            prop_assert!(after.is_ok(), "{:?} in {:?}: {:?}", kind, case.state, after);
            case = after.expect("taken");
        }
    }
}

#[test]
fn what_is_wrong_is_named() {
    let case = || Case::listed(&entered("zhou", sheet())).expect("a case");
    let after = |case: Case, by: &str, what: Entry| case.after(&entered(by, what));
    let refused = after(case(), "qian", of(Kind::Applied)).expect_err("not assigned");
    assert_eq!(refused.to_string(), "applied does not follow listed");
    assert_eq!(after(case(), "zhou", assigned("2026-11-23")), Err(Refused::DeadlinePast));
    let Entry::Decided(early) = decided(1) else { panic!("a decision") };
    let early = Entry::Decided(Decision { decided_on: day("2026-11-19"), ..early });
    assert_eq!(after(case(), "zhou", early), Err(Refused::BeforeFound));
    assert_eq!(after(case(), "zhou", decided(-1)), Err(Refused::Fine));
    assert_eq!(after(case(), "zhou", decided(i64::MAX)), Err(Refused::Fine));
    assert!(after(case(), "zhou", decided(0)).is_ok());
    let once = after(case(), "qian", decided(5)).expect("entered");
    let twice = after(once.clone(), "qian", decided(5));
    assert_eq!(twice, Err(Refused::AlreadyDecided("2026-17".to_owned())));
    let withdrawn = after(once, "qian", of(Kind::Withdrawn)).expect("withdrawn");
    assert_eq!(after(withdrawn.clone(), "qian", of(Kind::Withdrawn)), Err(Refused::NotDecided));
    assert!(after(withdrawn, "qian", decided(6)).is_ok());
    let empty = Entry::Verified { note: " ".to_owned() };
    let applied = [of(Kind::Assigned), of(Kind::Started), of(Kind::Applied)];
    let applied = applied.into_iter().fold(case(), |case, what| after(case, "qian", what).expect("taken"));
    assert_eq!(after(applied.clone(), "zhou", empty), Err(Refused::Text(BadText::Empty("note"))));
    let verified = after(applied, "zhou", of(Kind::Verified)).expect("verified");
    assert_eq!(after(verified.clone(), "zhou", of(Kind::Closed)), Err(Refused::SamePerson));
    assert!(after(verified, "wu", of(Kind::Closed)).is_ok());
    let Entry::Listed(mut later) = sheet() else { panic!("a sheet") };
    later.found_on = day("2026-11-25");
    assert_eq!(Case::listed(&entered("zhou", Entry::Listed(later))), Err(Refused::Future("found-on")));
}

#[test]
fn a_document_is_the_same_however_it_is_typed() {
    let key = Decision::document_key;
    for typed in ["台环罚[2026]3号", "台环罚 〔2026〕 3 号", "台环罚（２０２６）3号"] {
        assert_eq!(key(typed), key("台环罚〔2026〕3号"), "{typed}");
    }
    assert_ne!(key("台环罚〔2026〕3号"), key("台环罚〔2026〕13号"));
}

#[test]
fn an_entry_of_an_earlier_version_stays_readable() {
    let Entry::Listed(mut odd) = sheet() else { panic!("a sheet") };
    odd.category = "no longer offered".to_owned();
    let first = entered("zhou", Entry::Listed(odd));
    assert_eq!(Case::listed(&first), Err(Refused::Category), "not taken any more");
    assert!(Case::replay([&first]).is_ok());
}

#[test]
fn a_case_is_overdue_until_the_unit_has_applied() {
    let mut case = Case::listed(&entered("zhou", sheet())).expect("a case");
    assert!(!case.is_overdue(day("2027-01-01")), "nobody is late yet");
    for what in [of(Kind::Assigned), of(Kind::Started)] {
        case = case.after(&entered("qian", what)).expect("taken");
    }
    assert!(case.is_overdue(day("2026-12-25")) && !case.is_overdue(day("2026-12-24")));
    case = case.after(&entered("qian", of(Kind::Applied))).expect("taken");
    assert!(!case.is_overdue(day("2027-01-01")));
}
