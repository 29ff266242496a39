//! What an installation has: its register, its stores, its recorder, its keys and rules.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casework::rules::Retention;
use crypto::keys::note_key::NoteKey;
use crypto::log::witness::WitnessKey;
use crypto::sealing::recipient::HybridRecipient;
use enclosure_store::PartStore;
use letterbox::Letterbox;
use program::Clock;
use register::Register;

use crate::audit::attested_register::AttestedRegister;
use crate::cases::case_events::EventKey;
use crate::exchange::checkpoint_folder::CheckpointFolder;
use crate::intake::clue_key::ClueKey;
use crate::recorder_client::RecorderClient;

/// Everything that use cases share.
pub struct Resources {
    // Stores.
    /// The console's tables.
    pub(crate) register: Register,
    /// The same, read only where the recorder's signature covers it; with the rules.
    pub(crate) attested: AttestedRegister,
    /// Enclosures that were collected.
    pub(crate) enclosures: PartStore,
    /// The portal's letterbox, for the exchange.
    pub(crate) letterbox: Letterbox,

    // The recorder, and those who watch its log.
    pub(crate) recorder: RecorderClient,
    /// The witnesses that the root has signed for.
    pub(crate) witnesses: Arc<[WitnessKey]>,
    /// Where a witness reads and writes; none without a witness.
    pub(crate) checkpoint_folder: Option<CheckpointFolder>,

    // Keys.
    /// The root's verification key.
    pub(crate) root_key: NoteKey,
    /// The statement key that the root has signed for: proves the post's keys of an account.
    pub(crate) statement_key: NoteKey,
    /// Whom identity envelopes are sealed to.
    pub(crate) custodian: HybridRecipient,
    /// Signs the events that other systems are told.
    pub(crate) events: EventKey,
    /// From which the mailboxes of clues follow.
    pub(crate) clue_key: ClueKey,
    pub(crate) taking_clues: Mutex<()>,

    // Rules and time.
    /// How long what is kept.
    pub(crate) retention: Retention,
    /// Tells the day.
    pub clock: Clock,
}

impl Resources {
    /// The rules of the installation.
    #[must_use]
    pub fn rules(&self) -> &crate::rules::Rules {
        &self.attested.rules
    }

    /// Clues are taken in one file or event after the other: whether one is the first of its report depends on those
    /// before.
    pub(crate) fn clue_turn(&self) -> MutexGuard<'_, ()> {
        self.taking_clues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
