//! The stage of a report as lists show it.

use casework::claim;
use casework::triage::{Handling, Stage};
use register::Report;

use crate::audit::attested_register::AttestedRegister;
use crate::audit::permissions::{Claims, Permits};
use crate::error::ConsoleError;

/// The stage as lists show it, noted for them where it has changed. Only the post knows which claim
/// is which report's, so the approver's decision reaches the list when an officer's session next
/// reads the handling.
pub(crate) fn note_stage(
    permit: &impl Permits<Claims>,
    attested: &AttestedRegister,
    report: &Report,
    now: &Handling,
) -> Result<Stage, ConsoleError> {
    let claim = now.claim.filter(|_| now.stage == Stage::Proposed);
    let claim = claim.map(|claim| attested.claim(permit, claim)).transpose()?;
    let stage = match claim.flatten().map(|file| file.now.state) {
        Some(claim::State::Returned) => Stage::Returned,
        Some(claim::State::Proposed | claim::State::Agreed) | None => now.stage,
        Some(_) => Stage::Approved,
    };
    if stage.code() != report.stage {
        attested.register.set_stage(report.number, stage.code())?;
    }
    Ok(stage)
}
