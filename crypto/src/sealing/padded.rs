//! JSON padded with spaces to a fixed size, so that the length of a ciphertext reveals nothing.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::strict;

/// Why a message could not be padded or read.
#[derive(Debug, thiserror::Error)]
pub enum BadMessage {
    /// The text exceeds the fixed size; the rest belongs into an enclosure.
    #[error("the message has {found} bytes, {size} fit")]
    TooLong {
        /// Number of bytes that fit.
        size: usize,
        /// Number of bytes that the message has.
        found: usize,
    },
    /// The message does not have the fixed size of its kind.
    #[error("the message has not its fixed size")]
    Size,
    /// Not the expected JSON: bad UTF-8, unknown or missing fields, wrong types.
    #[error("the message is not of its format")]
    Form,
}

/// Writes a value as JSON, padded with spaces to `size` bytes.
pub fn pad(value: &impl Serialize, size: usize) -> Result<Zeroizing<Vec<u8>>, BadMessage> {
    // Reserved at once, so that reallocation leaves no copy of the plaintext in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(size * 2));
    serde_json::to_writer(&mut *bytes, value).map_err(|_| BadMessage::Form)?;
    if bytes.len() > size {
        return Err(BadMessage::TooLong { size, found: bytes.len() });
    }
    bytes.resize(size, b' ');
    Ok(bytes)
}

/// Reads a padded value back, strictly; JSON allows the spaces, so nothing is stripped.
pub fn unpad<T: DeserializeOwned + Serialize>(bytes: &[u8], size: usize) -> Result<T, BadMessage> {
    if bytes.len() != size {
        return Err(BadMessage::Size);
    }
    strict::read(bytes).ok_or(BadMessage::Form)
}
