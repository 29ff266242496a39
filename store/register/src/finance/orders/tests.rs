use super::*;
use crate::tests::register;
use crate::{LedgerKind, NewLedgerEntry, NotEntered};

const TODAY: &str = "2026-11-25";

fn entering(number: u64, order: OrderChange) -> NewLedgerEntry {
    NewLedgerEntry { order, ..crate::cases::ledgers::tests::entering(LedgerKind::Claims, 1, number, "ordered") }
}

fn issued(content: &str, note: &str) -> OrderChange {
    OrderChange::Issued(NewOrder { content: content.to_owned(), note: Some(note.to_owned()), request: None })
}

fn payment_for(content: &str) -> NewPayment {
    NewPayment {
        order: Digest::of(content.as_bytes()).to_hex(),
        content: "{}".to_owned(),
        paid_on: TODAY.parse().expect("a day"),
        account: "fang".to_owned(),
        attested: String::new(),
    }
}

#[test]
fn an_order_is_paid_once_however_many_desks_try() {
    let (register, _folder) = register();
    register.enter(entering(1, issued("order", "note"))).expect("asked").expect("entered");
    let desks: Vec<_> = (0..8)
        .map(|_| {
            let register = register.clone();
            std::thread::spawn(move || register.pay(payment_for("order")).expect("asked"))
        })
        .collect();
    let answers: Vec<_> = desks.into_iter().map(|desk| desk.join().expect("ran")).collect();
    assert_eq!(answers.iter().flatten().count(), 1, "{answers:?}");
    let order = register.order_of_note("note").expect("asked").expect("an order");
    assert!(!order.is_open && order.payment.is_some());
    let day = TODAY.parse().expect("a day");
    assert_eq!(register.payments(day, day).expect("payments").len(), 1);
    assert_eq!(register.payments(day.plus_days(1), day.plus_days(2)).expect("payments").len(), 0);
}

#[test]
fn numbers_of_receipts_are_given_once_and_notes_used_once() {
    let (register, _folder) = register();
    register.enter(entering(1, issued("one", "a"))).expect("asked").expect("entered");
    register.enter(entering(2, issued("two", "b"))).expect("asked").expect("entered");
    let again = register.enter(entering(3, issued("three", "a"))).expect("asked");
    assert_eq!(again, Err(NotEntered::Conflict), "this note was for another order");
    let pay = |content| register.pay(payment_for(content)).expect("asked");
    assert_eq!([pay("one"), pay("one")], [Some("2026-0001".to_owned()), None]);
    assert_eq!([pay("two"), pay("none")], [Some("2026-0002".to_owned()), None]);
    let next_year = NewPayment { paid_on: "2027-01-01".parse().expect("a day"), ..payment_for("three") };
    register.enter(entering(3, issued("three", "c"))).expect("asked").expect("entered");
    assert_eq!(register.pay(next_year).expect("asked"), Some("2027-0001".to_owned()));
}

#[test]
fn what_is_withdrawn_is_not_paid_and_what_is_paid_is_not_withdrawn() {
    let (register, _folder) = register();
    let withdrawn = |content: &str| OrderChange::Withdrawn(Digest::of(content.as_bytes()).to_hex());
    register.enter(entering(1, issued("one", "a"))).expect("asked").expect("entered");
    register.enter(entering(2, withdrawn("one"))).expect("asked").expect("entered");
    assert_eq!(register.pay(payment_for("one")).expect("asked"), None);
    register.enter(entering(3, issued("two", "b"))).expect("asked").expect("entered");
    register.pay(payment_for("two")).expect("asked").expect("paid");
    assert_eq!(register.enter(entering(4, withdrawn("two"))).expect("asked"), Err(NotEntered::Conflict));
}

#[test]
fn payments_are_never_altered() {
    use diesel::RunQueryDsl as _;
    let (register, _folder) = register();
    register.enter(entering(1, issued("one", "a"))).expect("asked").expect("entered");
    register.pay(payment_for("one")).expect("asked").expect("paid");
    for statement in ["DELETE FROM payments", "UPDATE payments SET account = 'nobody'"] {
        let written = register.writer.write(move |connection| diesel::sql_query(statement).execute(connection));
        assert!(written.wait().is_err(), "{statement}");
    }
}
