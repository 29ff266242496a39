//! Ledgers: the state of a case or a claim follows from replaying its entries in order. Entries are never altered, and
//! are added only with the recorder's permission.

use casework::signed_entry::SignedEntry;
use model::Digest;
use recorder_protocol::AnyAction;
use register::{StoredLedger, StoredLedgerEntry};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::audit::attested_register::AttestedRegister;
use crate::error::ConsoleError;

/// A case or a claim: its entries, and the state that they give.
pub struct Ledger<Now, Entry> {
    /// Number of the case or claim.
    pub number: u64,
    /// State after the last entry.
    pub now: Now,
    /// All entries, oldest first.
    pub entries: Vec<SignedEntry<Entry>>,
}

impl<Now, Entry> Ledger<Now, Entry> {
    /// Number of entries. A later request expects this number, so that an entry in between is noticed.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.entries.len() as u64
    }
}

impl AttestedRegister {
    /// Verifies and parses the entries of a ledger. `act` gives the action that the record of an entry must contain.
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

/// Ledgers of a list: those that can be read, and the numbers of those that cannot. A damaged ledger must not hide the
/// others.
pub struct ReadLedgers<File> {
    /// Ledgers that were verified and replayed.
    pub files: Vec<File>,
    /// Numbers of ledgers that cannot be read or verified.
    pub unreadable: Vec<u64>,
}

/// Replays each ledger of a list on its own; failures are logged.
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

/// An entry as stored JSON, and the digest that its record in the log contains.
pub(crate) fn written(entry: &impl Serialize) -> Result<(String, Digest), ConsoleError> {
    let text = serde_json::to_string(entry).map_err(ConsoleError::inside)?;
    let digest = Digest::of(text.as_bytes());
    Ok((text, digest))
}

/// The recorded number of an entry, if it is the next one after `version` entries.
pub(crate) fn place(recorded: u64, version: u64) -> Result<u64, ConsoleError> {
    if recorded == version + 1 { Ok(recorded) } else { Err(ConsoleError::NotUnderstood) }
}

/// The entry's JSON, if its digest is the recorded one.
pub(crate) fn checked(entry: &impl Serialize, recorded: Digest) -> Result<String, ConsoleError> {
    let (text, digest) = written(entry)?;
    if digest == recorded { Ok(text) } else { Err(ConsoleError::NotUnderstood) }
}
