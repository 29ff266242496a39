//! Identity envelopes: who the reporter is, sealed to the
//! custodian. All have one size; an anonymous report has a dummy.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::letters::mailbox::MailboxId;
use crate::sealing::padded::{self, BadMessage};
use crate::sealing::recipient::HybridRecipient;
use crate::sealing::sealed::{BadForm, check_form, seal, sealed_size};

/// Bytes of an envelope before sealing: a name, a few contacts, and room to spare.
pub const PLAIN: usize = 2048;
/// Bytes of a sealed envelope.
pub const SEALED: usize = sealed_size(PLAIN);

/// The content of an envelope.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityEnvelope {
    /// The mailbox that it belongs to, so that an envelope cannot be presented for another report.
    pub mailbox: MailboxId,
    /// `None` in the dummy that every anonymous report carries.
    pub identity: Option<Identity>,
}

/// A person's identity, as that person chose to give it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The name as the person wrote it.
    pub name: String,
    /// Telephone, address or another way to reach the person.
    pub contact: String,
    /// Bank and account to pay to; empty, and omitted in JSON, where nothing is to be paid.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
}

/// A sealed envelope inside a letter, written in base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedIdentity(Vec<u8>);

impl IdentityEnvelope {
    /// Pads the envelope and seals it to the custodian.
    pub fn seal(&self, custodian: &HybridRecipient) -> Result<SealedIdentity, io::Error> {
        let plain = padded::pad(self, PLAIN).map_err(io::Error::other)?;
        Ok(SealedIdentity(seal(custodian, &plain)?))
    }

    /// Reads an opened envelope and checks that it belongs to the mailbox that it was requested for.
    pub fn read(plain: &[u8], mailbox: &MailboxId) -> Result<Self, BadEnvelope> {
        let envelope: Self = padded::unpad(plain, PLAIN)?;
        if envelope.mailbox == *mailbox { Ok(envelope) } else { Err(BadEnvelope::Foreign) }
    }
}

/// Why an opened envelope is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadEnvelope {
    /// The content is not of its format.
    #[error("the identity envelope is not of its format")]
    Message(#[from] BadMessage),
    /// It was written for another mailbox.
    #[error("the identity envelope belongs to another mailbox")]
    Foreign,
}

impl SealedIdentity {
    /// The sealed bytes, [`SEALED`] of them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<String> for SealedIdentity {
    type Error = BadForm;

    fn try_from(text: String) -> Result<Self, BadForm> {
        let sealed = STANDARD.decode(text).map_err(|_| BadForm::Header)?;
        check_form(&sealed, PLAIN)?;
        Ok(Self(sealed))
    }
}

impl From<SealedIdentity> for String {
    fn from(envelope: SealedIdentity) -> Self {
        STANDARD.encode(envelope.0)
    }
}
