//! The log's commands: verify it, export it with proofs, check an export.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::Path;

use crypto::keys::note_key::NoteKey;
use crypto::keys::note_text;
use crypto::keys::signature::{Signed, VerificationKey};
use crypto::log::checkpoint::{Checkpoint, Hash, LogEntry, Proof, entry_half, leaf, leaf_disclosed};
use jiff::Timestamp;
use logbook::{Accompanying, ExportedEntry, LogDefect, Logbook, NewEntry, VerifiedLog};
use model::Day;
use opening::NoteSigningKey;
use recorder_protocol::{Ask, LOG_EXPORTED, Refusal};
use serde::{Deserialize, Serialize};

use crate::accounts::RECORDER;
use crate::audit::append::append;
use crate::audit::log_subject::LogSubject;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// Signs the log as it is now and stores the note, for later verification.
pub(crate) fn checkpoint(logbook: &Logbook, key: &NoteSigningKey<note_text::LogKey>) -> Fallible<String> {
    let (size, note) = sign(logbook, key)?;
    Ok(logbook.keep_checkpoint(size, note)?)
}

/// Signs the log as it is now. Signatures are deterministic, so there is only one note for a size and root.
pub(crate) fn sign(logbook: &Logbook, key: &NoteSigningKey<note_text::LogKey>) -> Fallible<(u64, String)> {
    let now = logbook.checkpoint()?;
    Ok((now.size, key.sign_note(&now)?))
}

/// Appends an entry for an export of the log.
pub(crate) fn note_export(logbook: &Logbook) -> Result<(), Refusal> {
    #[allow(clippy::disallowed_methods)]
    let at = Timestamp::now().to_string();
    let (account, action) = (RECORDER.to_owned(), LOG_EXPORTED.to_owned());
    append(logbook, NewEntry { at, account, action, ..NewEntry::default() }, Accompanying::Nothing).map(|_| ())
}

/// Verifies everything: places, leaves, tree, the order of first receipt, signed requests, the checkpoints signed
/// here and those in `held`. An error names the first defect.
pub(crate) fn verify(logbook: &Logbook, key: &NoteKey, held: &[String]) -> Fallible<VerifiedLog> {
    let mut checkpoints = Vec::new();
    for note in logbook.checkpoints()?.iter().chain(held) {
        checkpoints.push(Checkpoint::read(note, key)?);
    }
    let mut people = People::default();
    let found = logbook.verify(&checkpoints, |one| people.see(one))?;
    found.map_err(|wrong| wrong.to_string().into())
}

/// Keys of accounts, as the log's own entries confirmed and revoked them.
#[derive(Default)]
struct People(BTreeMap<String, VerificationKey>);

impl People {
    /// Compares an entry with the signed request and with the reporter's access record.
    fn see(&mut self, one: &ExportedEntry) -> Result<(), LogDefect> {
        let entry = &one.entry()?;
        if let Some(disclosed) = &one.disclosed
            && !says_the_same(&disclosed.text, entry)
        {
            return Err(LogDefect::Disclosed { sequence: entry.sequence });
        }
        if let Some(signed) = &entry.ask {
            let wrong = LogDefect::Signature { sequence: entry.sequence };
            let signed: Signed = serde_json::from_str(signed).map_err(|_| wrong.clone())?;
            let key = self.0.get(&entry.account).ok_or_else(|| wrong.clone())?;
            let ask = Ask::read(&signed, key).map_err(|_| wrong.clone())?;
            let about = LogSubject::of(&ask.action);
            let same = ask.account == entry.account
                && ask.role.code() == entry.role
                && ask.action.code() == entry.action
                && about.subject == entry.subject
                && about.purpose.map(|purpose| purpose.code().to_owned()) == entry.purpose
                && Some(&ask.nonce) == entry.nonce.as_ref();
            if !same {
                return Err(wrong);
            }
        }
        self.change(entry);
        Ok(())
    }

    fn change(&mut self, entry: &LogEntry) {
        let mut words = entry.subject.split(' ');
        match (entry.action.as_str(), words.next(), words.nth(1)) {
            ("confirm-key", Some(account), Some(key)) => {
                if let Ok(key) = VerificationKey::try_from(key.to_owned()) {
                    self.0.insert(account.to_owned(), key);
                }
            }
            ("revoke-key", Some(account), None) => {
                self.0.remove(account);
            }
            _ => {}
        }
    }
}

