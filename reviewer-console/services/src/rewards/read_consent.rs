//! The document that consents to a special award.

use recorder_protocol::ReadEvidence;

use crate::actor::Actor;
use crate::cases::read_evidence::{EvidenceFile, content};
use crate::error::ConsoleError;
use crate::rewards::approve::read_approval;

/// Reads the document of an approval, which is recorded. `digest` is its SHA-256 in hexadecimal.
pub fn read_consent(actor: &Actor, claim: u64, digest: &str) -> Result<EvidenceFile, ConsoleError> {
    let claim = read_approval(actor, claim)?.claim;
    let mut files = claim.entries.iter().filter_map(|one| Some(&one.what.consent()?.file));
    let name = files.find(|file| file.digest == digest).ok_or(ConsoleError::NotFound)?.name.clone();
    let digest = digest.parse().map_err(|_| ConsoleError::NotFound)?;
    let recorded = actor.record(ReadEvidence { case: claim.now.proposal.case, digest })?;
    Ok(EvidenceFile { name, content: content(recorded, actor.register())? })
}
