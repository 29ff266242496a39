//! Sealed records of the post: sealed as soon as they are written, and opened only with the keys of a session.

use crypto::sealing::padded;
use crypto::sealing::recipient::HybridRecipient;
use crypto::sealing::sealed::seal as sealed_to;
use opening::{HybridIdentity, PostKeys};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ConsoleError;

/// Bytes of every record before sealing, so that its length reveals nothing.
const PLAIN: usize = 16 * 1024;

/// Seals a record to the post.
pub(crate) fn seal(keys: &PostKeys, record: &impl Serialize) -> Result<Vec<u8>, ConsoleError> {
    seal_to(&keys.post.recipient(), record)
}

/// Seals a record to another recipient: a request to the custodian, or the custodian's answer to the post.
pub(crate) fn seal_to(recipient: &HybridRecipient, record: &impl Serialize) -> Result<Vec<u8>, ConsoleError> {
    let plain = padded::pad(record, PLAIN).map_err(ConsoleError::inside)?;
    sealed_to(recipient, &plain).map_err(ConsoleError::inside)
}

/// Opens a record that was sealed to the post.
pub(crate) fn open<T: DeserializeOwned + Serialize>(keys: &PostKeys, sealed: &[u8]) -> Result<T, ConsoleError> {
    open_with(&keys.post, sealed)
}

/// Opens a record that was sealed to another key than the post's.
pub(crate) fn open_with<T: DeserializeOwned + Serialize>(
    key: &HybridIdentity,
    sealed: &[u8],
) -> Result<T, ConsoleError> {
    let plain = key.open(sealed, PLAIN).map_err(ConsoleError::inside)?;
    padded::unpad(&plain, PLAIN).map_err(ConsoleError::inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_sealed_to_the_post_in_one_size() {
        let keys = PostKeys::generate("demo.test").expect("keys");
        let longest = "水".repeat(4000);
        let sealed = seal(&keys, &longest).expect("sealed");
        assert_eq!(seal(&keys, &"短").expect("sealed").len(), sealed.len());
        assert_eq!(open::<String>(&keys, &sealed).expect("opened"), longest);
        let other = PostKeys::generate("demo.test").expect("keys");
        assert!(open::<String>(&other, &sealed).is_err());
    }
}