/// Whether a reporter's access record matches the entry.
fn says_the_same(disclosed: &str, entry: &LogEntry) -> bool {
    let Ok(disclosed) = serde_json::from_str::<serde_json::Value>(disclosed) else { return false };
    let day = entry.at.parse().map(|moment| Day::of(moment).to_string());
    disclosed["role"] == entry.role.as_str()
        && Some(&disclosed["purpose"]) == entry.purpose.clone().map(Into::into).as_ref()
        && day.is_ok_and(|day| disclosed["day"] == day.as_str())
}

/// First line of an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    checkpoint: String,
}

/// A further line: an entry as its leaf covers it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    entry: String,
    salt: String,
    /// The reporter's access record of the entry, if there is one.
    disclosed: Option<Disclosed>,
    proof: Proof,
}

/// The second half of a leaf, with its own salt.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Disclosed {
    record: String,
    salt: String,
}

impl Line {
    fn leaf(&self) -> Result<Hash, hex::FromHexError> {
        let salt = hex::decode(&self.salt)?;
        let Some(disclosed) = &self.disclosed else { return Ok(leaf(&self.entry, &salt)) };
        Ok(leaf_disclosed(entry_half(&self.entry, &salt), &disclosed.record, &hex::decode(&disclosed.salt)?))
    }
}

/// Writes the whole log as JSON Lines: a checkpoint, then each entry with its proof of inclusion at that checkpoint.
/// Returns the number of entries.
pub(crate) fn export(logbook: &Logbook, key: &NoteSigningKey<note_text::LogKey>, to: &mut impl Write) -> Fallible<u64> {
    let note = checkpoint(logbook, key)?;
    let at = Checkpoint::read(&note, &key.public())?;
    writeln!(to, "{}", serde_json::to_string(&Head { checkpoint: note })?)?;
    let mut failed = None;
    let found = logbook.verify(&[at], |one| {
        if failed.is_none() && one.sequence <= at.size {
            failed = line(logbook, one, at.size, to).err();
        }
        Ok(())
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    found.map_err(|wrong| wrong.to_string())?;
    Ok(at.size)
}

fn line(logbook: &Logbook, one: &ExportedEntry, size: u64, to: &mut impl Write) -> Fallible<()> {
    let proof = logbook.prove_entry(one.sequence, size)?;
    let disclosed = one
        .disclosed
        .as_ref()
        .map(|disclosed| Disclosed { record: disclosed.text.clone(), salt: hex::encode(&disclosed.salt) });
    let line = Line { entry: one.text.clone(), salt: hex::encode(&one.salt), disclosed, proof };
    Ok(writeln!(to, "{}", serde_json::to_string(&line)?)?)
}

/// Writes the log's hashes as C2SP tlog-tiles, with their checkpoint, and returns the number of entries. A web server
/// with this folder lets anyone verify proofs, and reveals only the log's length.
pub(crate) fn tiles(logbook: &Logbook, key: &NoteSigningKey<note_text::LogKey>, to: &Path) -> Fallible<u64> {
    let note = checkpoint(logbook, key)?;
    let at = Checkpoint::read(&note, &key.public())?;
    logbook.tiles(at.size, |path, bytes| {
        let place = to.join(path);
        std::fs::create_dir_all(place.parent().unwrap_or(to))?;
        std::fs::write(place, bytes)
    })?;
    // Written last, so that a reader of the checkpoint finds every tile.
    std::fs::write(to.join("checkpoint"), note)?;
    Ok(at.size)
}

/// Checks an export with nothing but the log's public key: the checkpoint's signature, each entry's proof, and that
/// no entry is missing. Returns the number of entries.
pub(crate) fn check(export: impl BufRead, key: &NoteKey) -> Fallible<u64> {
    let mut lines = export.lines();
    let head: Head = serde_json::from_str(&lines.next().ok_or("the export is empty")??)?;
    let at = Checkpoint::read(&head.checkpoint, key)?;
    let mut sequence = 0;
    for text in lines {
        sequence += 1;
        let named = |reason: &dyn std::fmt::Display| format!("entry {sequence}: {reason}");
        let line: Line = serde_json::from_str(&text?).map_err(|error| named(&error))?;
        let entry = LogEntry::parse(&line.entry).map_err(|error| named(&error))?;
        if entry.sequence != sequence {
            return Err(named(&"it is missing or in another place").into());
        }
        let leaf = line.leaf().map_err(|error| named(&error))?;
        at.contains(sequence, leaf, &line.proof).map_err(|error| named(&error))?;
    }
    if sequence == at.size {
        Ok(sequence)
    } else {
        Err(format!("the export breaks off: the checkpoint is of {} entries, and there are {sequence}", at.size).into())
    }
}
