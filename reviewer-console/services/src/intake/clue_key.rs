//! The secret from which the mailboxes of clues follow: nobody is given their receipt codes.

use std::path::Path;

use crypto::letters::receipt::ReceiptCode;
use hkdf::Hkdf;
use model::Day;
use opening::reporter::Reporter;
use opening::{KeyFolder, KeyFolderError};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Its file.
const FILE: &str = "clues.key";

/// The secret. No `Debug`; cleared when dropped.
pub(crate) struct ClueKey(Zeroizing<[u8; 32]>);

impl ClueKey {
    /// Reads the secret of a console's folder, or makes it.
    pub(crate) fn of(folder: &Path) -> Result<Self, KeyFolderError> {
        let key = KeyFolder::open(folder).signing_or_new(FILE, "clues")?;
        Ok(Self(Zeroizing::new(*key.signing_key().as_bytes())))
    }

    /// The sender of what one feed tells of one subject on one day.
    pub(crate) fn reporter(&self, feed: &str, subject: &str, day: Day) -> Reporter {
        let mut code = Zeroizing::new([0; 16]);
        let about = serde_json::to_vec(&(feed, subject, day)).unwrap_or_default();
        let derived = Hkdf::<Sha256>::new(Some(b"qingniao/clues/v1"), self.0.as_slice());
        // Unwrap-free: 16 bytes are always within what HKDF gives.
        let _ = derived.expand(&about, code.as_mut_slice());
        Reporter::new(ReceiptCode::from_random(*code))
    }
}
