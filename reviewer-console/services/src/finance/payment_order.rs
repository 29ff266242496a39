//! Orders to pay, and payments: as their digests cover them.

use casework::rewards::{ClaimEntry, PaymentMethod};
use crypto::letters::claim_note::{ClaimNote, NoteHash};
use model::{Day, Digest, Fen};
use recorder_protocol::AnyAction;
use register::StoredPayment;
use serde::{Deserialize, Serialize};

use crate::audit::attested_register::AttestedRegister;
use crate::audit::permissions::{Payments, Permits};
use crate::error::ConsoleError;

/// An order: what finance sees of a claim, which is an amount and a last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentOrder {
    /// What is to be paid.
    pub amount: Fen,
    /// Against what.
    pub method: PaymentMethod,
    /// The note that it is paid against; of a slip the custodian makes it later.
    pub(crate) note: Option<NoteHash>,
    /// The last day.
    pub valid_until: Day,
    /// Random, so that the digest of an order says nothing of it.
    salt: String,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// The order.
    pub order: Digest,
    /// What was paid.
    pub amount: Fen,
    /// Against what.
    pub method: PaymentMethod,
    /// The day.
    pub on: Day,
    /// The note that was shown, in hexadecimal: who holds the order can check that it was really shown.
    note: String,
}

impl PaymentOrder {
    /// A new order.
    pub(crate) fn new(
        amount: Fen,
        way: PaymentMethod,
        note: Option<NoteHash>,
        valid_until: Day,
    ) -> Result<Self, ConsoleError> {
        let salt: [u8; 16] = random::bytes().map_err(ConsoleError::inside)?;
        Ok(Self { amount, method: way, note, valid_until, salt: hex::encode(salt) })
    }

    /// What is kept of its payment on a day, for the note that was shown.
    pub(crate) fn paid(&self, order: Digest, note: &ClaimNote, on: Day) -> Payment {
        let note = note.qr_text().rsplit(':').next().unwrap_or_default().to_owned();
        Payment { order, amount: self.amount, method: self.method, on, note }
    }
}

/// A stored payment, where the recorder has signed that this very thing was recorded.
pub(crate) fn payment(
    _permit: &impl Permits<Payments>,
    attested: &AttestedRegister,
    stored: &StoredPayment,
) -> Result<Payment, ConsoleError> {
    let paid: Payment = serde_json::from_str(&stored.content).map_err(|_| ConsoleError::Unsound)?;
    let AnyAction::PayOrder(deed) = attested.recorded(&stored.attested, &stored.account, stored.paid_on)? else {
        return Err(ConsoleError::Unsound);
    };
    let digest = Digest::of(stored.content.as_bytes());
    let same = deed.order == paid.order && deed.digest == digest && paid.order.to_hex() == stored.order;
    if same && paid.on == stored.paid_on { Ok(paid) } else { Err(ConsoleError::Unsound) }
}

/// What is entered in a claim whose order was paid.
pub(crate) fn payment_entry(
    permit: &impl Permits<Payments>,
    attested: &AttestedRegister,
    order: &str,
) -> Result<Option<ClaimEntry>, ConsoleError> {
    let Some(stored) = attested.register.payment_of(order)? else { return Ok(None) };
    let Payment { amount, on, .. } = payment(permit, attested, &stored)?;
    let (receipt, payer) = (stored.receipt, stored.account);
    Ok(Some(ClaimEntry::Paid { order: order.to_owned(), receipt, amount, on, payer }))
}

/// A note that the custodian makes for a slip.
pub(crate) fn new_note() -> Result<ClaimNote, ConsoleError> {
    let bytes = random::secret().map_err(ConsoleError::inside)?;
    Ok(ClaimNote::from_random(*bytes))
}
