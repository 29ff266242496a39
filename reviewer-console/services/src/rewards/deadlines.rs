//! Deadlines of claims, applied at every exchange before slots are sealed: an approved award is offered, a payment by
//! finance is entered, an award that was not claimed in time lapses. An officer is signed in then, and each change is
//! recorded as theirs.

use casework::rewards::{Claim, ClaimEntry, ClaimStage, IssuedOrder, PaymentMethod};
use casework::rules::ClaimPeriods;
use model::Day;
use register::{AwaitsSlip, LedgerFilter, LedgerKind, OrderChange};

use crate::actor::Actor;
use crate::audit::attested_register::AttestedRegister;
use crate::audit::permissions::RuleCheck;
use crate::error::ConsoleError;
use crate::finance::payment_order::payment_entry;
use crate::rewards::claim_file::ClaimFile;
use crate::rewards::follow_claim::{NotFollowed, follow_claim};

/// Claims in a running state at most: more than a county ever awards.
const MOST: u32 = 100_000;
/// States in which a deadline or a payment can change a claim.
const RUNNING: &[ClaimStage] =
    &[ClaimStage::Approved, ClaimStage::Offered, ClaimStage::Ordered, ClaimStage::Reconsidering];

/// Enters the deadlines and payments since the last exchange. A damaged claim is skipped, and logged for the operator.
pub(crate) fn apply_deadlines(actor: &Actor) -> Result<(), ConsoleError> {
    let states = RUNNING.iter().map(|state| state.code()).collect();
    let filter = LedgerFilter { unit: None, states, oldest_first: true };
    let (found, _) = actor.register().ledgers(LedgerKind::Claims, &filter, 0, MOST)?;
    for ledger in found {
        let number = ledger.number;
        match actor.attested().claim_of(&RuleCheck::of_deadlines(), ledger).and_then(|file| step(actor, &file)) {
            Err(ConsoleError::Register(error)) => return Err(error.into()),
            Err(ConsoleError::Recorder(error)) => return Err(error.into()),
            Err(error) => tracing::error!(
                code = "claim.unverifiable",
                "claim {number} skipped, its record cannot be verified: {}",
                program::chain(&error)
            ),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn step(actor: &Actor, file: &ClaimFile) -> Result<(), ConsoleError> {
    let now = &file.now;
    let (granted, _) = now.granted.as_ref().ok_or(ConsoleError::Unsound)?;
    let clocks = actor.attested().rules_of(granted)?.policy.clocks;
    // An award whose decisions changed since its approval is corrected first, and offered after that.
    if now.state == ClaimStage::Approved {
        let case = actor.attested().case(&RuleCheck::of_deadlines(), granted.case)?.ok_or(ConsoleError::Unsound)?;
        if !actor.attested().stands(now, &case.now) {
            return Ok(());
        }
    }
    let Some((what, order)) = due(actor, now, &clocks)? else { return Ok(()) };
    match follow_claim(actor, file, what, order)? {
        Ok(_) | Err(NotFollowed::Conflict) => Ok(()),
        Err(NotFollowed::Refused(refused)) => Err(ConsoleError::inside(refused)),
    }
}

/// The entry that is due today; none if nothing is.
fn due(actor: &Actor, now: &Claim, clocks: &ClaimPeriods) -> Result<Option<(ClaimEntry, OrderChange)>, ConsoleError> {
    let today = actor.today;
    let reconsider_until = today.plus_days(clocks.reconsider_within_days);
    Ok(match (now.state, &now.order) {
        (ClaimStage::Approved, _) => {
            let last_day = today.plus_days(clocks.claim_within_days);
            Some((ClaimEntry::Offered { last_day, reconsider_until }, OrderChange::None))
        }
        (ClaimStage::Offered, _) if now.last_day.is_some_and(|last| today > last) => {
            Some((ClaimEntry::Lapsed { reconsider_until }, OrderChange::None))
        }
        (ClaimStage::Ordered, Some(drawn)) => {
            match payment_entry(&RuleCheck::of_deadlines(), actor.attested(), &drawn.order)? {
                Some(paid) => Some((paid, OrderChange::None)),
                // Nobody made the slip in time, which is not the reporter's fault.
                None if today > drawn.valid_until && is_without_slip(actor, drawn)? => {
                    let last_day = today.plus_days(clocks.claim_within_days);
                    let what = ClaimEntry::OrderWithdrawn { note: "no slip was made in time".to_owned(), last_day };
                    Some((what, OrderChange::Withdrawn(drawn.order.clone())))
                }
                None if today > drawn.valid_until => {
                    Some((ClaimEntry::Lapsed { reconsider_until }, OrderChange::Withdrawn(drawn.order.clone())))
                }
                None => None,
            }
        }
        (ClaimStage::Reconsidering, _) if today > answer_by(actor.attested(), now)? => {
            let last_day = today.plus_days(clocks.claim_within_days);
            Some((ClaimEntry::Unanswered { last_day, reconsider_until }, OrderChange::None))
        }
        _ => None,
    })
}

fn is_without_slip(actor: &Actor, drawn: &IssuedOrder) -> Result<bool, ConsoleError> {
    let unpaid = actor.register().unpaid_order(&drawn.order)?;
    Ok(drawn.method == PaymentMethod::PayeeSlip && unpaid.is_some_and(|AwaitsSlip(missing)| missing))
}

/// Last day for answering a request for reconsideration.
pub(crate) fn answer_by(attested: &AttestedRegister, now: &Claim) -> Result<Day, ConsoleError> {
    let days = attested.rules_of(&now.proposal)?.policy.clocks.reconsider_answer_within_working_days;
    Ok(attested.rules.calendar.after(now.since, days))
}
