//! Actions on clues, and the roles that may request them.

use model::Digest;

use super::action;

action!(
    /// Taking in a file of clues.
    ImportClues by [Officer] {
        /// Number of clues in the file.
        clues: u32,
        /// SHA-256 of the file.
        digest: Digest,
    }
);
