//! A case as the rules see it, read from the register by replaying its entries.

use casework::cases::{Case, CaseEntry, Decision};
use casework::signed_entry::SignedEntry;
use recorder_protocol::{AnyAction, EnterCase, Recorded};
use register::{LedgerFilter, LedgerKind, NewLedgerEntry, OrderChange, StoredLedger};

use crate::audit::attested_register::{self, AttestedRegister};
use crate::audit::permissions::{Cases, Permits};
use crate::cases::case_events::{CaseEvent, EventKey};
use crate::error::ConsoleError;
use crate::ledger::{Ledger, ReadLedgers, checked, place, readable};
use crate::uploads::Upload;

/// Ledger of a case: its entries and the state that they give.
pub type CaseFile = Ledger<Case, CaseEntry>;

impl AttestedRegister {
    /// Reads a case by its number; none if it does not exist.
    pub(crate) fn case(&self, permit: &impl Permits<Cases>, number: u64) -> Result<Option<CaseFile>, ConsoleError> {
        self.register.ledger(LedgerKind::Cases, number)?.map(|ledger| self.case_of(permit, ledger)).transpose()
    }

    /// Verifies the entries of a stored case and replays them.
    pub(crate) fn case_of(
        &self,
        _permit: &impl Permits<Cases>,
        ledger: StoredLedger,
    ) -> Result<CaseFile, ConsoleError> {
        let case = ledger.number;
        let entries = self.entered(ledger, |number, what: &CaseEntry, digest| {
            AnyAction::EnterCase(EnterCase { case, number, entry: what.kind().code().to_owned(), digest })
        })?;
        Ok(Ledger { number: case, now: Case::replay(&entries).map_err(ConsoleError::inside)?, entries })
    }

    /// A page of cases, numbered from 0, newest first unless the filter says otherwise, and how many there are in all.
    pub(crate) fn cases(
        &self,
        permit: &impl Permits<Cases>,
        filter: &LedgerFilter,
        page: u32,
        size: u32,
    ) -> Result<(ReadLedgers<CaseFile>, u64), ConsoleError> {
        let (found, count) = self.register.ledgers(LedgerKind::Cases, filter, page, size)?;
        Ok((readable(found, |one| self.case_of(permit, one)), count))
    }
}

/// Parts of a case entry beside its text.
pub(crate) struct EntryAttachments<'a> {
    pub(crate) evidence: Vec<Upload>,
    /// Signs the event for other systems.
    pub(crate) events: &'a EventKey,
}

/// Builds the ledger entry of a recorded case entry, with its files and its event for other systems. The case had
/// `version` entries before.
pub(crate) fn case_entering(
    recorded: Recorded<EnterCase>,
    version: u64,
    entered: &SignedEntry<CaseEntry>,
    after: &Case,
    beside: EntryAttachments<'_>,
) -> Result<NewLedgerEntry, ConsoleError> {
    let (action, attested) = recorded.attested();
    let documents = after.penalties.iter().map(|one| Decision::document_key(&one.decision.document));
    Ok(NewLedgerEntry {
        kind: LedgerKind::Cases,
        ledger: action.case,
        number: place(action.number, version)?,
        on: entered.on,
        author: entered.by.clone(),
        entry: checked(&entered.what, action.digest)?,
        attested: attested_register::written(&attested)?,
        state: after.state.code(),
        unit: after.assignment.as_ref().map(|to| to.unit.clone()),
        documents: documents.collect(),
        resting_on: None,
        evidence: beside.evidence.into_iter().map(Upload::into_digest_and_content).collect(),
        event: Some(beside.events.sign(&CaseEvent::of(action.case, action.number, entered, after))?),
        order: OrderChange::None,
    })
}
