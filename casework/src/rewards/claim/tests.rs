use crate::rewards::Consent;
use model::{Award, Line};
use proptest::prelude::*;

use super::*;
use crate::cases::Evidence;

fn day(offset: u16) -> Day {
    "2026-11-24".parse::<Day>().expect("a day").plus_days(offset)
}

fn proposing(due_fen: i64, approvers: u8) -> ClaimEntry {
    let special = approvers > 1;
    let lines = if special { vec![Line::Special { amount_fen: due_fen }] } else { Vec::new() };
    let award = Award { policy: "rules".to_owned(), lines, due_fen };
    let (document, rules) = ("2026-17".to_owned(), String::new());
    let grounds = if special { "poisoned wells".to_owned() } else { String::new() };
    let needs_consent = special;
    ClaimEntry::Proposed(Box::new(Proposal {
        case: 1,
        document,
        also: Vec::new(),
        rules,
        award,
        grounds,
        approvers,
        needs_consent,
    }))
}

fn approved(consent: Option<Consent>) -> ClaimEntry {
    ClaimEntry::Approved(Approved { proposal: String::new(), consent })
}

fn consent() -> Consent {
    let file = Evidence { name: "consent.pdf".to_owned(), size: 3, digest: "00".repeat(32) };
    Consent { document: "2026-5".to_owned(), file }
}

fn entered(by: &str, on: u16, what: ClaimEntry) -> SignedEntry<ClaimEntry> {
    SignedEntry { by: by.to_owned(), on: day(on), what }
}

fn offering() -> ClaimEntry {
    ClaimEntry::Offered { last_day: day(60), reconsider_until: day(30) }
}

fn drawing(order: &str, amount: i64, asked_on: u16) -> ClaimEntry {
    let (order, way, amount) = (order.to_owned(), PaymentMethod::ClaimNote, Fen(amount));
    ClaimEntry::OrderIssued { order, method: way, amount, valid_until: day(90), asked_on: day(asked_on) }
}

fn paying(order: &str, amount: i64, on: u16, payer: &str) -> ClaimEntry {
    let (order, receipt, payer) = (order.to_owned(), "2026-0001".to_owned(), payer.to_owned());
    ClaimEntry::Paid { order, receipt, amount: Fen(amount), on: day(on), payer }
}

/// A claim from entries, each given as account, day and content.
fn claim(entries: &[(&str, u16, ClaimEntry)]) -> Result<Claim, ClaimRefusal> {
    let entries: Vec<_> = entries.iter().map(|(by, on, what)| entered(by, *on, what.clone())).collect();
    Claim::replay(&entries)
}

fn offered() -> Vec<(&'static str, u16, ClaimEntry)> {
    vec![("zhou", 0, proposing(100, 1)), ("he", 0, approved(None)), ("zhou", 0, offering())]
}

