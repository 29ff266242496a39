//! The post's private keys as officers hold them: sealed to each
//! officer's slot identity, in clear only inside a signed-in session.

use std::io;

use crypto::keys::note_text::{NoNotes, StatementKey};
use crypto::sealing::recipient::HybridRecipient;
use crypto::sealing::sealed::seal;
use zeroize::Zeroizing;

use crate::identity::{HybridIdentity, OpenError};
use signing::{NoteKeyError, NoteSigningKey};

/// Bytes before sealing: room for three keys as text, padded with spaces.
const PLAIN: usize = 1024;

/// The keys with which the post opens and signs. No `Debug`.
pub struct PostKeys {
    /// Opens the inner layer of letters, and the post's sealed records.
    pub post: HybridIdentity,
    /// Signs the slots of mailboxes.
    pub signing: NoteSigningKey<NoNotes>,
    /// Signs key statements, which the recorder must sign too, and published results.
    pub statement: NoteSigningKey<StatementKey>,
}

/// Why keys could not be made, sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum PostKeysError {
    /// The keys do not open with this identity.
    #[error("the keys do not open")]
    Open(#[from] OpenError),
    /// The opened content is not of its form.
    #[error("the keys are not of their form")]
    Form,
    /// A key could not be made or read.
    #[error(transparent)]
    Key(#[from] NoteKeyError),
    /// The keys could not be sealed.
    #[error("the keys cannot be sealed")]
    Seal(#[from] io::Error),
}

impl PostKeys {
    /// Makes fresh keys, named after the installation.
    pub fn generate(name: &str) -> Result<Self, PostKeysError> {
        Ok(Self {
            post: HybridIdentity::generate()?,
            signing: NoteSigningKey::generate(&format!("{name}/post"))?,
            statement: NoteSigningKey::generate(&format!("{name}/statement"))?,
        })
    }

    /// Seals the keys to an officer's slot identity.
    pub fn seal(&self, slot: &HybridRecipient) -> Result<Vec<u8>, PostKeysError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(PLAIN));
        for key in [self.post.to_text(), self.signing.to_text(), self.statement.to_text()] {
            plain.extend_from_slice(key.as_bytes());
            plain.push(b'\n');
        }
        if plain.len() > PLAIN {
            return Err(PostKeysError::Form);
        }
        plain.resize(PLAIN, b' ');
        Ok(seal(slot, &plain)?)
    }

    /// Opens the keys with an officer's slot identity.
    pub fn open(slot: &HybridIdentity, sealed: &[u8]) -> Result<Self, PostKeysError> {
        let plain = slot.open(sealed, PLAIN)?;
        let text = std::str::from_utf8(&plain).map_err(|_| PostKeysError::Form)?;
        let mut lines = text.lines();
        let mut next = || lines.next().ok_or(PostKeysError::Form);
        Ok(Self {
            post: HybridIdentity::parse(next()?)?,
            signing: NoteSigningKey::parse(next()?)?,
            statement: NoteSigningKey::parse(next()?)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_open_with_their_slot_alone() {
        let keys = PostKeys::generate("demo.test").expect("keys");
        let (slot, other) = (HybridIdentity::from_seed(&[1; 32]), HybridIdentity::from_seed(&[2; 32]));
        let sealed = keys.seal(&slot.recipient()).expect("sealed");
        let opened = PostKeys::open(&slot, &sealed).expect("opened");
        assert!(opened.post.recipient() == keys.post.recipient());
        assert_eq!(opened.signing.public(), keys.signing.public());
        assert_eq!(opened.statement.public(), keys.statement.public());
        assert!(PostKeys::open(&other, &sealed).is_err());
    }
}
