//! Reading one case.

use model::Role;
use recorder_protocol::{Notice, ReadCase, Recorded};
use register::LedgerKind;

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;

/// The unit whose cases alone this person may see; none for whoever may see all.
pub(crate) fn only_unit(actor: &Actor) -> Result<Option<String>, ConsoleError> {
    match actor.role {
        Role::CaseUnit => actor.session.unit.clone().map(Some).ok_or(ConsoleError::NotFound),
        _ => Ok(None),
    }
}

/// Reads a case that this person may see, which is recorded; what is not theirs looks as if it were not there, and
/// trying is an entry.
pub fn read_case(actor: &Actor, number: u64) -> Result<CaseFile, ConsoleError> {
    let unit = only_unit(actor)?;
    let ledger = actor.register().ledger(LedgerKind::Cases, number)?;
    let Some(ledger) = ledger.filter(|ledger| unit.is_none() || unit == ledger.unit) else {
        if unit.is_some() {
            actor.resources.recorder.notice(&Notice::Refused { account: actor.account().to_owned() })?;
        }
        return Err(ConsoleError::NotFound);
    };
    replay(actor.record(ReadCase { case: ledger.number })?, actor)
}

fn replay(recorded: Recorded<ReadCase>, actor: &Actor) -> Result<CaseFile, ConsoleError> {
    actor.attested().case(&recorded, recorded.action().case)?.ok_or(ConsoleError::NotFound)
}

/// The units that somebody who works here belongs to.
pub fn units(actor: &Actor) -> Result<Vec<String>, ConsoleError> {
    Ok(actor.register().units()?)
}
