//! Looks up the order of a claim note, and pays it once. Each look-up checks that the order follows from an approved
//! claim; finance is shown only whether it does.

use std::time::Duration;

use casework::rewards::{ClaimPart, ClaimStage, IssuedOrder, PaymentMethod};
use crypto::letters::claim_note::{ClaimNote, NoteHash};
use model::Digest;
use recorder_protocol::{AnyAction, ClientError, PayOrder, ReadOrder, Recorded, Refusal};
use register::{NewPayment, StoredOrder};

use crate::actor::Actor;
use crate::audit::attested_register::{self, AttestedRegister};
use crate::audit::permissions::{Orders, Permits};
use crate::error::ConsoleError;
use crate::finance::payment_order::{Payment, PaymentOrder, payment};
use crate::ledger::written;

/// Retries while another desk stores a payment that is already logged, and how long apart.
const RETRIES: u32 = 20;
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// State of a claim note, as finance sees it.
pub enum ClaimNoteStatus {
    /// No order is payable against this note.
    Unknown,
    /// The order may be paid now.
    Good(PaymentOrder),
    /// The order was paid before.
    Paid {
        /// The payment, verified against its record.
        payment: Payment,
        /// Number of the receipt, such as `2026-0001`.
        receipt: String,
        /// Account that paid the order.
        by: String,
    },
    /// The log has a payment that the register does not have: the register was restored, or the program stopped between
    /// the two. Somebody must check before it is paid again.
    PaidBefore(PaymentOrder),
    /// A decision changed or is under review: payment is suspended.
    Held,
    /// The last day of the order has passed.
    Expired(PaymentOrder),
    /// The order was withdrawn, because the amount is under reconsideration or the reporter chose again.
    Withdrawn,
    /// This account has acted on the claim before, and must not pay it.
    NotYours,
}

/// Looks up the order of a claim note, which is recorded.
pub fn look_up_note(actor: &Actor, note: &ClaimNote) -> Result<ClaimNoteStatus, ConsoleError> {
    Ok(find(actor, note)?.map_or(ClaimNoteStatus::Unknown, |(_, status)| status))
}

fn find(actor: &Actor, note: &ClaimNote) -> Result<Option<(Digest, ClaimNoteStatus)>, ConsoleError> {
    let hash = note.hash();
    let Some(stored) = actor.register().order_of_note(&hash.to_hex())? else { return Ok(None) };
    let digest = Digest::of(stored.content.as_bytes());
    if digest.to_hex() != stored.digest {
        return Err(ConsoleError::Unsound);
    }
    let recorded = actor.record(ReadOrder { order: digest })?;
    Ok(Some((digest, status(recorded, actor, &stored, hash)?)))
}

fn status(
    recorded: Recorded<ReadOrder>,
    actor: &Actor,
    stored: &StoredOrder,
    hash: NoteHash,
) -> Result<ClaimNoteStatus, ConsoleError> {
    let attested = actor.attested();
    let order = order_of(&recorded, stored)?;
    if let Some(paid) = &stored.payment {
        let payment = payment(&recorded, attested, paid)?;
        return Ok(ClaimNoteStatus::Paid { payment, receipt: paid.receipt.clone(), by: paid.account.clone() });
    }
    if !stored.is_open {
        return Ok(ClaimNoteStatus::Withdrawn);
    }
    if !is_for(attested, stored, &order, hash)? {
        return Err(ConsoleError::Unsound);
    }
    let claim = attested.claim_of_order(&recorded, &stored.digest)?;
    let Some(file) = claim else { return Ok(ClaimNoteStatus::Withdrawn) };
    let case = attested.case(&recorded, file.now.proposal.case)?.ok_or(ConsoleError::Unsound)?;
    attested.granted(&file, &case.now)?;
    let drawn = IssuedOrder {
        order: stored.digest.clone(),
        method: order.method,
        amount: order.amount,
        valid_until: order.valid_until,
    };
    if file.now.state != ClaimStage::Ordered || file.now.order != Some(drawn) {
        return Err(ConsoleError::Unsound);
    }
    if !attested.stands(&file.now, &case.now) {
        return Ok(ClaimNoteStatus::Held);
    }
    if !file.now.may_act(actor.account(), ClaimPart::Pay) {
        return Ok(ClaimNoteStatus::NotYours);
    }
    let expired = actor.today > order.valid_until;
    Ok(if expired { ClaimNoteStatus::Expired(order) } else { ClaimNoteStatus::Good(order) })
}

