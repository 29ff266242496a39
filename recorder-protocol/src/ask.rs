//! Requests: an action signed by the person who requests it, and the recorder's signed receipt.

use crypto::keys::signature::{BadSignature, Signed, VerificationKey};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use model::{LetterDigest, Role};
use serde::{Deserialize, Serialize};

use crate::actions::{Action, AnyAction};

const ASK: &str = "qingniao/ask/v1";
const RECEIPT: &str = "qingniao/recorded/v1";

/// A person who requests an action: an account, acting in one role, with its signing key.
#[derive(Clone, Copy)]
pub struct Requester<'a> {
    /// Name of the account that requests the action.
    pub account: &'a str,
    /// The role it acts in.
    pub role: Role,
    /// The signing key, which an auditor has confirmed.
    pub key: &'a SigningKey,
}

/// A request as the person signs it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Name of the account that requests the action.
    pub account: String,
    /// The role in which the action is requested.
    pub role: Role,
    /// The action that is requested.
    pub action: AnyAction,
    /// 16 random bytes in hexadecimal; the recorder accepts each only once.
    pub nonce: String,
    /// The time of the request, UTC. A captured request cannot be used later.
    pub at: Timestamp,
}

impl Ask {
    /// Signs a request. `nonce` is 16 fresh random bytes.
    pub fn sign(
        person: &Requester<'_>,
        act: AnyAction,
        nonce: [u8; 16],
        at: Timestamp,
    ) -> Result<Signed, BadSignature> {
        let ask =
            Self { account: person.account.to_owned(), role: person.role, action: act, nonce: hex::encode(nonce), at };
        Signed::sign(&ask, ASK, person.key)
    }

    /// The request, unverified: only to look up the key of the account that it names.
    pub fn claimed(signed: &Signed) -> Result<Self, BadSignature> {
        signed.unverified()
    }

    /// Verifies the request under the account's key.
    pub fn read(signed: &Signed, key: &VerificationKey) -> Result<Self, BadSignature> {
        signed.verify(ASK, key)
    }
}

/// The recorder's confirmation that an entry is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// SHA-256 of the signed request.
    pub ask: LetterDigest,
    /// The entry's place in the log, from 1.
    pub sequence: u64,
}

impl Receipt {
    /// Signs the receipt with the recorder's key.
    pub fn sign(&self, key: &SigningKey) -> Result<Signed, BadSignature> {
        Signed::sign(self, RECEIPT, key)
    }

    /// Verifies the receipt under the recorder's key.
    pub fn read(signed: &Signed, recorder: &VerificationKey) -> Result<Self, BadSignature> {
        signed.verify(RECEIPT, recorder)
    }
}

/// A signed request and the recorder's receipt for it. Stored with the result of the action, it proves at any later
/// reading that exactly this was recorded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attested {
    ask: Signed,
    receipt: Signed,
}

impl Attested {
    pub(crate) fn new(ask: Signed, receipt: Signed) -> Self {
        Self { ask, receipt }
    }

    /// The request, if the recorder has signed that it recorded exactly this one. The recorder verified the person's
    /// own signature.
    pub fn read(&self, recorder: &VerificationKey) -> Result<Ask, BadSignature> {
        let receipt = Receipt::read(&self.receipt, recorder)?;
        if *receipt.ask.as_bytes() == self.ask.digest() { Ask::claimed(&self.ask) } else { Err(BadSignature::Form) }
    }
}

/// The permission to perform one action once: its entry is durable, and the recorder has signed that. Only the client
/// creates it. It can be neither copied nor stored, and is consumed by the one function that performs the action.
#[must_use]
pub struct Recorded<D: Action> {
    action: D,
    attested: Attested,
}

impl<D: Action> Recorded<D> {
    pub(crate) fn new(action: D, attested: Attested) -> Self {
        Self { action, attested }
    }

    /// The action that is permitted.
    pub fn action(&self) -> &D {
        &self.action
    }

    /// Consumes the permission and returns the recorded action, for the one function that performs it.
    pub fn into_action(self) -> D {
        self.action
    }

    /// Consumes the permission and returns the action, with the proof that it was recorded.
    pub fn attested(self) -> (D, Attested) {
        (self.action, self.attested)
    }
}
