//! Entering something in a case: an assignment, a decision, progress, its closure.

use casework::case::{Entry, Kind, Refused};
use recorder_protocol::EnterCase;
use register::NotEntered;

use crate::actor::Actor;
use crate::cases::case_file::{Beside, case_entering};
use crate::cases::read_case::read_case;
use crate::error::ConsoleError;
use crate::ledger::written;
use crate::uploads::Upload;

/// Entries of one case: years of weekly progress; every page of it replays them all.
const MOST_ENTRIES: usize = 500;
/// Bytes of all files of one case: a case unit must not fill the disk that reports are kept on.
const MOST_BYTES: u64 = 200 * 1024 * 1024;

/// What is to be entered.
pub struct CaseEntry {
    /// The case.
    pub case: u64,
    /// How many entries its author has seen.
    pub expected_version: u64,
    /// What.
    pub what: Entry,
    /// The very files whose digests stand in it, in no other order.
    pub files: Vec<Upload>,
}

/// How an attempt to enter something ended.
#[derive(Debug, PartialEq, Eq)]
pub enum CaseEntered {
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
    Refused(Refused, Vec<Kind>),
}

/// Enters something in a case that this person may see, if the rules allow it.
pub fn enter_case(actor: &Actor, request: CaseEntry) -> Result<CaseEntered, ConsoleError> {
    let CaseEntry { case: number, expected_version, what, files } = request;
    let file = read_case(actor, number)?;
    if file.version() != expected_version {
        return Ok(CaseEntered::Conflict);
    }
    if file.entries.len() >= MOST_ENTRIES {
        return Ok(CaseEntered::Full);
    }
    let so_far = file.entries.iter().map(|entered| &entered.what).chain([&what]);
    if so_far.flat_map(Entry::evidence).map(|one| one.size).sum::<u64>() > MOST_BYTES {
        return Ok(CaseEntered::FilesFull);
    }
    if let Entry::Assigned(to) = &what
        && !actor.register().units()?.contains(&to.unit)
    {
        return Ok(CaseEntered::UnknownUnit);
    }
    let (kind, possible) = (what.kind(), file.now.possible(actor.role));
    let entered = actor.enter(what);
    let after = match file.now.clone().after(&entered) {
        Ok(after) => after,
        Err(refused) => return Ok(CaseEntered::Refused(refused, possible)),
    };
    // After the rules have said what is wrong; a role that may not at all is told no more.
    if !possible.contains(&kind) {
        return Ok(CaseEntered::Refused(Refused::OutOfOrder { state: Some(file.now.state), kind }, possible));
    }
    let (_, digest) = written(&entered.what)?;
    let entry = kind.code().to_owned();
    let recorded = actor.record(EnterCase { case: number, number: expected_version + 1, entry, digest })?;
    let evidence = if entered.what.evidence().is_empty() { Vec::new() } else { files };
    let beside = Beside { evidence, events: &actor.resources.events };
    let entering = case_entering(recorded, expected_version, &entered, &after, beside)?;
    Ok(match actor.register().enter(entering)? {
        Ok(()) => CaseEntered::Kept,
        Err(NotEntered::Meanwhile) => CaseEntered::Conflict,
        Err(NotEntered::DocumentTaken) => CaseEntered::DocumentTaken,
    })
}
