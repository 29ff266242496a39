//! Payment orders and payments. An order has at most one payment row, which prevents paying it twice, at two desks at
//! once or after a restart.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;
use model::{Day, Digest};

use crate::Register;
use crate::identity::new_request::{self, NewIdentityRequest};
use crate::schema::{orders, payments};

/// The order has no note yet: the custodian makes it.
const WAITING: &str = "waiting";
const OPEN: &str = "open";
const PAID: &str = "paid";
const WITHDRAWN: &str = "withdrawn";

/// The change that an entry of a claim makes to an order, in the transaction of the entry.
#[derive(Clone, Debug, Default)]
pub enum OrderChange {
    /// The entry changes no order.
    #[default]
    None,
    /// Issues a new order.
    Issued(NewOrder),
    /// Withdraws the order with this SHA-256, in hexadecimal. If it was paid, the entry is refused.
    Withdrawn(String),
}

/// An order to be stored.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Text of the order, as issued.
    pub content: String,
    /// The hash of the note against which it is paid, in hexadecimal; none for a slip.
    pub note: Option<String>,
    /// For a slip, the request to the custodian, who makes the note.
    pub request: Option<NewIdentityRequest>,
}

/// An order as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOrder {
    /// SHA-256 of its content, in hexadecimal.
    pub digest: String,
    /// Text of the order, as issued.
    pub content: String,
    /// The custodian's signed request and the recorder's receipt, as JSON; none unless the custodian made the note.
    pub slip_request: Option<String>,
    /// Whether it may be paid now.
    pub is_open: bool,
    /// The payment, if it was paid.
    pub payment: Option<StoredPayment>,
}

/// The payment of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPayment {
    /// SHA-256 of the order's content, in hexadecimal.
    pub order: String,
    /// The receipt's number, such as `2026-0001`.
    pub receipt: String,
    /// Amount and purpose of the payment, as JSON.
    pub content: String,
    /// The day of the payment.
    pub paid_on: Day,
    /// The account that paid.
    pub account: String,
    /// The payer's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

/// A payment to be stored.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// SHA-256 of the order's content, in hexadecimal.
    pub order: String,
    /// Amount and purpose of the payment, as JSON.
    pub content: String,
    /// The day of the payment. Its year determines the receipt's number.
    pub paid_on: Day,
    /// The account that pays.
    pub account: String,
    /// The payer's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

/// The note of a slip, as stored with its order.
#[derive(Clone, Debug)]
pub struct NewSlip {
    /// The order's digest in hexadecimal.
    pub order: String,
    /// The hash of the slip's note, in hexadecimal.
    pub note: String,
    /// The custodian's signed request to make the slip and the recorder's receipt, as JSON.
    pub slip_request: String,
}

/// An unpaid order; true if it still waits for its slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwaitsSlip(pub bool);

type OrderRow = (String, String, Option<String>, String);
/// A row; fields follow the table's column order.
#[derive(Queryable)]
struct PaymentRow {
    _id: i64,
    order: String,
    receipt: String,
    content: String,
    paid_on: String,
    account: String,
    attested: String,
}

impl Register {
    /// The order that is paid against a note, by the note's hash in hexadecimal.
    pub fn order_of_note(&self, note: &str) -> Result<Option<StoredOrder>, DatabaseError> {
        let chosen = orders::table.filter(orders::note.eq(note.to_owned()));
        let columns = (orders::digest, orders::content, orders::slip_request, orders::state);
        let found = self.readers.read(|connection| {
            let Some((digest, content, slip_request, state)) =
                chosen.select(columns).first::<OrderRow>(connection).optional()?
            else {
                return Ok(None);
            };
            let paid = payments::table.filter(payments::order_digest.eq(&digest));
            let payment = paid.first::<PaymentRow>(connection).optional()?;
            Ok(Some((digest, content, slip_request, state, payment)))
        })?;
        let order = |(digest, content, slip_request, state, paid): (_, _, _, String, Option<PaymentRow>)| {
            let payment = paid.map(payment).transpose()?;
            Ok(StoredOrder { digest, content, slip_request, is_open: state == OPEN, payment })
        };
        found.map(order).transpose()
    }

    /// The payment of an order, by the order's digest in hexadecimal.
    pub fn payment_of(&self, order: &str) -> Result<Option<StoredPayment>, DatabaseError> {
        let chosen = payments::table.filter(payments::order_digest.eq(order.to_owned()));
        let found = self.readers.read(|connection| chosen.first::<PaymentRow>(connection).optional())?;
        found.map(payment).transpose()
    }

    /// All payments from one day to another, both included, ordered by receipt number.
    pub fn payments(&self, from: Day, until: Day) -> Result<Vec<StoredPayment>, DatabaseError> {
        let chosen = payments::table
            .filter(payments::paid_on.between(from.to_string(), until.to_string()))
            .order(payments::receipt);
        let rows = self.readers.read(|connection| chosen.load::<PaymentRow>(connection))?;
        rows.into_iter().map(payment).collect()
    }

