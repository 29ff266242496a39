//! The access log and the keys that it is signed with: what is recorded before it may be done.

use crypto::keys::signature::VerificationKey;
use model::{Digest, Role};

use crate::filter::LogFilter;

use super::action;

action!(
    /// Going on although the log contradicts the checkpoint that the console held.
    AcknowledgeLog by [Auditor] {
        /// SHA-256 of the checkpoint that was held.
        held: Digest,
        /// SHA-256 of the one that contradicts it, and is held from now on.
        found: Digest,
    }
);

action!(
    /// Reading a page of the access log; the answer carries it.
    ReadLog by [Auditor] {
        /// Which entries.
        filter: LogFilter,
    }
);

action!(
    /// Taking entries of the access log out as a file; the answer carries them.
    ExportLog by [Auditor] {
        /// Which entries.
        filter: LogFilter,
    }
);

action!(
    /// Reading who may ask; the answer carries it.
    ReadRoster by [Auditor] {}
);

action!(
    /// Confirming that a key is this person's; from then on the recorder takes it.
    ConfirmKey by [Auditor] {
        /// The account.
        account: String,
        /// The roles that it may act in.
        roles: Vec<Role>,
        /// The key.
        key: VerificationKey,
    }
);

action!(
    /// Ending a key: nothing more is taken from it.
    RevokeKey by [Auditor] {
        /// The account.
        account: String,
    }
);
