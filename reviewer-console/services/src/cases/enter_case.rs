//! Entering something in a case: an assignment, a decision, progress, its closure.

use casework::cases::{CaseEntry, CaseEntryKind, CaseRefusal};
use recorder_protocol::EnterCase;
use register::NotEntered;

use crate::actor::Actor;
use crate::cases::case_file::{EntryAttachments, case_entering};
use crate::cases::read_case::read_case;
use crate::error::ConsoleError;
use crate::ledger::written;
use crate::uploads::Upload;

/// Entries of one case at most: enough for years of weekly progress. Every page of a case replays them all.
const MOST_ENTRIES: usize = 500;
/// Bytes of all files of one case at most, 200 MiB: a case unit must not fill the disk that stores the reports.
const MOST_BYTES: u64 = 200 * 1024 * 1024;

/// Request to enter something in a case.
pub struct NewCaseEntry {
    /// Number of the case.
    pub case: u64,
    /// How many entries the author has seen; any other number is a conflict.
    pub expected_version: u64,
    /// The entry, such as an assignment, a decision, progress or the closure.
    pub what: CaseEntry,
    /// The files whose digests the entry contains, in the same order.
    pub files: Vec<Upload>,
}

/// Outcome of [`enter_case`]: stored, or why not.
#[derive(Debug, PartialEq, Eq)]
pub enum CaseEntryOutcome {
    /// The entry is stored and durable.
    Kept,
    /// Somebody else entered something in the meantime.
    Conflict,
    /// Another case has this decision already.
    DocumentTaken,
    /// No open account belongs to that unit, so nobody would see the case.
    UnknownUnit,
    /// The case has 500 entries, and takes no more.
    Full,
    /// The files of the case would exceed 200 MiB.
    FilesFull,
    /// The rules refuse the entry; with the kinds that may be entered instead.
    Refused(CaseRefusal, Vec<CaseEntryKind>),
}

/// Enters something in a case that this account may see, if the rules allow it; this is recorded.
pub fn enter_case(actor: &Actor, request: NewCaseEntry) -> Result<CaseEntryOutcome, ConsoleError> {
    let NewCaseEntry { case: number, expected_version, what, files } = request;
    let file = read_case(actor, number)?;
    if file.version() != expected_version {
        return Ok(CaseEntryOutcome::Conflict);
    }
    if file.entries.len() >= MOST_ENTRIES {
        return Ok(CaseEntryOutcome::Full);
    }
    let so_far = file.entries.iter().map(|entered| &entered.what).chain([&what]);
    if so_far.flat_map(CaseEntry::evidence).map(|one| one.size).sum::<u64>() > MOST_BYTES {
        return Ok(CaseEntryOutcome::FilesFull);
    }
    if let CaseEntry::Assigned(to) = &what
        && !actor.register().units()?.contains(&to.unit)
    {
        return Ok(CaseEntryOutcome::UnknownUnit);
    }
    let (kind, possible) = (what.kind(), file.now.possible(actor.role));
    let entered = actor.enter(what);
    let after = match file.now.clone().apply(&entered) {
        Ok(after) => after,
        Err(refused) => return Ok(CaseEntryOutcome::Refused(refused, possible)),
    };
    // Checked after the rules, which name what is wrong. A role that may not make this entry at all learns no more.
    if !possible.contains(&kind) {
        return Ok(CaseEntryOutcome::Refused(CaseRefusal::OutOfOrder { state: Some(file.now.state), kind }, possible));
    }
    let (_, digest) = written(&entered.what)?;
    let entry = kind.code().to_owned();
    let recorded = actor.record(EnterCase { case: number, number: expected_version + 1, entry, digest })?;
    let evidence = if entered.what.evidence().is_empty() { Vec::new() } else { files };
    let beside = EntryAttachments { evidence, events: &actor.resources.events };
    let entering = case_entering(recorded, expected_version, &entered, &after, beside)?;
    Ok(match actor.register().enter(entering)? {
        Ok(()) => CaseEntryOutcome::Kept,
        Err(NotEntered::Conflict) => CaseEntryOutcome::Conflict,
        Err(NotEntered::DocumentTaken) => CaseEntryOutcome::DocumentTaken,
    })
}
