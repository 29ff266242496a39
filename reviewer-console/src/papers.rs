//! The post's papers: sealed to the post as soon as they are written, in clear again only with
//! the keys of a session.

use crypto::padded;
use crypto::recipient::HybridRecipient;
use crypto::sealed::seal as sealed_to;
use opening::{HybridIdentity, PostKeys};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// Bytes of every paper before sealing, so that its length says nothing.
const PLAIN: usize = 16 * 1024;

/// Seals a paper to the post.
pub(crate) fn seal(keys: &PostKeys, paper: &impl Serialize) -> Result<Vec<u8>, Fault> {
    seal_to(&keys.post.recipient(), paper)
}

/// The same to somebody else: the custodian; or, for the custodian, the post.
pub(crate) fn seal_to(recipient: &HybridRecipient, paper: &impl Serialize) -> Result<Vec<u8>, Fault> {
    let plain = padded::pad(paper, PLAIN).map_err(Fault::inside)?;
    sealed_to(recipient, &plain).map_err(Fault::inside)
}

/// A paper in clear.
pub(crate) fn open<T: DeserializeOwned>(keys: &PostKeys, sealed: &[u8]) -> Result<T, Fault> {
    open_with(&keys.post, sealed)
}

/// The same with a key of somebody else's.
pub(crate) fn open_with<T: DeserializeOwned>(key: &HybridIdentity, sealed: &[u8]) -> Result<T, Fault> {
    let plain = key.open(sealed, PLAIN).map_err(Fault::inside)?;
    padded::unpad(&plain, PLAIN).map_err(Fault::inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_sealed_to_the_post_in_one_size() {
        let keys = PostKeys::generate("demo.test").expect("keys");
        let longest = "水".repeat(4000);
        let sealed = seal(&keys, &longest).expect("sealed");
        assert_eq!(seal(&keys, &"短").expect("sealed").len(), sealed.len());
        assert_eq!(open::<String>(&keys, &sealed).expect("opened"), longest);
        let other = PostKeys::generate("demo.test").expect("keys");
        assert!(open::<String>(&other, &sealed).is_err());
    }
}
