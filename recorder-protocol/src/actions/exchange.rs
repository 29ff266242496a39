//! Actions of the exchange, and the roles that may request them.

use model::Digest;

use super::action;

action!(
    /// Confirming that the portal was made anew or restored, so that its bundles are taken in again.
    AcceptPortal by [Auditor] {
        /// The portal's new epoch, 16 hexadecimal digits.
        epoch: String,
    }
);

action!(
    /// Replacing the slots of a batch of mailboxes; the answer contains their access lists.
    RenewSlots by [Officer] {
        /// Number of mailboxes in the batch.
        mailboxes: u32,
        /// SHA-256 over their ids, in the order in which they are sent with the request.
        digest: Digest,
        /// The size of the checkpoint at which the access records are to be proved; 0 for none.
        #[serde(default)]
        proved_at: u64,
    }
);
