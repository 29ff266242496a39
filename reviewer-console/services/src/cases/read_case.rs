//! Reading one case, and the limits of case-unit accounts.

use model::Role;
use recorder_protocol::{Notice, ReadCase, Recorded};
use register::LedgerKind;

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;

/// The unit whose cases alone this account may see; none for a role that may see all cases.
pub(crate) fn only_unit(actor: &Actor) -> Result<Option<String>, ConsoleError> {
    match actor.role {
        Role::CaseUnit => actor.session.unit.clone().map(Some).ok_or(ConsoleError::NotFound),
        _ => Ok(None),
    }
}

/// Reads a case that this account may see, which is recorded. A case of another unit gives [`ConsoleError::NotFound`],
/// like a missing one, and the recorder gets a notice of the attempt.
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

/// The units that at least one open account belongs to.
pub fn units(actor: &Actor) -> Result<Vec<String>, ConsoleError> {
    Ok(actor.register().units()?)
}
