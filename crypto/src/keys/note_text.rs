//! Which key signs which texts. Each kind of note belongs to one key, so that no key can be led to sign another's kind.

use crate::keys::manifest::Manifest;
use crate::keys::note_key::NoteKey;
use crate::keys::statement::{Statement, YearKeys};
use crate::log::checkpoint::Checkpoint;
use crate::slots::results::Results;

/// The offline root: a year's keys, and the manifest of a site's files.
pub enum RootKey {}
/// The post's statement key: key statements and published results.
pub enum StatementKey {}
/// The recorder's signing key: it adds its signature to key statements, and signs receipts and access lists.
pub enum RecorderKey {}
/// The log's key: checkpoints.
pub enum LogKey {}
/// The console's exchange key: heads of outward bundles.
pub enum ExchangeKey {}
/// A portal's key: heads of inward bundles.
pub enum PortalKey {}
/// Keys that sign no notes, such as the post's key for slots.
pub enum NoNotes {}

/// A text that is signed as a note.
pub trait NoteText {
    /// The key that signs texts of this kind.
    type Signer;

    /// The text; none if the value cannot be written.
    fn note_text(&self, signer: &NoteKey) -> Option<String>;
}

impl NoteText for YearKeys {
    type Signer = RootKey;

    fn note_text(&self, _: &NoteKey) -> Option<String> {
        Some(self.to_text())
    }
}

impl NoteText for Manifest {
    type Signer = RootKey;

    fn note_text(&self, _: &NoteKey) -> Option<String> {
        Some(self.to_string())
    }
}

impl NoteText for Statement {
    type Signer = StatementKey;

    fn note_text(&self, _: &NoteKey) -> Option<String> {
        Some(self.to_text())
    }
}

impl NoteText for Results {
    type Signer = StatementKey;

    fn note_text(&self, _: &NoteKey) -> Option<String> {
        self.to_text().ok()
    }
}

impl NoteText for Checkpoint {
    type Signer = LogKey;

    fn note_text(&self, signer: &NoteKey) -> Option<String> {
        self.to_text(signer.name()).ok()
    }
}
