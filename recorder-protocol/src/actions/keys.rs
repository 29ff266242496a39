//! Actions on the post's keys, and the roles that may request them.

use model::Digest;

use super::action;

action!(
    /// Granting the post's keys to another officer.
    GrantKeys by [Officer] {
        /// Name of the officer's account.
        account: String,
        /// SHA-256 of the recipient that they are sealed to.
        recipient: Digest,
    }
);

action!(
    /// Signing a key statement with the post's statement key.
    SignStatement by [Officer] {
        /// Serial of the signed statement.
        serial: u64,
    }
);
