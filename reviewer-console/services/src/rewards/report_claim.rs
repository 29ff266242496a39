//! Reading a report's claim at the post.

use recorder_protocol::{ReadClaim, Recorded};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::handling::{ReportHandling, read_handling};
use crate::rewards::claim_file::{ClaimFile, follows};

/// A report's claim, with its handling.
pub struct ReportClaim {
    /// The report's handling with its case; its claim is taken out.
    pub handling: ReportHandling,
    /// The claim with all its entries.
    pub claim: ClaimFile,
}

impl ReportClaim {
    /// Whether a decision changed since the award was approved.
    #[must_use]
    pub fn has_changed(&self, actor: &Actor) -> bool {
        let granted = self.claim.now.granted.as_ref().zip(self.handling.case.as_ref());
        granted.is_some_and(|((granted, _), case)| !follows(&actor.rules().rewards, granted, &case.now))
    }
}

/// Reads report, handling, claim and case; each reading is recorded. [`ConsoleError::NotFound`] without a claim.
pub fn read_report_claim(actor: &Actor, report: u64) -> Result<ReportClaim, ConsoleError> {
    let mut handling = read_handling(actor, report)?;
    let claim = handling.claim.take().ok_or(ConsoleError::NotFound)?;
    let recorded = actor.record(ReadClaim { claim: claim.number })?;
    complete(recorded, actor, ReportClaim { handling, claim })
}

/// Adds the case: a report that shares another's reward has it from the claim.
fn complete(recorded: Recorded<ReadClaim>, actor: &Actor, mut read: ReportClaim) -> Result<ReportClaim, ConsoleError> {
    if read.handling.case.is_none() {
        read.handling.case = actor.attested().case(&recorded, read.claim.now.proposal.case)?;
    }
    Ok(read)
}