fn order_of(_permit: &impl Permits<Orders>, stored: &StoredOrder) -> Result<PaymentOrder, ConsoleError> {
    serde_json::from_str(&stored.content).map_err(|_| ConsoleError::Unsound)
}

/// Whether an order is payable against this note: the order names the note, or the custodian has made it for the order.
fn is_for(
    attested: &AttestedRegister,
    stored: &StoredOrder,
    order: &PaymentOrder,
    hash: NoteHash,
) -> Result<bool, ConsoleError> {
    match (order.method, order.note, &stored.slip_request) {
        (PaymentMethod::ClaimNote, Some(note), None) => Ok(note == hash),
        (PaymentMethod::PayeeSlip, None, Some(slip_request)) => match attested.attested(slip_request)?.action {
            AnyAction::MakeSlip(action) => Ok(action.order.to_hex() == stored.digest && action.note == hash),
            _ => Ok(false),
        },
        _ => Ok(false),
    }
}

/// Outcome of [`pay`]: the payment, or why there is none.
pub enum PaymentOutcome {
    /// The order was paid now, and this is durable.
    Done {
        /// The payment that was made.
        payment: Payment,
        /// Number of the receipt, such as `2026-0001`.
        receipt: String,
    },
    /// The order was not paid; the state says why.
    Not(ClaimNoteStatus),
}

/// Pays the order of a claim note, once, which is recorded. `again` pays although the log has a payment that the
/// register does not have.
pub fn pay(actor: &Actor, note: &ClaimNote, again: bool) -> Result<PaymentOutcome, ConsoleError> {
    let (digest, order) = match find(actor, note)? {
        None => return Ok(PaymentOutcome::Not(ClaimNoteStatus::Unknown)),
        Some((digest, ClaimNoteStatus::Good(order))) => (digest, order),
        Some((_, status)) => return Ok(PaymentOutcome::Not(status)),
    };
    let payment = order.paid(digest, note, actor.today);
    let (content, of_payment) = written(&payment)?;
    let recorded = match actor.record(PayOrder { order: digest, digest: of_payment, again }) {
        Ok(recorded) => recorded,
        Err(ClientError::Refused(Refusal::PaidBefore)) => return paid_before(actor, note, order),
        Err(error) => return Err(error.into()),
    };
    Ok(match keep(recorded, actor, content)? {
        Some(receipt) => PaymentOutcome::Done { payment, receipt },
        None => PaymentOutcome::Not(look_up_note(actor, note)?),
    })
}

/// Waits up to two seconds: the log has a payment, which another desk may be about to store.
fn paid_before(actor: &Actor, note: &ClaimNote, order: PaymentOrder) -> Result<PaymentOutcome, ConsoleError> {
    for _ in 0..RETRIES {
        match actor.register().order_of_note(&note.hash().to_hex())? {
            Some(stored) if stored.payment.is_none() => std::thread::sleep(RETRY_DELAY),
            _ => return Ok(PaymentOutcome::Not(look_up_note(actor, note)?)),
        }
    }
    Ok(PaymentOutcome::Not(ClaimNoteStatus::PaidBefore(order)))
}

fn keep(recorded: Recorded<PayOrder>, actor: &Actor, content: String) -> Result<Option<String>, ConsoleError> {
    let (action, attested) = recorded.attested();
    Ok(actor.register().pay(NewPayment {
        order: action.order.to_hex(),
        content,
        paid_on: actor.today,
        account: actor.account().to_owned(),
        attested: attested_register::written(&attested)?,
    })?)
}
