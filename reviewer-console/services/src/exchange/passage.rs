//! What an exchange of bundles needs: the folder, and the keys of both sides.

use std::path::PathBuf;

use bundle::BundleFolder;
use crypto::keys::note_key::NoteKey;
use crypto::keys::note_text::ExchangeKey;
use opening::NoteSigningKey;

/// The folder of bundles, and the keys of both sides.
pub(crate) struct Passage {
    /// A stick's folder, a share, or a folder of this machine.
    pub(crate) folder: BundleFolder,
    /// The portal's key, which signs inward bundles.
    pub(crate) portal_key: NoteKey,
    /// Signs outward bundles.
    pub(crate) key: NoteSigningKey<ExchangeKey>,
    /// The root's note that names that key; every outward bundle carries it.
    pub(crate) year: String,
    /// Where bundles are checked before they are taken in.
    pub(crate) spool: PathBuf,
}
