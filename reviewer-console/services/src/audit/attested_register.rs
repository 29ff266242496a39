//! The register, read only where the recorder has signed that this very thing was recorded: somebody able to write to
//! the register's file can add nothing to it.

use std::sync::Arc;

use crypto::keys::signature::VerificationKey;
use model::{Day, Digest, LetterDigest};
use opening::PostKeys;
use recorder_protocol::{AnyAction, Ask, Attested};
use register::{Register, StoredRecord};
use serde::de::DeserializeOwned;

use crate::audit::permissions::{Permits, SealedSeries};
use crate::error::ConsoleError;
use crate::rules::Rules;
use crate::sealed_record;

/// The register beside the key and the rules that what is stored is held against.
#[derive(Clone)]
pub(crate) struct AttestedRegister {
    pub(crate) register: Register,
    pub(crate) recorder: VerificationKey,
    pub(crate) rules: Arc<Rules>,
}

impl AttestedRegister {
    /// What was asked for, where the recorder has signed that it was recorded.
    pub(crate) fn attested(&self, attested: &str) -> Result<Ask, ConsoleError> {
        let attested: Attested = serde_json::from_str(attested).map_err(|_| ConsoleError::Unsound)?;
        attested.read(&self.recorder).map_err(|_| ConsoleError::Unsound)
    }

    /// What was recorded for something that is kept, if its author asked for it on its day.
    pub(crate) fn recorded(&self, attested: &str, author: &str, on: Day) -> Result<AnyAction, ConsoleError> {
        let ask = self.attested(attested)?;
        let asked_on = Day::of(ask.at);
        // It may have been begun before midnight.
        let same_day = asked_on == on || asked_on == on.plus_days(1);
        if ask.account == author && same_day { Ok(ask.action) } else { Err(ConsoleError::Unsound) }
    }

    /// Sealed records of a report of one kind, each opened by itself: one that cannot be read, or was
    /// never recorded, is an error in its place. `fits` compares what was recorded with what it says.
    pub(crate) fn sealed_records<W: SealedSeries, T: DeserializeOwned>(
        &self,
        _permit: &impl Permits<W>,
        keys: &PostKeys,
        report: u64,
        fits: impl Fn(&AnyAction, &T) -> Option<RecordedPlace>,
    ) -> Result<Vec<ReadRecord<T>>, ConsoleError> {
        let stored = self.register.sealed_records(report, W::SERIES)?;
        let opened = stored.into_iter().map(|record| match self.sealed_record(keys, report, &record, &fits) {
            // A register that fails is no damage to this record.
            Err(ConsoleError::Register(error)) => Err(error.into()),
            opened => Ok((record, opened)),
        });
        opened.collect()
    }

    fn sealed_record<T: DeserializeOwned>(
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

/// A sealed record as it is kept, and what it says.
pub(crate) type ReadRecord<T> = (StoredRecord, Result<T, ConsoleError>);

/// What the record of a sealed record names.
pub(crate) struct RecordedPlace {
    /// A letter of its report.
    pub(crate) letter: LetterDigest,
    /// Its place.
    pub(crate) number: u64,
    /// SHA-256 of the sealed record.
    pub(crate) digest: Digest,
}

/// What is kept beside a sealed record or an entry.
pub(crate) fn written(attested: &Attested) -> Result<String, ConsoleError> {
    serde_json::to_string(attested).map_err(ConsoleError::inside)
}
