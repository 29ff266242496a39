//! Payment orders and payments, in the form that their digests cover.

use casework::rewards::{ClaimEntry, PaymentMethod};
use crypto::letters::claim_note::{ClaimNote, NoteHash};
use model::{Day, Digest, Fen};
use recorder_protocol::AnyAction;
use register::StoredPayment;
use serde::{Deserialize, Serialize};

use crate::audit::attested_register::AttestedRegister;
use crate::audit::permissions::{Payments, Permits};
use crate::error::ConsoleError;

/// A payment order: all that finance sees of a claim, which is an amount, how it is paid and a last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentOrder {
    /// Amount to be paid, in fen.
    pub amount: Fen,
    /// Whether it is paid against a claim note or a payee slip.
    pub method: PaymentMethod,
    /// Hash of the claim note; none for a slip, whose note the custodian makes later.
    pub(crate) note: Option<NoteHash>,
    /// Last day on which it may be paid.
    pub valid_until: Day,
    /// 128 random bits in hexadecimal, so that the digest of an order reveals nothing of it.
    salt: String,
}

/// A payment, in the form that its digest covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Digest of the payment order.
    pub order: Digest,
    /// Amount that was paid, in fen.
    pub amount: Fen,
    /// Whether it was paid against a claim note or a payee slip.
    pub method: PaymentMethod,
    /// Day of the payment.
    pub on: Day,
    /// The note that was presented, in hexadecimal: with the order one can verify that it was really presented.
    note: String,
}

impl PaymentOrder {
    /// Makes an order with a new random salt.
    pub(crate) fn new(
        amount: Fen,
        way: PaymentMethod,
        note: Option<NoteHash>,
        valid_until: Day,
    ) -> Result<Self, ConsoleError> {
        let salt: [u8; 16] = random::bytes().map_err(ConsoleError::inside)?;
        Ok(Self { amount, method: way, note, valid_until, salt: hex::encode(salt) })
    }

    /// The payment of this order on a day, against the note that was presented.
    pub(crate) fn paid(&self, order: Digest, note: &ClaimNote, on: Day) -> Payment {
        let note = note.qr_text().rsplit(':').next().unwrap_or_default().to_owned();
        Payment { order, amount: self.amount, method: self.method, on, note }
    }
}

/// Reads a stored payment; `Unsound` unless the recorder has signed this very payment.
pub(crate) fn payment(
    _permit: &impl Permits<Payments>,
    attested: &AttestedRegister,
    stored: &StoredPayment,
) -> Result<Payment, ConsoleError> {
    let paid: Payment = serde_json::from_str(&stored.content).map_err(|_| ConsoleError::Unsound)?;
    let AnyAction::PayOrder(action) = attested.recorded(&stored.attested, &stored.account, stored.paid_on)? else {
        return Err(ConsoleError::Unsound);
    };
    let digest = Digest::of(stored.content.as_bytes());
    let same = action.order == paid.order && action.digest == digest && paid.order.to_hex() == stored.order;
    if same && paid.on == stored.paid_on { Ok(paid) } else { Err(ConsoleError::Unsound) }
}

/// The claim entry for an order that was paid; none if it was not.
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

/// Makes a random note, for a custodian's slip.
pub(crate) fn new_note() -> Result<ClaimNote, ConsoleError> {
    let bytes = random::secret().map_err(ConsoleError::inside)?;
    Ok(ClaimNote::from_random(*bytes))
}
