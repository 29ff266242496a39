//! What each role is offered, and what follows for collecting and telling.

use super::*;

/// A case after these kinds of entries, each by somebody who may make it.
fn brought(kinds: &[CaseEntryKind]) -> Case {
    kinds.iter().fold(begun(), |case, kind| after(case, "wu", of(*kind, 0)).expect("taken"))
}

#[test]
fn each_role_is_offered_what_it_may_enter_now() {
    use CaseEntryKind::{Applied, Assigned, Closed, Progress, Returned, Started, Supervised, Verified};
    let offers = |case: &Case, role| case.possible(role);
    let applied = brought(&[Assigned, Started, Applied]);
    assert!(
        offers(&applied, Role::Officer).contains(&Returned) && !offers(&applied, Role::Approver).contains(&Returned)
    );
    let verified = after(applied.clone(), "he", of(Verified, 0)).expect("taken");
    assert!(
        !offers(&verified, Role::Officer).contains(&Returned) && offers(&verified, Role::Approver).contains(&Returned)
    );
    assert_eq!(offers(&verified, Role::Approver), [Returned, Closed, Supervised]);
    let unit = offers(&brought(&[Assigned, Started]), Role::CaseUnit);
    assert!(unit.contains(&Progress) && !unit.contains(&Returned) && !unit.contains(&Supervised));
    assert!(offers(&brought(&[Supervised]), Role::Officer).iter().all(|kind| *kind != Supervised), "once is enough");
}

#[test]
fn a_case_has_twenty_decisions_at_most_and_of_each_what_is_left_is_collected() {
    use CaseEntryKind::{Assigned, Collected, Decided, Started};
    let mut case = brought(&[Assigned, Started]);
    for number in 0..MOST_DECISIONS {
        assert!(case.possible(Role::CaseUnit).contains(&Decided), "{number}");
        case = after(case, "qian", decided(&format!("2026-{number}"), 30)).expect("taken");
    }
    assert!(!case.possible(Role::CaseUnit).contains(&Decided));
    let one = |case| after(case, "qian", of(Decided, 0)).expect("taken");
    let with_one = one(brought(&[Assigned, Started]));
    let collected = |case| {
        after(
            case,
            "qian",
            CaseEntry::Collected { document: "2026-17".to_owned(), amount: Fen(100), on: day("2026-11-24") },
        )
    };
    assert!(with_one.possible(Role::CaseUnit).contains(&Collected));
    let whole = collected(with_one.clone()).expect("taken");
    assert!(!whole.possible(Role::CaseUnit).contains(&Collected), "nothing is left");
    let contested = after(with_one, "qian", of(CaseEntryKind::Contested, 0)).expect("taken");
    let revoked = after(contested.clone(), "qian", reviewed(ReviewResult::Revoked, None)).expect("taken");
    assert!(!revoked.possible(Role::CaseUnit).contains(&Collected), "nor of one that is not in force");
    assert!(contested.is_contested() && !revoked.is_contested() && !whole.is_contested());
}

#[test]
fn a_reporter_is_told_of_what_is_decided_or_closed() {
    use CaseEntryKind::{Applied, Assigned, Closed, Decided, Started, Verified};
    assert!(!brought(&[Assigned, Started]).is_decided());
    let decided = brought(&[Assigned, Started, Decided]);
    assert!(decided.is_decided() && decided.state != CaseState::Closed);
    assert_eq!(decided.penalty("2026-17").map(|penalty| penalty.fine), Some(Fen(100)));
    assert!(decided.penalty("2026-99").is_none());
    let verified = after(brought(&[Assigned, Started, Applied]), "he", of(Verified, 0)).expect("taken");
    let closed = after(verified, "mei", of(Closed, 0)).expect("taken");
    assert!(closed.is_decided() && closed.decisive().is_none());
}
