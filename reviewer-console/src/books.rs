//! What is kept on reports, cases and claims, read only where the recorder has signed that this
//! very thing was recorded: whoever can write the register's file can add nothing to it.

use std::sync::Arc;

use crypto::signature::VerificationKey;
use model::{Day, LetterDigest};
use opening::PostKeys;
use recorder_protocol::{Act, Ask, Attested};
use register::{Register, Series, StoredPaper};
use serde::de::DeserializeOwned;

use crate::fault::Fault;
use crate::papers;
use crate::rules::Rules;

/// The register beside the key and the rules that its papers and dossiers are held against.
#[derive(Clone)]
pub(crate) struct Books {
    pub(crate) register: Register,
    pub(crate) recorder: VerificationKey,
    pub(crate) rules: Arc<Rules>,
}

impl Books {
    /// What was asked for, where the recorder has signed that it was recorded.
    pub(crate) fn attested(&self, attested: &str) -> Result<Ask, Fault> {
        let attested: Attested = serde_json::from_str(attested).map_err(|_| Fault::Unsound)?;
        attested.read(&self.recorder).map_err(|_| Fault::Unsound)
    }

    /// What was recorded for something that is kept, if its author asked for it on its day.
    pub(crate) fn recorded(&self, attested: &str, author: &str, on: Day) -> Result<Act, Fault> {
        let ask = self.attested(attested)?;
        let asked_on = Day::of(ask.at);
        // It may have been begun before midnight.
        let same_day = asked_on == on || asked_on == on.plus_days(1);
        if ask.account == author && same_day { Ok(ask.act) } else { Err(Fault::Unsound) }
    }

    /// Papers of a report in one series, each opened by itself: one that cannot be read, or was
    /// never recorded, is an error in its place. `fits` compares what was recorded with what it says.
    pub(crate) fn papers<T: DeserializeOwned>(
        &self,
        keys: &PostKeys,
        report: u64,
        series: Series,
        fits: impl Fn(&Act, &T) -> Option<Recorded>,
    ) -> Result<Vec<Opened<T>>, Fault> {
        let stored = self.register.papers(report, series)?;
        let opened = stored.into_iter().map(|paper| match self.paper(keys, report, &paper, &fits) {
            // A register that fails is no damage to this paper.
            Err(Fault::Register(error)) => Err(error.into()),
            opened => Ok((paper, opened)),
        });
        opened.collect()
    }

    fn paper<T: DeserializeOwned>(
        &self,
        keys: &PostKeys,
        report: u64,
        paper: &StoredPaper,
        fits: impl Fn(&Act, &T) -> Option<Recorded>,
    ) -> Result<T, Fault> {
        let act = self.recorded(&paper.attested, &paper.author, paper.written_on)?;
        let said: T = papers::open(keys, &paper.sealed)?;
        let recorded = fits(&act, &said).ok_or(Fault::Unsound)?;
        let same = recorded.number == paper.number && recorded.digest == LetterDigest::of(&paper.sealed);
        if same && self.register.is_letter_of(report, recorded.letter)? { Ok(said) } else { Err(Fault::Unsound) }
    }
}

/// A paper as it is kept, and what it says.
pub(crate) type Opened<T> = (StoredPaper, Result<T, Fault>);

/// What the record of a paper names.
pub(crate) struct Recorded {
    /// A letter of its report.
    pub(crate) letter: LetterDigest,
    /// Its place.
    pub(crate) number: u64,
    /// SHA-256 of the sealed paper.
    pub(crate) digest: LetterDigest,
}

/// What is kept beside a paper or an entry.
pub(crate) fn written(attested: &Attested) -> Result<String, Fault> {
    serde_json::to_string(attested).map_err(Fault::inside)
}
