//! Entering a reporter's choice about an award from the letter, and entries that an officer makes without a letter.

use casework::rewards::ClaimEntry;
use crypto::letters::letter::{Body, Choice};
use model::{LetterDigest, Purpose};
use register::OrderChange;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::open_letter::{LetterOpened, open_letter};
use crate::rewards::follow_claim::{ChoiceEntered, NotFollowed, follow_claim};
use crate::rewards::issue_order::{OrderRequest, issue_order};
use crate::rewards::report_claim::read_report_claim;

/// Request to enter a choice, or an entry that needs no letter.
pub enum ChoiceRequest {
    /// Enter the choice of this letter.
    Letter(LetterDigest),
    /// Enter a waiver: the report stated that no reward is wanted.
    Waived,
    /// Withdraw the order that was issued.
    Withdrawn {
        /// Reason for the withdrawal.
        note: String,
    },
}

/// Enters a reporter's choice, or what an officer may enter without a letter; this is recorded.
pub fn enter_choice(actor: &Actor, report: u64, request: ChoiceRequest) -> Result<ChoiceEntered, ConsoleError> {
    let letter = match request {
        ChoiceRequest::Letter(letter) => letter,
        ChoiceRequest::Waived => return waive(actor, report),
        ChoiceRequest::Withdrawn { note } => return withdraw(actor, report, note),
    };
    let entered = enter_letter(actor, report, letter)?;
    if entered.is_final() {
        actor.register().note_entered(letter)?;
    }
    Ok(entered)
}

fn waive(actor: &Actor, report: u64) -> Result<ChoiceEntered, ConsoleError> {
    let read = read_report_claim(actor, report)?;
    Ok(follow_claim(actor, &read.claim, ClaimEntry::Waived {}, OrderChange::None)?.into())
}

fn withdraw(actor: &Actor, report: u64, note: String) -> Result<ChoiceEntered, ConsoleError> {
    let claim = read_report_claim(actor, report)?.claim;
    let clocks = actor.attested().rules_of(&claim.now.proposal)?.policy.clocks;
    let order = claim.now.order.as_ref().map(|drawn| OrderChange::Withdrawn(drawn.order.clone()));
    let what = ClaimEntry::OrderWithdrawn { note, last_day: actor.today.plus_days(clocks.claim_within_days) };
    Ok(follow_claim(actor, &claim, what, order.unwrap_or_default())?.into())
}

/// Opens the letter again, for this purpose, and enters its choice.
fn enter_letter(actor: &Actor, report: u64, digest: LetterDigest) -> Result<ChoiceEntered, ConsoleError> {
    let read = read_report_claim(actor, report)?;
    let claim = &read.claim;
    let found = &read.handling.report;
    let stored = found.letters.iter().find(|letter| letter.digest == digest && letter.kept);
    let stored = stored.ok_or(ConsoleError::NotFound)?;
    let opened = open_letter(actor, &mut actor.connect()?, found, stored, Purpose::Claim)?;
    let LetterOpened::Letter(letter) = opened else { return Ok(ChoiceEntered::NoChoice) };
    let Body::Claim { choice, .. } = &letter.body else { return Ok(ChoiceEntered::NoChoice) };
    let asked_on = stored.received_on;
    let order = |note| OrderRequest { read: &read, stored, letter: &letter, offer_number: choice.offer_number(), note };
    let what = match choice {
        Choice::Refuse { .. } => ClaimEntry::Refused { asked_on },
        Choice::Reconsider { .. } => ClaimEntry::Asked { asked_on },
        Choice::Note { note, .. } => {
            if !actor.attested().rules_of(&claim.now.proposal)?.policy.anonymous_payment {
                return Ok(ChoiceEntered::NotByCode);
            }
            return issue_order(actor, order(Some(*note)));
        }
        Choice::Open { .. } => return issue_order(actor, order(None)),
    };
    if let Err(refused) = claim.now.clone().apply(&actor.enter(what.clone())) {
        return Ok(ChoiceEntered::Not(NotFollowed::Refused(refused)));
    }
    if choice.offer_number() != claim.now.offer_number {
        return Ok(ChoiceEntered::OldOffer);
    }
    Ok(follow_claim(actor, claim, what, OrderChange::None)?.into())
}
