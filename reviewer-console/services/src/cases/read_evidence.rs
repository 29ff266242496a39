//! Files that belong to a case or to the approval of an award.

use model::Digest;
use recorder_protocol::{ReadEvidence, Recorded};
use register::Register;

use crate::actor::Actor;
use crate::cases::read_case::read_case;
use crate::error::ConsoleError;

/// A stored file, for download.
pub struct EvidenceFile {
    /// The file's name as uploaded.
    pub name: String,
    /// The bytes of the file, checked against its recorded digest.
    pub content: Vec<u8>,
}

/// Reads a file of a case that this account may see, which is recorded. `digest` is its SHA-256 in hexadecimal.
pub fn read_evidence(actor: &Actor, case: u64, digest: &str) -> Result<EvidenceFile, ConsoleError> {
    let file = read_case(actor, case)?;
    let all = file.entries.iter().flat_map(|entered| entered.what.evidence());
    let name = all.filter(|one| one.digest == digest).map(|one| one.name.clone()).next();
    let name = name.ok_or(ConsoleError::NotFound)?;
    let digest = digest.parse().map_err(|_| ConsoleError::NotFound)?;
    let recorded = actor.record(ReadEvidence { case, digest })?;
    Ok(EvidenceFile { name, content: content(recorded, actor.register())? })
}

/// Reads the recorded file and verifies its digest: somebody able to write the register's file must not replace it.
pub(crate) fn content(recorded: Recorded<ReadEvidence>, register: &Register) -> Result<Vec<u8>, ConsoleError> {
    let ReadEvidence { digest, .. } = recorded.into_action();
    let content = register.evidence(&digest.to_hex())?.ok_or(ConsoleError::NotFound)?;
    if Digest::of(&content) == digest { Ok(content) } else { Err(ConsoleError::Unsound) }
}
