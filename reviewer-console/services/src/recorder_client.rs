//! Connections to the recorder: permissions for accounts, and notices of the console itself.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crypto::keys::note_key::NoteKey;
use crypto::keys::signature::VerificationKey;
use crypto::keys::statement::YearKeys;
use crypto::log::checkpoint::Checkpoint;
use jiff::Timestamp;
use recorder_protocol::{Client, ClientError, Notice, RecorderAddress, TimedNotice};
use register::Register;

/// Notices sent in one request.
const BATCH: i64 = 500;

/// Time limit for sending a notice: a recorder that hangs must not keep people from signing in or locking.
const SOON: Duration = Duration::from_secs(3);

/// Address of the recorder, and the keys that it signs with.
pub(crate) struct RecorderClient {
    place: RecorderAddress,
    key: VerificationKey,
    log: NoteKey,
    register: Register,
    /// Held while notices are sent, so that none is sent twice.
    handing: Mutex<()>,
}

impl RecorderClient {
    pub(crate) fn new(place: RecorderAddress, keys: &YearKeys, register: Register) -> Self {
        Self { place, key: keys.recorder.key(), log: keys.log.clone(), register, handing: Mutex::default() }
    }

    /// Connects to the recorder. Queued notices are sent first, since the log keeps their order. Then the recorder must
    /// prove that its log contains everything that was seen of it before. On a log that contradicts itself nothing is
    /// opened or done until an auditor has acknowledged it.
    pub(crate) fn connect(&self) -> Result<Client, ClientError> {
        let mut client = self.connect_to_audit()?;
        let known = self.register.log_held().map_err(|error| stuck(&error))?;
        if let Some(found) = known.contradiction {
            return Err(ClientError::Contradiction(found));
        }
        let held = known.held.map(|note| self.read(&note)).transpose()?;
        match client.checkpoint_after(held.as_ref(), &self.log) {
            Ok((note, now)) => {
                if held.is_none_or(|held| held.size < now.size) {
                    self.register.hold_checkpoint(now.size, note).map_err(|error| stuck(&error))?;
                }
                Ok(client)
            }
            Err(ClientError::Contradiction(found)) => {
                tracing::error!(
                    code = "log.contradiction",
                    "the access log contradicts the held checkpoint; an auditor must acknowledge it"
                );
                self.register.note_contradiction(found.clone()).map_err(|error| stuck(&error))?;
                Err(ClientError::Contradiction(found))
            }
            Err(error) => Err(error),
        }
    }

    /// Connects even if the log contradicts itself: for auditors only, who must be able to read such a log.
    pub(crate) fn connect_to_audit(&self) -> Result<Client, ClientError> {
        let handing = self.handing.lock().unwrap_or_else(PoisonError::into_inner);
        let client = self.hand_over(Client::LONGEST);
        drop(handing);
        client
    }

    /// Verifies and parses a stored checkpoint.
    pub(crate) fn read(&self, note: &str) -> Result<Checkpoint, ClientError> {
        Checkpoint::read(note, &self.log).map_err(|error| {
            tracing::error!(
                code = "log.checkpoint-unreadable",
                "held checkpoint unreadable: {}",
                program::chain(&error)
            );
            ClientError::Mismatch
        })
    }

    /// The key that signs checkpoints of the log.
    pub(crate) fn log(&self) -> &NoteKey {
        &self.log
    }

    /// Sends the recorder a notice. While the recorder is down the notice is queued in the register: signing in and
    /// locking must work, and must still be logged.
    pub(crate) fn notice(&self, notice: &Notice) -> Result<(), database::DatabaseError> {
        // The log orders entries by the recorder's clock; this time only shows that a notice came late.
        #[allow(clippy::disallowed_methods)]
        let at = Timestamp::now();
        let id: [u8; 16] = random::bytes().map_err(|_| database::DatabaseError::Stopped)?;
        let told = TimedNotice { id: hex::encode(id), at, notice: notice.clone() };
        let text = serde_json::to_string(&told).map_err(|_| database::DatabaseError::Corrupt)?;
        self.register.keep_notice(text)?;
        // A thread that is sending notices now will send this one too, or the next one that sends will.
        let Ok(_handing) = self.handing.try_lock() else { return Ok(()) };
        if let Err(error) = self.hand_over(SOON) {
            tracing::warn!(
                code = "recorder.notice-queued",
                "recorder unreachable, notice queued: {}",
                program::chain(&error)
            );
        }
        Ok(())
    }

    /// Connects and sends queued notices. The recorder knows a notice by its id, so one that is sent twice gives no
    /// second entry.
    fn hand_over(&self, patience: Duration) -> Result<Client, ClientError> {
        let mut client = Client::connect_within(&self.place, self.key, patience)?;
        loop {
            let kept = self.register.kept_notices(BATCH).map_err(|error| stuck(&error))?;
            if kept.is_empty() {
                return Ok(client);
            }
            // A notice that does not parse is from another version; it must not hold up the others.
            client.notice(kept.iter().filter_map(|(_, text)| serde_json::from_str(text).ok()).collect())?;
            let rows = kept.into_iter().map(|(row, _)| row).collect();
            self.register.forget_notices(rows).map_err(|error| stuck(&error))?;
        }
    }
}

fn stuck(error: &database::DatabaseError) -> ClientError {
    tracing::error!(code = "register.failed", "register failed: {}", program::chain(error));
    ClientError::Mismatch
}
