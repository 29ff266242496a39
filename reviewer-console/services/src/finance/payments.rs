//! Listing payments by day.

use model::Day;
use recorder_protocol::{ReadPayments, Recorded};
use register::StoredPayment;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::finance::payment_order::{Payment, payment};

/// A payment in a list.
pub struct ListedPayment {
    /// Number of the receipt, such as `2026-0001`.
    pub receipt: String,
    /// Account that paid the order.
    pub by: String,
    /// The payment; none if it cannot be read or verified.
    pub payment: Option<Payment>,
}

/// Reads the payments of a day, which is recorded.
pub fn read_payments(actor: &Actor, day: Day) -> Result<Vec<ListedPayment>, ConsoleError> {
    list(actor.record(ReadPayments { from: day, until: day })?, actor)
}

fn list(recorded: Recorded<ReadPayments>, actor: &Actor) -> Result<Vec<ListedPayment>, ConsoleError> {
    let ReadPayments { from, until } = recorded.action().clone();
    let one = |stored: StoredPayment| {
        let read = payment(&recorded, actor.attested(), &stored).inspect_err(|error| {
            tracing::error!(
                code = "payment.unreadable",
                "payment {} unreadable: {}",
                stored.receipt,
                program::chain(error)
            );
        });
        ListedPayment { receipt: stored.receipt, by: stored.account, payment: read.ok() }
    };
    Ok(actor.register().payments(from, until)?.into_iter().map(one).collect())
}
