//! Work that waits for approvers: proposed rewards, requests for reconsideration, and cases to sign off.

use casework::cases::CaseState;
use casework::rewards::ClaimStage;
use recorder_protocol::{ListClaims, Recorded};
use register::LedgerFilter;

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::ledger::ReadLedgers;
use crate::rewards::claim_file::ClaimFile;

/// Entries of each list at most: the longest waiting first, the last decided first.
const MOST: u32 = 100;

/// Lists for an approver, each of at most 100 entries.
pub struct Approvals {
    /// Claims to decide on, the oldest first.
    pub claims: ReadLedgers<ClaimFile>,
    /// Claims that were decided, the newest first.
    pub decided: ReadLedgers<ClaimFile>,
    /// Cases to sign off, the oldest first.
    pub verified: ReadLedgers<CaseFile>,
}

/// Lists the work of approvers, which is recorded.
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
