//! Issues the payment order that a reporter's choice asks for. The officer signs it with the request to record the
//! claim's entry (`FollowReward`, in `follow_claim`), which has the order's digest. If it is paid openly, the custodian is asked for the payee. All is stored in one transaction.

use casework::rewards::{ClaimEntry, PaymentMethod};
use crypto::letters::claim_note::NoteHash;
use crypto::letters::letter::Letter;
use crypto::sealing::identity_envelope::SealedIdentity;
use register::{NewIdentityRequest, NewOrder, OrderChange, StoredLetter};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::finance::payment_order::PaymentOrder;
use crate::identity::request::{IdentityQuestion, Reason, ask};
use crate::ledger::written;
use crate::rewards::follow_claim::{ChoiceEntered, NotFollowed, follow_claim};
use crate::rewards::report_claim::ReportClaim;

/// Everything that a payment order is issued from.
pub(crate) struct OrderRequest<'a> {
    /// The claim, with its report and case.
    pub(crate) read: &'a ReportClaim,
    /// The stored letter with the choice.
    pub(crate) stored: &'a StoredLetter,
    /// The letter in clear.
    pub(crate) letter: &'a Letter,
    /// Number of the offer that the letter answers.
    pub(crate) offer_number: u32,
    /// Hash of the claim note; none if the order is paid openly.
    pub(crate) note: Option<NoteHash>,
}

/// Issues the order that a reporter's choice asks for, if the claim allows it and still stands.
pub(crate) fn issue_order(actor: &Actor, request: OrderRequest<'_>) -> Result<ChoiceEntered, ConsoleError> {
    let OrderRequest { read, stored, letter, offer_number, note } = request;
    let claim = &read.claim;
    let way = if note.is_some() { PaymentMethod::ClaimNote } else { PaymentMethod::PayeeSlip };
    let case = read.handling.case.as_ref().ok_or(ConsoleError::Unsound)?;
    let clocks = actor.attested().rules_of(&claim.now.proposal)?.policy.clocks;
    let (amount, valid_until) = (claim.now.outstanding(), actor.today.plus_days(clocks.pay_within_days));
    let (content, digest) = written(&PaymentOrder::new(amount, way, note, valid_until)?)?;
    let order = digest.to_hex();
    let asked_on = stored.received_on;
    let what = ClaimEntry::OrderIssued { order: order.clone(), method: way, amount, valid_until, asked_on };
    // Checked before the custodian is asked for anything.
    if let Err(refused) = claim.now.clone().apply(&actor.enter(what.clone())) {
        return Ok(ChoiceEntered::Not(NotFollowed::Refused(refused)));
    }
    if offer_number != claim.now.offer_number {
        return Ok(ChoiceEntered::OldOffer);
    }
    if !actor.attested().stands(&claim.now, &case.now) {
        return Ok(ChoiceEntered::Changed);
    }
    let request = match (&letter.identity, way) {
        (Some(envelope), PaymentMethod::PayeeSlip) => Some(ask_for_payee(actor, letter, stored, order, envelope)?),
        _ => None,
    };
    let note = note.map(|hash| hash.to_hex());
    let order = OrderChange::Issued(NewOrder { content, note, request });
    Ok(follow_claim(actor, claim, what, order)?.into())
}

fn ask_for_payee(
    actor: &Actor,
    letter: &Letter,
    stored: &StoredLetter,
    order: String,
    envelope: &SealedIdentity,
) -> Result<NewIdentityRequest, ConsoleError> {
    let question = IdentityQuestion {
        mailbox: letter.mailbox(),
        letter: stored.digest,
        reason: Reason::Pay,
        document: String::new(),
        order: Some(order),
    };
    ask(actor, question, envelope)
}