    /// Whether an order can still be paid, and if so whether its slip must be made first; none if it cannot.
    pub fn unpaid_order(&self, digest: &str) -> Result<Option<AwaitsSlip>, DatabaseError> {
        let chosen = orders::table.filter(orders::digest.eq(digest.to_owned())).select(orders::state);
        let state = self.readers.read(|connection| chosen.first::<String>(connection).optional())?;
        Ok(match state.as_deref() {
            Some(WAITING) => Some(AwaitsSlip(true)),
            Some(OPEN) => Some(AwaitsSlip(false)),
            _ => None,
        })
    }

    /// Stores a payment for an open order and returns the next receipt number of its year. Returns none if the order
    /// is paid, withdrawn or still without a note. Durable when it returns.
    pub fn pay(&self, new: NewPayment) -> Result<Option<String>, DatabaseError> {
        let paid = self.writer.write(move |connection| {
            let open = orders::table.filter(orders::digest.eq(&new.order).and(orders::state.eq(OPEN)));
            if open.select(orders::id).first::<i64>(connection).optional()?.is_none() {
                return Ok(None);
            }
            let receipt = next_receipt(connection, new.paid_on)?;
            diesel::update(orders::table.filter(orders::digest.eq(&new.order)))
                .set(orders::state.eq(PAID))
                .execute(connection)?;
            let values = (
                payments::order_digest.eq(new.order),
                payments::receipt.eq(&receipt),
                payments::content.eq(new.content),
                payments::paid_on.eq(new.paid_on.to_string()),
                payments::account.eq(new.account),
                payments::attested.eq(new.attested),
            );
            diesel::insert_into(payments::table).values(values).execute(connection)?;
            Ok(Some(receipt))
        });
        paid.wait()
    }
}

/// Receipt numbers count within a year: `2026-0001`.
fn next_receipt(connection: &mut AnyConnection, on: Day) -> QueryResult<String> {
    let year = format!("{:04}-", on.year());
    let given = payments::table.filter(payments::receipt.like(format!("{year}%"))).select(payments::receipt);
    let given: Vec<String> = given.load(connection)?;
    let number = |receipt: &String| receipt.strip_prefix(&year).and_then(|number| number.parse().ok());
    let last: u32 = given.iter().filter_map(number).max().unwrap_or(0);
    Ok(format!("{year}{:04}", last + 1))
}

fn payment(row: PaymentRow) -> Result<StoredPayment, DatabaseError> {
    let PaymentRow { order, receipt, content, account, attested, .. } = row;
    let paid_on = row.paid_on.parse().map_err(|_| DatabaseError::Corrupt)?;
    Ok(StoredPayment { order, receipt, content, paid_on, account, attested })
}

/// Whether a change can be made. Called within the transaction that then makes it.
pub(crate) fn may_change(connection: &mut AnyConnection, change: &OrderChange) -> QueryResult<bool> {
    match change {
        OrderChange::None => Ok(true),
        OrderChange::Issued(new) => {
            let Some(note) = &new.note else { return Ok(true) };
            // Each order needs a note of its own: a note once shown must not become valid again.
            let known = orders::table.filter(orders::note.eq(note)).select(orders::id);
            Ok(known.first::<i64>(connection).optional()?.is_none())
        }
        OrderChange::Withdrawn(digest) => {
            let state = orders::table.filter(orders::digest.eq(digest)).select(orders::state);
            Ok(state.first::<String>(connection).optional()?.is_some_and(|state| state == OPEN || state == WAITING))
        }
    }
}

pub(crate) fn change(connection: &mut AnyConnection, change: OrderChange) -> QueryResult<()> {
    match change {
        OrderChange::None => Ok(()),
        OrderChange::Issued(new) => {
            let digest = Digest::of(new.content.as_bytes());
            let mut first = [0; 8];
            first.copy_from_slice(&digest.as_bytes()[..8]);
            let values = (
                orders::id.eq(i64::from_be_bytes(first) & i64::MAX),
                orders::digest.eq(digest.to_hex()),
                orders::content.eq(new.content),
                orders::state.eq(if new.note.is_some() { OPEN } else { WAITING }),
                orders::note.eq(new.note),
            );
            diesel::insert_into(orders::table).values(values).execute(connection)?;
            new.request.map_or(Ok(()), |request| new_request::keep(connection, request))
        }
        OrderChange::Withdrawn(digest) => {
            let row = orders::table.filter(orders::digest.eq(digest));
            diesel::update(row).set(orders::state.eq(WITHDRAWN)).execute(connection).map(|_| ())
        }
    }
}

/// Stores the note of a slip's order; false if the order is paid or withdrawn. An earlier slip becomes invalid.
pub(crate) fn give_note(connection: &mut AnyConnection, slip: &NewSlip) -> QueryResult<bool> {
    let unpaid = orders::digest.eq(&slip.order).and(orders::state.eq_any([OPEN, WAITING]));
    let values = (orders::note.eq(&slip.note), orders::slip_request.eq(&slip.slip_request), orders::state.eq(OPEN));
    Ok(diesel::update(orders::table.filter(unpaid)).set(values).execute(connection)? == 1)
}

#[cfg(test)]
mod tests;