fn then(more: &[(&'static str, u16, ClaimEntry)]) -> Result<Claim, ClaimRefusal> {
    claim(&[offered(), more.to_vec()].concat())
}

fn lapsing() -> ClaimEntry {
    ClaimEntry::Lapsed { reconsider_until: day(120) }
}

fn answering(answer: ReconsiderationResult) -> ClaimEntry {
    ClaimEntry::Answered { answer, note: "looked at".to_owned(), last_day: Some(day(200)) }
}

#[test]
fn taken_and_paid() {
    let claim = then(&[("wu", 3, drawing("a", 100, 2)), ("zhou", 9, paying("a", 100, 8, "fang"))]).expect("paid");
    assert_eq!((claim.state, claim.outstanding(), claim.paid_so_far()), (ClaimStage::Paid, Fen(0), Fen(100)));
    assert_eq!(claim.since, day(9));
    let twice = then(&[
        ("wu", 3, drawing("a", 100, 2)),
        ("zhou", 9, paying("a", 100, 8, "fang")),
        ("zhou", 9, paying("a", 100, 8, "fang")),
    ]);
    assert_eq!(twice.expect_err("twice").to_string(), "paid does not follow paid");
}

#[test]
fn out_of_order_late_and_wrong_amounts_are_refused() {
    assert_eq!(then(&[("wu", 61, drawing("a", 100, 61))]), Err(ClaimRefusal::Time), "after the last day");
    assert!(then(&[("wu", 70, drawing("a", 100, 60))]).is_ok(), "the letter came in time");
    assert_eq!(then(&[("wu", 3, drawing("a", 99, 2))]), Err(ClaimRefusal::Amount));
    let drawn = ("wu", 3, drawing("a", 100, 2));
    let paid = |order, amount, on| then(&[drawn.clone(), ("zhou", 95, paying(order, amount, on, "fang"))]);
    assert_eq!(paid("a", 99, 8), Err(ClaimRefusal::Amount));
    assert_eq!(paid("a", 100, 91), Err(ClaimRefusal::Amount), "after the note's last day");
    assert!(matches!(paid("b", 100, 8), Err(ClaimRefusal::OutOfOrder { .. })));
    assert!(matches!(then(&[drawn.clone(), drawn.clone()]), Err(ClaimRefusal::OutOfOrder { .. })), "drawn twice");
    let nothing = claim(&[("zhou", 0, proposing(0, 1)), ("he", 0, approved(None)), ("zhou", 0, offering())]);
    let nothing = nothing.expect("offered").apply(&entered("wu", 1, drawing("a", 0, 1)));
    assert_eq!(nothing, Err(ClaimRefusal::Amount), "nothing is due");
}

#[test]
fn nobody_acts_twice() {
    let special = [("zhou", 0, proposing(100, 2)), ("he", 0, approved(None))];
    let with = |by, consent| claim(&[special.to_vec(), vec![(by, 0, approved(consent))]].concat());
    assert_eq!(claim(&special).expect("agreed").state, ClaimStage::Agreed);
    assert_eq!(with("he", Some(consent())), Err(ClaimRefusal::ActsTwice), "one approver is not two");
    assert_eq!(with("zhou", Some(consent())), Err(ClaimRefusal::ActsTwice), "the proposer");
    assert_eq!(with("mei", None), Err(ClaimRefusal::NoConsent));
    let unnamed = Consent { document: " ".to_owned(), ..consent() };
    assert!(matches!(with("mei", Some(unnamed)), Err(ClaimRefusal::Text(_))));
    assert_eq!(with("mei", Some(consent())).expect("approved").state, ClaimStage::Approved);
    let returned = ("he", 0, ClaimEntry::Returned { note: "why".to_owned() });
    let back = [("zhou", 0, proposing(100, 1)), returned, ("zhou", 0, proposing(100, 1)), ("mei", 0, approved(None))];
    let more = [("zhou", 0, offering()), ("wu", 5, ClaimEntry::Asked { asked_on: day(4) })];
    let own = claim(&[&back[..], &more, &[("he", 6, answering(ReconsiderationResult::Upheld))]].concat());
    assert_eq!(own, Err(ClaimRefusal::ActsTwice), "sending back is a part too");
    let drawn = ("wu", 3, drawing("a", 100, 2));
    for payer in ["zhou", "he"] {
        assert_eq!(
            then(&[drawn.clone(), ("wu", 9, paying("a", 100, 8, payer))]),
            Err(ClaimRefusal::ActsTwice),
            "{payer}"
        );
    }
    let asked = ("wu", 5, ClaimEntry::Asked { asked_on: day(4) });
    for by in ["zhou", "he"] {
        let answered = then(&[asked.clone(), (by, 6, answering(ReconsiderationResult::Upheld))]);
        assert_eq!(answered, Err(ClaimRefusal::ActsTwice), "{by} answers for what {by} did");
    }
}

#[test]
fn refused_and_waived_until_the_last_day() {
    for given_up in [ClaimEntry::Refused { asked_on: day(2) }, ClaimEntry::Waived {}] {
        let state = then(&[("wu", 3, given_up.clone())]).expect("given up").state;
        assert!(matches!(state, ClaimStage::Refused | ClaimStage::Waived));
        assert!(then(&[("wu", 3, given_up.clone()), ("wu", 60, drawing("a", 100, 60))]).is_ok(), "a change of mind");
        assert_eq!(then(&[("wu", 3, given_up), ("wu", 61, drawing("a", 100, 61))]), Err(ClaimRefusal::Time));
    }
}

#[test]
fn what_nobody_fetches_lapses_and_may_be_reconsidered_once() {
    assert_eq!(then(&[("wu", 60, lapsing())]), Err(ClaimRefusal::Time));
    let lapsed = ("wu", 61, lapsing());
    assert_eq!(then(std::slice::from_ref(&lapsed)).expect("lapsed").state, ClaimStage::Lapsed);
    let drawn = ("wu", 3, drawing("a", 100, 2));
    assert_eq!(then(&[drawn.clone(), ("wu", 90, lapsing())]), Err(ClaimRefusal::Time), "the note is still good");
    assert!(then(&[lapsed.clone(), ("wu", 70, drawing("a", 100, 60))]).is_ok(), "its letter came in time");
    assert_eq!(then(&[lapsed.clone(), ("wu", 70, drawing("a", 100, 61))]), Err(ClaimRefusal::Time));
    let late = then(&[drawn, ("wu", 91, lapsing())]).expect("lapsed");
    assert_eq!((late.state, late.order), (ClaimStage::Lapsed, None));
    let ask = |on| ("wu", 120, ClaimEntry::Asked { asked_on: day(on) });
    assert_eq!(then(&[lapsed.clone(), ask(121)]), Err(ClaimRefusal::Time));
    let again = [lapsed.clone(), ask(120), ("mei", 121, answering(ReconsiderationResult::Reopened))];
    let reopened = then(&again).expect("reopened");
    assert_eq!((reopened.state, reopened.last_day), (ClaimStage::Offered, Some(day(200))));
    assert_eq!(then(&[again.as_slice(), &[ask(120)]].concat()), Err(ClaimRefusal::Once));
    let upheld =
        then(&[lapsed.clone(), ask(120), ("mei", 121, answering(ReconsiderationResult::Upheld))]).expect("upheld");
    assert_eq!(upheld.state, ClaimStage::Lapsed);
    let unanswered = ClaimEntry::Unanswered { last_day: day(300), reconsider_until: day(330) };
    let silent = then(&[lapsed.clone(), ask(120), ("wu", 200, unanswered)]).expect("nobody answered");
    assert_eq!((silent.state, silent.reconsider_until, silent.answered), (ClaimStage::Lapsed, Some(day(330)), None));
    let anew = then(&[lapsed, ask(120), ("mei", 121, answering(ReconsiderationResult::Recompute))]).expect("sent back");
    assert_eq!(anew.state, ClaimStage::Returned);
}

#[test]
fn a_correction_never_changes_what_was_paid() {
    let paid = [("wu", 3, drawing("a", 100, 2)), ("zhou", 9, paying("a", 100, 8, "fang"))];
    assert_eq!(then(&[&paid[..], &[("zhou", 10, proposing(100, 1))]].concat()), Err(ClaimRefusal::Same));
    let correct = |due| {
        let correction = [("zhou", 10, proposing(due, 1)), ("he", 11, approved(None))];
        then(&[&paid[..], &correction].concat()).expect("corrected")
    };
    let more = correct(150);
    assert_eq!((more.state, more.outstanding(), more.paid_so_far()), (ClaimStage::Approved, Fen(50), Fen(100)));
    assert_eq!(more.before, Some(Fen(100)));
    let less = correct(30);
    assert_eq!((less.state, less.outstanding(), less.overpaid()), (ClaimStage::Paid, Fen(0), Fen(70)));
    let waiting = then(&[paid[0].clone(), ("zhou", 10, proposing(30, 1))]).expect("proposed");
    assert_eq!((waiting.is_correcting(), waiting.order.clone()), (true, None), "the order is withdrawn");
    assert!(waiting.apply(&entered("zhou", 10, paying("a", 100, 8, "fang"))).is_err());
}

proptest! {
    #[test]
    fn whatever_is_entered_the_rules_hold(steps in proptest::collection::vec((0_usize..12, 0_usize..4, 1_i64..4), 0..40)) {
        let people = ["zhou", "he", "mei", "fang"];
        let first = entered("zhou", 0, proposing(100, 1));
        let (mut claim, mut taken) = (Claim::proposed(&first).expect("a claim"), vec![first]);
        for (index, (kind, by, amount)) in steps.into_iter().enumerate() {
            let on = u16::try_from(index).expect("few") * 10;
            let what = [
                proposing(amount * 100, u8::try_from(amount).expect("small")),
                approved(Some(consent())),
                ClaimEntry::Returned { note: "why".to_owned() },
                ClaimEntry::Offered { last_day: day(on + 60), reconsider_until: day(on + 30) },
                drawing("a", claim.outstanding().0, on),
                paying("a", claim.outstanding().0, on, people[by]),
                ClaimEntry::Lapsed { reconsider_until: day(on + 30) },
                ClaimEntry::Asked { asked_on: day(on) },
                answering(ReconsiderationResult::Reopened),
                ClaimEntry::Waived {},
                ClaimEntry::Refused { asked_on: day(on) },
                ClaimEntry::OrderWithdrawn { note: "lost".to_owned(), last_day: day(on + 30) },
            ][kind].clone();
            let next = entered(people[by], on, what);
            let before = claim.paid_so_far();
            if let Ok(after) = claim.clone().apply(&next) {
                prop_assert!(after.paid_so_far() >= before, "what was paid stays paid");
                prop_assert_eq!(after.paid_so_far() == before, next.what.code() != "paid");
                taken.push(next);
                claim = after;
            }
        }
        prop_assert_eq!(Claim::replay(&taken), Ok(claim.clone()));
        let parts = |who: &str| {
            let own = claim.acts.iter().filter(|(by, _, _)| by == who);
            let mut parts: Vec<ClaimPart> = own.map(|(_, part, _)| *part).collect();
            parts.dedup();
            parts
        };
        prop_assert!(people.iter().all(|who| parts(who).len() <= 1), "{:?}", claim.acts);
        prop_assert_eq!(claim.state == ClaimStage::Ordered, claim.order.is_some());
    }
}
