//! What a reporter can verify of the access list in a slot of the post: the list itself, the checkpoint that a witness
//! has cosigned, and the proofs of the records. The browser verifies by the same rules.

use jiff::Timestamp;
use model::Day;

use crate::keys::note_key::NoteKey;
use crate::keys::signature::{BadSignature, VerificationKey};
use crate::log::access_list::{AccessList, AccessRecord};
use crate::log::checkpoint::{BadProof, Checkpoint};
use crate::log::witness::{WitnessKey, read_cosigned_at};
use crate::slots::slot::PostSlot;

/// Most days by which a cosignature may be later than its slot. The post has it before it makes the slot, but clocks
/// differ. A later time would make an old checkpoint look new for ever.
pub const LATE_DAYS: u16 = 2;
/// A cosignature that is older than its slot by more days than this is shown with a warning: newer records may be
/// missing from the log that the witness saw.
pub const OLD_DAYS: u16 = 14;

/// What can be verified of the access list in a slot.
pub struct Access {
    /// The list, if the recorder has signed it for this mailbox without a gap.
    pub list: Result<AccessList, BadSignature>,
    /// The checkpoint.
    pub witnessed: WitnessedLog,
    /// The state of each record's proof, in the order of the list.
    pub proofs: Vec<ProofState>,
}

/// The state of the checkpoint in a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WitnessedLog {
    /// There is none, or none that a witness of this year has cosigned.
    None,
    /// The log has not signed it, it is not of its form, or its cosignature has a time that cannot be.
    Wrong,
    /// The log has signed and a witness has cosigned it.
    Cosigned {
        /// The checkpoint.
        checkpoint: Checkpoint,
        /// The time of the newest cosignature, in seconds since 1970.
        time: u64,
        /// Whether that is more than [`OLD_DAYS`] before the slot's day.
        old: bool,
    },
}

/// The state of a record's proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofState {
    /// The log at the checkpoint contains the record.
    Proved,
    /// There is no proof of it, or no checkpoint.
    None,
    /// The proof does not lead to the checkpoint.
    Wrong,
}

impl Access {
    /// Verifies the list, the checkpoint and the proofs in a slot.
    #[must_use]
    pub fn of(slot: &PostSlot, recorder: &VerificationKey, log: &NoteKey, witnesses: &[WitnessKey]) -> Self {
        let list = AccessList::read(&slot.access, &slot.mailbox, recorder);
        let seen = WitnessedLog::of(slot, log, witnesses);
        let records = list.as_ref().map_or(&[][..], |list| &list.records);
        let proofs = records.iter().map(|record| ProofState::of(record, slot, &seen)).collect();
        Self { list, witnessed: seen, proofs }
    }
}

impl WitnessedLog {
    fn of(slot: &PostSlot, log: &NoteKey, witnesses: &[WitnessKey]) -> Self {
        let Some(claimed) = &slot.witnessed else { return Self::None };
        let (checkpoint, time) = match read_cosigned_at(&claimed.checkpoint, log, witnesses) {
            Ok(cosigned) => cosigned,
            // Witnesses change when the root signs a new year's keys: no reason for alarm.
            Err(BadProof::Unwitnessed) => return Self::None,
            Err(_) => return Self::Wrong,
        };
        match i64::try_from(time).map(Timestamp::from_second) {
            Ok(Ok(moment)) if Day::of(moment) <= slot.day.plus_days(LATE_DAYS) => {
                let old = Day::of(moment) < slot.day.minus_days(OLD_DAYS);
                Self::Cosigned { checkpoint, time, old }
            }
            _ => Self::Wrong,
        }
    }
}

impl ProofState {
    fn of(record: &AccessRecord, slot: &PostSlot, seen: &WitnessedLog) -> Self {
        let proofs = slot.witnessed.as_ref().map_or(&[][..], |claimed| &claimed.proofs);
        let Some(proof) = proofs.iter().find(|proof| proof.number == record.number) else { return Self::None };
        match seen {
            WitnessedLog::None => Self::None,
            WitnessedLog::Cosigned { checkpoint, .. } if proof.check(checkpoint, &slot.mailbox, record).is_ok() => {
                Self::Proved
            }
            _ => Self::Wrong,
        }
    }
}
