//! The status of a claim as its reporter sees it.

use casework::cases::Case;
use casework::rewards::{ClaimStage, PaymentMethod};
use crypto::slots::slot::{ClaimState, ClaimStatus};
use model::{Award, Day, Fen};

use crate::audit::attested_register::AttestedRegister;
use crate::error::ConsoleError;
use crate::rewards::claim_file::ClaimFile;
use crate::rewards::deadlines::answer_by;

/// A claim as its reporter sees it.
pub(crate) struct ReportedClaim {
    /// Day on which the award was approved.
    pub(crate) decided_on: Day,
    /// The award and how it was reached.
    pub(crate) award: Award,
    /// State, deadlines and amounts of the claim.
    pub(crate) status: ClaimStatus,
}

/// The status of a claim as its reporter sees it; none before the award was offered for the first time.
pub(crate) fn claim_status(
    attested: &AttestedRegister,
    claim: &ClaimFile,
    case: &Case,
) -> Result<Option<ReportedClaim>, ConsoleError> {
    let now = &claim.now;
    let Some((granted, decided_on)) = &now.granted else { return Ok(None) };
    if now.last_day.is_none() {
        return Ok(None);
    }
    let policy = &attested.rules_of(granted)?.policy;
    let open = now.outstanding();
    let state = match (now.state, &now.order) {
        (ClaimStage::Offered | ClaimStage::Ordered, _) if !attested.stands(now, case) => ClaimState::Correcting,
        (ClaimStage::Proposed | ClaimStage::Agreed | ClaimStage::Returned | ClaimStage::Approved, _) => {
            ClaimState::Correcting
        }
        (ClaimStage::Offered | ClaimStage::Lapsed, _) if open == Fen(0) => ClaimState::Nothing,
        (ClaimStage::Offered, _) => ClaimState::Open,
        (ClaimStage::Ordered, Some(drawn)) if drawn.method == PaymentMethod::PayeeSlip => ClaimState::Transfer,
        (ClaimStage::Ordered, _) => ClaimState::Note,
        (ClaimStage::Paid, _) => ClaimState::Paid,
        (ClaimStage::Lapsed, _) => ClaimState::Lapsed,
        (ClaimStage::Refused, _) => ClaimState::Refused,
        (ClaimStage::Waived, _) => ClaimState::Waived,
        (ClaimStage::Reconsidering, _) => ClaimState::Reconsidering,
    };
    let last_day = match state {
        ClaimState::Note | ClaimState::Transfer => now.order.as_ref().map(|drawn| drawn.valid_until),
        ClaimState::Open | ClaimState::Refused | ClaimState::Waived => now.last_day,
        ClaimState::Reconsidering => Some(answer_by(attested, now)?),
        _ => None,
    };
    let may_ask = now.answered.is_none()
        && matches!(
            now.state,
            ClaimStage::Offered | ClaimStage::Lapsed | ClaimStage::Refused | ClaimStage::Waived | ClaimStage::Paid
        );
    let status = ClaimStatus {
        state,
        last_day,
        reconsider_until: now.reconsider_until.filter(|_| may_ask),
        offer_number: now.offer_number,
        against_code: policy.anonymous_payment,
        open_fen: open.0,
        paid_fen: now.paid_so_far().0,
        paid_on: now.paid.map(|(_, on)| on),
        before_fen: now.before.map(|before| before.0),
        answered_on: now.answered.map(|(_, on)| on),
    };
    Ok(Some(ReportedClaim { decided_on: *decided_on, award: granted.award.clone(), status }))
}
