//! The outcome of a report as its reporter sees it, once it is decided.

use casework::cases::CaseState;
use casework::reports::{Handling, ReportStage};
use crypto::slots::slot::ReportOutcome;
use opening::PostKeys;
use recorder_protocol::{Recorded, RenewSlots};
use register::StoredReport;

use crate::audit::attested_register::AttestedRegister;
use crate::error::ConsoleError;
use crate::reports::handling::in_clear;
use crate::reports::stage::note_stage;
use crate::rewards::claim_status::claim_status;

/// The record of renewing slots, which permits these reads.
type Renewing = Recorded<RenewSlots>;

/// The outcome as the reporter sees it. None until it is decided, since a polluter may report itself to learn what is
/// known. Once shown, it stays until something else is decided.
pub(crate) fn outcome(
    recorded: &Renewing,
    attested: &AttestedRegister,
    keys: &PostKeys,
    report: &StoredReport,
) -> Result<Option<ReportOutcome>, ConsoleError> {
    let now = in_clear(recorded, attested, keys, report.number)?.now;
    note_stage(recorded, attested, report, &now)?;
    if now.stage == ReportStage::Proposed
        && let Some(awarded) = awarded(recorded, attested, &now)?
    {
        return Ok(Some(awarded));
    }
    if let Some((first, joint)) = now.joined.filter(|_| now.stage == ReportStage::Joined) {
        return as_the_first(recorded, attested, &in_clear(recorded, attested, keys, first)?.now, joint);
    }
    told(recorded, attested, now.tells().or(now.told))
}

fn told(
    recorded: &Renewing,
    attested: &AttestedRegister,
    told: Option<(ReportStage, Option<u64>)>,
) -> Result<Option<ReportOutcome>, ConsoleError> {
    Ok(match told {
        Some((ReportStage::NotOurs, _)) => Some(ReportOutcome::NotOurs {}),
        Some((ReportStage::NotEffective, _)) => Some(ReportOutcome::NotEffective {}),
        Some((ReportStage::NotConfirmed, _)) => Some(ReportOutcome::NotConfirmed {}),
        Some((ReportStage::Minor, _)) => Some(ReportOutcome::Minor {}),
        Some((ReportStage::Known, Some(case))) => known(recorded, attested, case)?,
        _ => None,
    })
}

/// The outcome of a report that is joined to an earlier one: that report's outcome if it has one; else, without a share
/// in the reward, `Known` once the case is decided. A share of the reward has a claim of its own.
fn as_the_first(
    recorded: &Renewing,
    attested: &AttestedRegister,
    first: &Handling,
    joint: bool,
) -> Result<Option<ReportOutcome>, ConsoleError> {
    if let Some(same) = told(recorded, attested, first.tells())? {
        return Ok(Some(same));
    }
    match first.case {
        Some(case) if !joint => known(recorded, attested, case),
        _ => Ok(None),
    }
}

/// `Known` once the case from which the matter was known is decided; none before.
fn known(recorded: &Renewing, attested: &AttestedRegister, number: u64) -> Result<Option<ReportOutcome>, ConsoleError> {
    let case = attested.case(recorded, number)?;
    Ok(case.filter(|file| file.now.is_decided()).map(|_| ReportOutcome::Known {}))
}

/// The award, once another person has approved it, and only if it adds up.
fn awarded(
    recorded: &Renewing,
    attested: &AttestedRegister,
    now: &Handling,
) -> Result<Option<ReportOutcome>, ConsoleError> {
    let claim = now.claim.map(|claim| attested.claim(recorded, claim)).transpose()?.flatten();
    let Some(claim) = claim else { return Ok(None) };
    let Some(case) = attested.case(recorded, claim.now.proposal.case)? else { return Ok(None) };
    let Some(told) = claim_status(attested, &claim, &case.now)? else { return Ok(None) };
    attested.granted(&claim, &case.now)?;
    let closed = case.now.state == CaseState::Closed;
    Ok(Some(ReportOutcome::Confirmed { decided_on: told.decided_on, award: told.award, closed, claim: told.status }))
}
