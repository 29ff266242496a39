//! The requests and their answers. Unknown fields are refused on both sides.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::mailbox::LetterDigest;
use crypto::outer::{Header, SEALED};
use serde::{Deserialize, Serialize};

/// A request to the recorder.
#[derive(Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// Takes what the exchange pulled: gives each letter its place in the order of first receipt.
    Receive {
        /// The sealed letters, in the order in which they are to be recorded.
        letters: Vec<SealedLetter>,
    },
}

/// A sealed letter, written in base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedLetter(Vec<u8>);

/// The text is no sealed letter.
#[derive(Debug, thiserror::Error)]
#[error("a sealed letter is base64 of {SEALED} bytes")]
pub struct BadLetter;

impl SealedLetter {
    /// Wraps a sealed letter's bytes.
    pub fn new(sealed: Vec<u8>) -> Result<Self, BadLetter> {
        if sealed.len() == SEALED { Ok(Self(sealed)) } else { Err(BadLetter) }
    }

    /// The sealed bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for SealedLetter {
    type Error = BadLetter;

    fn try_from(text: String) -> Result<Self, BadLetter> {
        Self::new(STANDARD.decode(text).map_err(|_| BadLetter)?)
    }
}

impl From<SealedLetter> for String {
    fn from(letter: SealedLetter) -> Self {
        STANDARD.encode(letter.0)
    }
}

/// The recorder's answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reply {
    /// To `receive`: durable before it was sent.
    Received(Received),
    /// The request was not carried out.
    Refused {
        /// Why.
        reason: Refusal,
    },
}

/// The answer to `receive`, in the order of the request.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// One for each letter.
    pub letters: Vec<ReceivedLetter>,
}

/// What the recorder knows of one letter now.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedLetter {
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// Its place in the order of first receipt, from 1. Sending it again changes nothing.
    pub sequence: u64,
    /// The outside of the letter; absent when it does not open: it is then "unreadable".
    pub header: Option<Header>,
}

/// Why a request was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Not one of the requests, or not of its form.
    NotUnderstood,
    /// More than one request may hold.
    TooLarge,
    /// The log could not be written: nothing was recorded and nothing is permitted.
    NotRecorded,
}
