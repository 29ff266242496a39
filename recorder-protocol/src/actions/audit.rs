//! Actions on the access log and the roster, and the roles that may request them.

use crypto::keys::signature::VerificationKey;
use model::{Digest, Role};

use crate::filter::LogFilter;

use super::action;

action!(
    /// Continuing although the log contradicts the checkpoint that the console held.
    AcknowledgeLog by [Auditor] {
        /// SHA-256 of the checkpoint that was held.
        held: Digest,
        /// SHA-256 of the checkpoint that contradicts it, and is held from now on.
        found: Digest,
    }
);

action!(
    /// Reading a page of the access log; the answer contains it.
    ReadLog by [Auditor] {
        /// The entries to be read.
        filter: LogFilter,
    }
);

action!(
    /// Exporting entries of the access log as a file; the answer contains them.
    ExportLog by [Auditor] {
        /// The entries to be exported.
        filter: LogFilter,
    }
);

action!(
    /// Reading the roster; the answer contains it.
    ReadRoster by [Auditor] {}
);

action!(
    /// Confirming that a key belongs to an account; from then on the recorder accepts it.
    ConfirmKey by [Auditor] {
        /// Name of the account whose key is confirmed.
        account: String,
        /// The roles that it may act in.
        roles: Vec<Role>,
        /// The confirmed verification key.
        key: VerificationKey,
    }
);

action!(
    /// Revoking an account's key: the recorder accepts nothing more from it.
    RevokeKey by [Auditor] {
        /// Name of the account whose key is revoked.
        account: String,
    }
);
