//! What waits for approvers: proposed rewards, requests to look at one again, and cases to sign off.

use casework::cases::CaseState;
use casework::rewards::ClaimStage;
use recorder_protocol::{ListClaims, Recorded};
use register::LedgerFilter;

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::ledger::ReadLedgers;
use crate::rewards::claim_file::ClaimFile;

/// As many of each as a page lists: what waits longest first, what was decided last first.
const MOST: u32 = 100;

/// What waits for an approver.
pub struct Approvals {
    /// Claims to decide on, the oldest first.
    pub claims: ReadLedgers<ClaimFile>,
    /// Claims that were decided, the newest first.
    pub decided: ReadLedgers<ClaimFile>,
    /// Cases to sign off.
    pub verified: ReadLedgers<CaseFile>,
}

/// Lists what waits for approvers, which is recorded.
pub fn list_claims(actor: &Actor) -> Result<Approvals, ConsoleError> {
    list(actor.record(ListClaims {})?, actor)
}

fn list(recorded: Recorded<ListClaims>, actor: &Actor) -> Result<Approvals, ConsoleError> {
    let filter = |states: Vec<&'static str>, oldest_first| LedgerFilter { unit: None, states, oldest_first };
    let waits = [ClaimStage::Proposed, ClaimStage::Agreed, ClaimStage::Reconsidering];
    let waiting = filter(waits.map(ClaimStage::code).to_vec(), true);
    let rest = ClaimStage::ALL.iter().filter(|state| !waits.contains(state)).map(|state| state.code());
    let (decided, verified) = (filter(rest.collect(), false), filter(vec![CaseState::Verified.code()], true));
    Ok(Approvals {
        claims: actor.attested().claims(&recorded, &waiting, MOST)?,
        decided: actor.attested().claims(&recorded, &decided, MOST)?,
        verified: actor.attested().cases(&recorded, &verified, 0, MOST)?.0,
    })
}
