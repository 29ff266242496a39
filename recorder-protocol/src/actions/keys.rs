//! Keys of the post: what is recorded before it may be done.

use model::Digest;

use super::action;

action!(
    /// Handing the post's keys to another officer.
    GrantKeys by [Officer] {
        /// To whom.
        account: String,
        /// The recipient that they are sealed to, as SHA-256.
        recipient: Digest,
    }
);

action!(
    /// Signing a key statement with the post's statement key.
    SignStatement by [Officer] {
        /// Its serial.
        serial: u64,
    }
);
