//! Reads register records and verifies the recorder's signature on each: somebody able to write to the register's file
//! can add no records.

use std::sync::Arc;

use crypto::keys::signature::VerificationKey;
use model::{Day, Digest, LetterDigest};
use opening::PostKeys;
use recorder_protocol::{AnyAction, Ask, Attested};
use register::{Register, StoredRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::audit::permissions::{Permits, SealedSeries};
use crate::error::ConsoleError;
use crate::rules::Rules;
use crate::sealed_record;

/// The register, with the recorder's key and the rules that stored records are checked against.
#[derive(Clone)]
pub(crate) struct AttestedRegister {
    pub(crate) register: Register,
    pub(crate) recorder: VerificationKey,
    pub(crate) rules: Arc<Rules>,
}

impl AttestedRegister {
    /// The request that the recorder has signed as recorded; `Unsound` without a valid signature.
    pub(crate) fn attested(&self, attested: &str) -> Result<Ask, ConsoleError> {
        let attested: Attested = serde_json::from_str(attested).map_err(|_| ConsoleError::Unsound)?;
        attested.read(&self.recorder).map_err(|_| ConsoleError::Unsound)
    }

    /// The action that was recorded for a stored item; `Unsound` unless its author requested it on its day.
    pub(crate) fn recorded(&self, attested: &str, author: &str, on: Day) -> Result<AnyAction, ConsoleError> {
        let ask = self.attested(attested)?;
        let asked_on = Day::of(ask.at);
        // The action may have begun before midnight.
        let same_day = asked_on == on || asked_on == on.plus_days(1);
        if ask.account == author && same_day { Ok(ask.action) } else { Err(ConsoleError::Unsound) }
    }

    /// Sealed records of a report, all of one kind, each opened on its own. A record that cannot be read, or was never
    /// recorded, gives an error in its place. `fits` compares the recorded action with the content.
    pub(crate) fn sealed_records<W: SealedSeries, T: DeserializeOwned + Serialize>(
        &self,
        _permit: &impl Permits<W>,
        keys: &PostKeys,
        report: u64,
        fits: impl Fn(&AnyAction, &T) -> Option<RecordedPlace>,
    ) -> Result<Vec<ReadRecord<T>>, ConsoleError> {
        let stored = self.register.sealed_records(report, W::SERIES)?;
        let opened = stored.into_iter().map(|record| match self.sealed_record(keys, report, &record, &fits) {
            // A failure of the register is not damage to this record, so the whole call fails.
            Err(ConsoleError::Register(error)) => Err(error.into()),
            opened => Ok((record, opened)),
        });
        opened.collect()
    }

    fn sealed_record<T: DeserializeOwned + Serialize>(
        &self,
        keys: &PostKeys,
        report: u64,
        record: &StoredRecord,
        fits: impl Fn(&AnyAction, &T) -> Option<RecordedPlace>,
    ) -> Result<T, ConsoleError> {
        let act = self.recorded(&record.attested, &record.author, record.written_on)?;
        let said: T = sealed_record::open(keys, &record.sealed)?;
        let recorded = fits(&act, &said).ok_or(ConsoleError::Unsound)?;
        let same = recorded.number == record.number && recorded.digest == Digest::of(&record.sealed);
        if same && self.register.is_letter_of(report, recorded.letter)? { Ok(said) } else { Err(ConsoleError::Unsound) }
    }
}

/// A stored sealed record and its content.
pub(crate) type ReadRecord<T> = (StoredRecord, Result<T, ConsoleError>);

/// Values that the recorded action of a sealed record contains.
pub(crate) struct RecordedPlace {
    /// Digest of a letter of the record's report.
    pub(crate) letter: LetterDigest,
    /// Number of the record.
    pub(crate) number: u64,
    /// SHA-256 of the sealed record.
    pub(crate) digest: Digest,
}

/// The signed request and the recorder's receipt as JSON, stored beside a sealed record or an entry.
pub(crate) fn written(attested: &Attested) -> Result<String, ConsoleError> {
    serde_json::to_string(attested).map_err(ConsoleError::inside)
}
