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

/// Entries of one case: years of weekly progress; every page of it replays them all.
const MOST_ENTRIES: usize = 500;
/// Bytes of all files of one case: a case unit must not fill the disk that reports are kept on.
const MOST_BYTES: u64 = 200 * 1024 * 1024;

/// What is to be entered.
pub struct NewCaseEntry {
    /// The case.
    pub case: u64,
    /// How many entries its author has seen.
    pub expected_version: u64,
    /// What.
    pub what: CaseEntry,
    /// The very files whose digests stand in it, in no other order.
    pub files: Vec<Upload>,
}

/// How an attempt to enter something ended.
#[derive(Debug, PartialEq, Eq)]
pub enum CaseEntryOutcome {
    /// It is entered, and durable.
    Kept,
    /// Somebody else entered something meanwhile.
    Conflict,
    /// Another case has this decision.
    DocumentTaken,
    /// Nobody of that unit works here: the case would be seen by nobody.
    UnknownUnit,
    /// Too many entries.
    Full,
    /// Too many bytes of files.
    FilesFull,
    /// The rules refuse it; and what may be entered instead.
    Refused(CaseRefusal, Vec<CaseEntryKind>),
}

/// Enters something in a case that this person may see, if the rules allow it.
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
    // After the rules have said what is wrong; a role that may not at all is told no more.
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
