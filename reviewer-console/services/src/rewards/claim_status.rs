//! What the reporter is told of a claim.

use casework::case::Case;
use casework::claim::{State, Way};
use crypto::slot::{ClaimState, Standing};
use model::{Award, Day, Fen};

use crate::audit::attested_register::AttestedRegister;
use crate::error::ConsoleError;
use crate::rewards::claim_file::ClaimFile;
use crate::rewards::deadlines::answer_by;

/// A claim as its reporter is told of it.
pub(crate) struct ClaimStatus {
    /// The day of the decision.
    pub(crate) decided_on: Day,
    /// The award and how it was reached.
    pub(crate) award: Award,
    /// How far the claim is.
    pub(crate) standing: Standing,
}

/// What the reporter is told of a claim: nothing before the award was offered for the first time.
pub(crate) fn claim_status(
    attested: &AttestedRegister,
    claim: &ClaimFile,
    case: &Case,
) -> Result<Option<ClaimStatus>, ConsoleError> {
    let now = &claim.now;
    let Some((granted, decided_on)) = &now.granted else { return Ok(None) };
    if now.last_day.is_none() {
        return Ok(None);
    }
    let policy = &attested.rules_of(granted)?.policy;
    let open = now.outstanding();
    let state = match (now.state, &now.drawn) {
        (State::Offered | State::Drawn, _) if !attested.stands(now, case) => ClaimState::Correcting,
        (State::Proposed | State::Agreed | State::Returned | State::Approved, _) => ClaimState::Correcting,
        (State::Offered | State::Lapsed, _) if open == Fen(0) => ClaimState::Nothing,
        (State::Offered, _) => ClaimState::Open,
        (State::Drawn, Some(drawn)) if drawn.way == Way::Slip => ClaimState::Transfer,
        (State::Drawn, _) => ClaimState::Note,
        (State::Paid, _) => ClaimState::Paid,
        (State::Lapsed, _) => ClaimState::Lapsed,
        (State::Refused, _) => ClaimState::Refused,
        (State::Waived, _) => ClaimState::Waived,
        (State::Reconsidering, _) => ClaimState::Reconsidering,
    };
    let last_day = match state {
        ClaimState::Note | ClaimState::Transfer => now.drawn.as_ref().map(|drawn| drawn.valid_until),
        ClaimState::Open | ClaimState::Refused | ClaimState::Waived => now.last_day,
        ClaimState::Reconsidering => Some(answer_by(attested, now)?),
        _ => None,
    };
    let may_ask = now.answered.is_none()
        && matches!(now.state, State::Offered | State::Lapsed | State::Refused | State::Waived | State::Paid);
    let standing = Standing {
        state,
        last_day,
        reconsider_until: now.reconsider_until.filter(|_| may_ask),
        note: now.turn,
        against_code: policy.anonymous_payment,
        open_fen: open.0,
        paid_fen: now.paid_so_far().0,
        paid_on: now.paid.map(|(_, on)| on),
        before_fen: now.before.map(|before| before.0),
        answered_on: now.answered.map(|(_, on)| on),
    };
    Ok(Some(ClaimStatus { decided_on: *decided_on, award: granted.award.clone(), standing }))
}
