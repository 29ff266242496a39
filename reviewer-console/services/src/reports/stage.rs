//! The stage of a report as lists show it.

use casework::reports::{Handling, ReportStage};
use casework::rewards::ClaimStage;
use register::StoredReport;

use crate::audit::attested_register::AttestedRegister;
use crate::audit::permissions::{Claims, Permits};
use crate::error::ConsoleError;

/// The stage as lists show it, stored for them if it has changed. Only the post knows which claim belongs to which
/// report, so an approver's decision reaches the list when an officer's session next reads the handling.
pub(crate) fn note_stage(
    permit: &impl Permits<Claims>,
    attested: &AttestedRegister,
    report: &StoredReport,
    now: &Handling,
) -> Result<ReportStage, ConsoleError> {
    let claim = now.claim.filter(|_| now.stage == ReportStage::Proposed);
    let claim = claim.map(|claim| attested.claim(permit, claim)).transpose()?;
    let stage = match claim.flatten().map(|file| file.now.state) {
        Some(ClaimStage::Returned) => ReportStage::Returned,
        Some(ClaimStage::Proposed | ClaimStage::Agreed) | None => now.stage,
        Some(_) => ReportStage::Approved,
    };
    if stage.code() != report.stage {
        attested.register.set_stage(report.number, stage.code())?;
    }
    Ok(stage)
}
