//! Resources of an installation: register, stores, recorder, keys and rules.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casework::rules::Retention;
use crypto::keys::note_key::NoteKey;
use crypto::log::witness::WitnessKey;
use crypto::sealing::recipient::HybridRecipient;
use enclosure_store::PartStore;
use program::Clock;
use register::Register;

use crate::audit::attested_register::AttestedRegister;
use crate::cases::case_events::EventKey;
use crate::exchange::checkpoint_folder::CheckpointFolder;
use crate::exchange::passage::Passage;
use crate::intake::clue_key::ClueKey;
use crate::intake::journal::Journal;
use crate::recorder_client::RecorderClient;

/// Resources that all use cases share.
pub struct Resources {
    // Stores.
    pub(crate) register: Register,
    /// Reads from the register only what the recorder's signature covers; holds the rules too.
    pub(crate) attested: AttestedRegister,
    /// Enclosures that were collected from the portal.
    pub(crate) enclosures: PartStore,
    /// The folder of bundles, and the keys of both sides.
    pub(crate) passage: Passage,

    /// Letters once more, on another disk.
    pub(crate) journal: Journal,

    // The recorder, and the witnesses of its log.
    pub(crate) recorder: RecorderClient,
    /// Keys of the witnesses that the root has signed.
    pub(crate) witnesses: Arc<[WitnessKey]>,
    /// The folder shared with a witness; none without a witness.
    pub(crate) checkpoint_folder: Option<CheckpointFolder>,

    // Keys.
    /// The root's verification key.
    pub(crate) root_key: NoteKey,
    /// The statement key that the root has signed. It proves the post keys of an account.
    pub(crate) statement_key: NoteKey,
    /// The custodian's public key, to which identity envelopes are sealed.
    pub(crate) custodian: HybridRecipient,
    /// Signs the events for other systems.
    pub(crate) events: EventKey,
    /// The secret from which the mailboxes of clues are derived.
    pub(crate) clue_key: ClueKey,
    pub(crate) taking_clues: Mutex<()>,
    pub(crate) crossing_sheets: Mutex<()>,

    // Rules and time.
    /// Retention periods of decided reports.
    pub(crate) retention: Retention,
    /// Clock of the installation; gives the day in Asia/Shanghai.
    pub clock: Clock,
}

impl Resources {
    /// Dated rules of the installation: rewards, procedure and calendar.
    #[must_use]
    pub fn rules(&self) -> &crate::rules::Rules {
        &self.attested.rules
    }

    /// Locks the intake of clues: whether a clue is the first of its report depends on the clues before it.
    pub(crate) fn clue_turn(&self) -> MutexGuard<'_, ()> {
        self.taking_clues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the crossing of fact sheets and their becoming cases: who lets an urgent sheet cross is told which cases
    /// were opened with it, and a colleague's of the same moment is not one of them.
    pub(crate) fn sheet_turn(&self) -> SheetTurn<'_> {
        SheetTurn(self.crossing_sheets.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The turn of one crossing, which ends when this is dropped.
pub(crate) struct SheetTurn<'a>(#[expect(dead_code, reason = "held, not read")] MutexGuard<'a, ()>);
