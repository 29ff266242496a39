//! Clues: what is recorded before it may be done.

use model::Digest;

use super::action;

action!(
    /// Taking in a file of clues.
    ImportClues by [Officer] {
        /// How many.
        clues: u32,
        /// SHA-256 of the file.
        digest: Digest,
    }
);
