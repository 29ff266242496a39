//! Asking: an action signed by the person who wants it, and the recorder's signed receipt.

use crypto::keys::signature::{BadSignature, Signed, VerificationKey};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use model::{LetterDigest, Role};
use serde::{Deserialize, Serialize};

use crate::actions::{Action, AnyAction};

const ASK: &str = "qingniao/ask/v1";
const RECEIPT: &str = "qingniao/recorded/v1";

/// Somebody who asks: an account, acting in one role, with its signing key.
#[derive(Clone, Copy)]
pub struct Requester<'a> {
    /// The account's name.
    pub account: &'a str,
    /// The role it acts in.
    pub role: Role,
    /// Its key, which the auditor has confirmed.
    pub key: &'a SigningKey,
}

/// What a person signs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The account's name.
    pub account: String,
    /// The role.
    pub role: Role,
    /// What is to be done.
    pub action: AnyAction,
    /// 16 random bytes in hexadecimal: the recorder takes each but once.
    pub nonce: String,
    /// When it was asked, UTC: a captured request is of no use later.
    pub at: Timestamp,
}

impl Ask {
    /// Signs an action.
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

    /// Who claims to have signed, without having verified it: only to look the key up.
    pub fn claimed(signed: &Signed) -> Result<Self, BadSignature> {
        signed.unverified()
    }

    /// Verifies under the account's key.
    pub fn read(signed: &Signed, key: &VerificationKey) -> Result<Self, BadSignature> {
        signed.verify(ASK, key)
    }
}

/// The recorder's word that an entry is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// SHA-256 of the signed ask.
    pub ask: LetterDigest,
    /// The entry's place in the log.
    pub sequence: u64,
}

impl Receipt {
    /// Signs with the recorder's key.
    pub fn sign(&self, key: &SigningKey) -> Result<Signed, BadSignature> {
        Signed::sign(self, RECEIPT, key)
    }

    /// Verifies under the recorder's key.
    pub fn read(signed: &Signed, recorder: &VerificationKey) -> Result<Self, BadSignature> {
        signed.verify(RECEIPT, recorder)
    }
}

/// What a person signed and the recorder's receipt for it: kept beside what was done, it shows at
/// any later reading that this very thing was recorded.
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

    /// What was asked, if the recorder has signed that it recorded this very request. The recorder
    /// checked the person's own signature.
    pub fn read(&self, recorder: &VerificationKey) -> Result<Ask, BadSignature> {
        let receipt = Receipt::read(&self.receipt, recorder)?;
        if *receipt.ask.as_bytes() == self.ask.digest() { Ask::claimed(&self.ask) } else { Err(BadSignature::Form) }
    }
}

/// The permission to do one action once: its entry is durable, and the recorder has said so under
/// its own signature. Made by the client alone, neither copied nor kept, and consumed by the one
/// function that does the action.
#[must_use]
pub struct Recorded<D: Action> {
    action: D,
    attested: Attested,
}

impl<D: Action> Recorded<D> {
    pub(crate) fn new(action: D, attested: Attested) -> Self {
        Self { action, attested }
    }

    /// What is permitted.
    pub fn action(&self) -> &D {
        &self.action
    }

    /// Uses the permission up; gives the action that was recorded, for the one function that does it.
    pub fn into_action(self) -> D {
        self.action
    }

    /// Uses the permission up; gives the action and what shows later that it was recorded.
    pub fn attested(self) -> (D, Attested) {
        (self.action, self.attested)
    }
}
