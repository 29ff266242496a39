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

/// A case.
pub type CaseFile = Ledger<Case, CaseEntry>;

impl AttestedRegister {
    /// A case by its number.
    pub(crate) fn case(&self, permit: &impl Permits<Cases>, number: u64) -> Result<Option<CaseFile>, ConsoleError> {
        self.register.ledger(LedgerKind::Cases, number)?.map(|ledger| self.case_of(permit, ledger)).transpose()
    }

    /// A stored case, replayed.
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

    /// Cases of a list, and how many there are in all.
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

/// What belongs to an entry of a case beside its text.
pub(crate) struct EntryAttachments<'a> {
    /// Its files.
    pub(crate) evidence: Vec<Upload>,
    /// What signs the event that others are told.
    pub(crate) events: &'a EventKey,
}

/// What is entered in a case of `version` entries, once that is recorded, with its files and what others are told of it.
pub(crate) fn case_entering(
    recorded: Recorded<EnterCase>,
    version: u64,
    entered: &SignedEntry<CaseEntry>,
    after: &Case,
    beside: EntryAttachments<'_>,
) -> Result<NewLedgerEntry, ConsoleError> {
    let (deed, attested) = recorded.attested();
    let documents = after.penalties.iter().map(|one| Decision::document_key(&one.decision.document));
    Ok(NewLedgerEntry {
        kind: LedgerKind::Cases,
        ledger: deed.case,
        number: place(deed.number, version)?,
        on: entered.on,
        author: entered.by.clone(),
        entry: checked(&entered.what, deed.digest)?,
        attested: attested_register::written(&attested)?,
        state: after.state.code(),
        unit: after.assignment.as_ref().map(|to| to.unit.clone()),
        documents: documents.collect(),
        resting_on: None,
        evidence: beside.evidence.into_iter().map(Upload::into_digest_and_content).collect(),
        event: Some(beside.events.sign(&CaseEvent::of(deed.case, deed.number, entered, after))?),
        order: OrderChange::None,
    })
}
