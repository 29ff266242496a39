//! The secret from which the mailboxes of clues are derived. Nobody is given their receipt codes.

use std::path::Path;

use crypto::keys::note_text::NoNotes;
use crypto::letters::receipt::ReceiptCode;
use hkdf::Hkdf;
use model::Day;
use opening::reporter::Reporter;
use opening::{KeyFolder, KeyFolderError};
use sha2::Sha256;
use zeroize::Zeroizing;

const FILE: &str = "clues.key";

/// 256 secret bits. No `Debug`; cleared when dropped.
pub(crate) struct ClueKey(Zeroizing<[u8; 32]>);

impl ClueKey {
    /// Reads the secret from the console's folder, or makes it.
    pub(crate) fn of(folder: &Path) -> Result<Self, KeyFolderError> {
        let key = KeyFolder::open(folder).signing_or_new::<NoNotes>(FILE, "clues")?;
        Ok(Self(Zeroizing::new(*key.signing_key().as_bytes())))
    }

    /// The reporter for clues of one feed about one subject on one day.
    pub(crate) fn reporter(&self, feed: &str, subject: &str, day: Day) -> Reporter {
        let mut code = Zeroizing::new([0; 16]);
        let about = serde_json::to_vec(&(feed, subject, day)).unwrap_or_default();
        let derived = Hkdf::<Sha256>::new(Some(b"qingniao/clues/v1"), self.0.as_slice());
        // HKDF always yields 16 bytes, so there is no error to handle.
        let _ = derived.expand(&about, code.as_mut_slice());
        Reporter::new(ReceiptCode::from_random(*code))
    }
}
