//! Slots: what is recorded before it may be done.

use model::Digest;

use super::action;

action!(
    /// Replacing the slots of a batch of mailboxes; the answer carries their access lists.
    RenewSlots by [Officer] {
        /// How many.
        mailboxes: u32,
        /// SHA-256 over their ids, in the order in which they are sent beside this.
        digest: Digest,
        /// The size of the checkpoint at which the access records are to be proved; 0 for none.
        #[serde(default)]
        proved_at: u64,
    }
);
