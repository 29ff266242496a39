//! Ledgers: a case or a claim is what its entries, replayed in order, lead to. Entries are never altered, and entered
//! only with the recorder's permission.

use casework::signed_entry::SignedEntry;
use model::Digest;
use recorder_protocol::AnyAction;
use register::{StoredLedger, StoredLedgerEntry};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::audit::attested_register::AttestedRegister;
use crate::error::ConsoleError;

/// A case or a claim with what its entries lead to.
pub struct Ledger<Now, Entry> {
    /// Its number.
    pub number: u64,
    /// Its state.
    pub now: Now,
    /// Its entries, oldest first.
    pub entries: Vec<SignedEntry<Entry>>,
}

impl<Now, Entry> Ledger<Now, Entry> {
    /// How many entries it has: what a later request expects it still to have.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.entries.len() as u64
    }
}

impl AttestedRegister {
    /// The entries of a ledger, each as it was recorded: `act` is what its record must say.
    pub(crate) fn entered<T: DeserializeOwned>(
        &self,
        ledger: StoredLedger,
        act: impl Fn(u64, &T, Digest) -> AnyAction,
    ) -> Result<Vec<SignedEntry<T>>, ConsoleError> {
        let one = |(stored, number): (StoredLedgerEntry, u64)| {
            let what: T = serde_json::from_str(&stored.entry).map_err(ConsoleError::inside)?;
            let recorded = self.recorded(&stored.attested, &stored.author, stored.on)?;
            if recorded != act(number, &what, Digest::of(stored.entry.as_bytes())) {
                return Err(ConsoleError::Unsound);
            }
            Ok(SignedEntry { by: stored.author, on: stored.on, what })
        };
        ledger.entries.into_iter().zip(1..).map(one).collect()
    }
}

/// Ledgers for a list: those that can be read, and the numbers of those that cannot. One that is damaged must not take
/// the others from the list.
pub struct ReadLedgers<File> {
    /// Those that can be read.
    pub files: Vec<File>,
    /// The numbers of the others.
    pub unreadable: Vec<u64>,
}

/// Replays each ledger of a list by itself.
pub(crate) fn readable<File>(
    found: Vec<StoredLedger>,
    replay: impl Fn(StoredLedger) -> Result<File, ConsoleError>,
) -> ReadLedgers<File> {
    let mut readable = ReadLedgers { files: Vec::new(), unreadable: Vec::new() };
    for ledger in found {
        let number = ledger.number;
        match replay(ledger) {
            Ok(file) => readable.files.push(file),
            Err(error) => {
                tracing::error!(
                    code = "ledger.unverifiable",
                    "ledger {number} skipped, its record cannot be verified: {}",
                    program::chain(&error)
                );
                readable.unreadable.push(number);
            }
        }
    }
    readable
}

/// An entry as it is kept, and the digest by which its record in the log names it.
pub(crate) fn written(entry: &impl Serialize) -> Result<(String, Digest), ConsoleError> {
    let text = serde_json::to_string(entry).map_err(ConsoleError::inside)?;
    let digest = Digest::of(text.as_bytes());
    Ok((text, digest))
}

/// The place that was recorded, if it is the one after `version` entries.
pub(crate) fn place(recorded: u64, version: u64) -> Result<u64, ConsoleError> {
    if recorded == version + 1 { Ok(recorded) } else { Err(ConsoleError::NotUnderstood) }
}

/// The entry's text, if it is the one that was recorded.
pub(crate) fn checked(entry: &impl Serialize, recorded: Digest) -> Result<String, ConsoleError> {
    let (text, digest) = written(entry)?;
    if digest == recorded { Ok(text) } else { Err(ConsoleError::NotUnderstood) }
}
