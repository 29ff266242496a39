//! Dossiers as the rules see them: read from the register by replaying their entries, entered only
//! with the recorder's permission. Cases are here, claims in [`claims`](crate::claims).

use casework::case::{self, Case, Decision};
use casework::entered::Entered;
use model::LetterDigest;
use recorder_protocol::{Act, EnterCase, Recorded};
use register::{Dossier, Dossiers, Entering, OrderChange, StoredEntry};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::books::{self, Books};
use crate::events::{CaseEvent, EventKey};
use crate::fault::Fault;

/// A dossier with what its entries lead to.
pub(crate) struct File<Now, Entry> {
    pub(crate) number: u64,
    pub(crate) now: Now,
    /// Its entries, oldest first.
    pub(crate) entries: Vec<Entered<Entry>>,
}

/// A case.
pub(crate) type CaseFile = File<Case, case::Entry>;

impl<Now, Entry> File<Now, Entry> {
    /// How many entries were seen.
    pub(crate) fn seen(&self) -> u64 {
        self.entries.len() as u64
    }
}

impl Books {
    /// A case by its number.
    pub(crate) fn case(&self, number: u64) -> Result<Option<CaseFile>, Fault> {
        self.register.dossier(Dossiers::Cases, number)?.map(|dossier| self.case_of(dossier)).transpose()
    }

    /// A stored case, replayed.
    pub(crate) fn case_of(&self, dossier: Dossier) -> Result<CaseFile, Fault> {
        let case = dossier.number;
        let entries = self.entered(dossier, |number, what: &case::Entry, digest| {
            Act::EnterCase(EnterCase { case, number, entry: what.kind().code().to_owned(), digest })
        })?;
        Ok(File { number: case, now: Case::replay(&entries).map_err(Fault::inside)?, entries })
    }

    /// The entries of a dossier, each as it was recorded: `act` is what its record must say.
    pub(crate) fn entered<T: DeserializeOwned>(
        &self,
        dossier: Dossier,
        act: impl Fn(u64, &T, LetterDigest) -> Act,
    ) -> Result<Vec<Entered<T>>, Fault> {
        let one = |(stored, number): (StoredEntry, u64)| {
            let what: T = serde_json::from_str(&stored.entry).map_err(Fault::inside)?;
            let recorded = self.recorded(&stored.attested, &stored.author, stored.on)?;
            if recorded != act(number, &what, LetterDigest::of(stored.entry.as_bytes())) {
                return Err(Fault::Unsound);
            }
            Ok(Entered { by: stored.author, on: stored.on, what })
        };
        dossier.entries.into_iter().zip(1..).map(one).collect()
    }
}

/// Dossiers for a list: those that can be read, and the numbers of those that cannot. One that is
/// damaged must not take the others from the list.
pub(crate) struct Readable<File> {
    pub(crate) files: Vec<File>,
    pub(crate) unreadable: Vec<u64>,
}

/// Replays each dossier of a list by itself.
pub(crate) fn readable<File>(found: Vec<Dossier>, replay: impl Fn(Dossier) -> Result<File, Fault>) -> Readable<File> {
    let mut readable = Readable { files: Vec::new(), unreadable: Vec::new() };
    for dossier in found {
        let number = dossier.number;
        match replay(dossier) {
            Ok(file) => readable.files.push(file),
            Err(error) => {
                tracing::error!("dossier {number} cannot be read: {}", program::chain(&error));
                readable.unreadable.push(number);
            }
        }
    }
    readable
}

/// An entry as it is kept, and the digest by which its record in the log names it.
pub(crate) fn written(entry: &impl Serialize) -> Result<(String, LetterDigest), Fault> {
    let text = serde_json::to_string(entry).map_err(Fault::inside)?;
    let digest = LetterDigest::of(text.as_bytes());
    Ok((text, digest))
}

/// What is entered in a case, once that is recorded, with its files and what others are told of it.
pub(crate) fn case_entering(
    recorded: Recorded<EnterCase>,
    seen: u64,
    entered: &Entered<case::Entry>,
    after: &Case,
    (evidence, events): (Vec<(String, Vec<u8>)>, &EventKey),
) -> Result<Entering, Fault> {
    let (deed, attested) = recorded.attested();
    let documents = after.penalties.iter().map(|one| Decision::document_key(&one.decision.document));
    Ok(Entering {
        series: Dossiers::Cases,
        dossier: deed.case,
        number: place(deed.number, seen)?,
        on: entered.on,
        author: entered.by.clone(),
        entry: checked(&entered.what, deed.digest)?,
        attested: books::written(&attested)?,
        state: after.state.code(),
        unit: after.assignment.as_ref().map(|to| to.unit.clone()),
        documents: documents.collect(),
        resting_on: None,
        evidence,
        event: Some(events.sign(&CaseEvent::of((deed.case, deed.number), entered, after))?),
        order: OrderChange::None,
    })
}

/// The place that was recorded, if it is the next one.
pub(crate) fn place(recorded: u64, seen: u64) -> Result<u64, Fault> {
    if recorded == seen + 1 { Ok(recorded) } else { Err(Fault::NotUnderstood) }
}

/// The entry's text, if it is the one that was recorded.
pub(crate) fn checked(entry: &impl Serialize, recorded: LetterDigest) -> Result<String, Fault> {
    let (text, digest) = written(entry)?;
    if digest == recorded { Ok(text) } else { Err(Fault::NotUnderstood) }
}
