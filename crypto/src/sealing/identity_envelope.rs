//! Identity envelopes: who the reporter is, for the custodian alone. Always one size, a dummy when anonymous.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::letters::mailbox::MailboxId;
use crate::sealing::padded::{self, BadMessage};
use crate::sealing::recipient::HybridRecipient;
use crate::sealing::sealed::{BadForm, check_form, seal, sealed_size};

/// Bytes of an envelope before sealing: a name, a few ways to reach the person, and room.
pub const PLAIN: usize = 2048;
/// Bytes of a sealed envelope.
pub const SEALED: usize = sealed_size(PLAIN);

/// What an envelope says to the custodian.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityEnvelope {
    /// The mailbox it belongs to, so that an envelope cannot be shown for another report.
    pub mailbox: MailboxId,
    /// Absent in the dummy that every anonymous report carries.
    pub identity: Option<Identity>,
}

/// Who somebody is, by own choice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Name as written by the person.
    pub name: String,
    /// Telephone, address or whatever reaches the person.
    pub contact: String,
    /// Bank and account to pay to; empty, and not written, where nothing is to be paid.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
}

/// A sealed envelope inside a letter, written in base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealedIdentity(Vec<u8>);

impl IdentityEnvelope {
    /// Seals to the custodian.
    pub fn seal(&self, custodian: &HybridRecipient) -> Result<SealedIdentity, io::Error> {
        let plain = padded::pad(self, PLAIN).map_err(io::Error::other)?;
        Ok(SealedIdentity(seal(custodian, &plain)?))
    }

    /// Reads an opened envelope and checks that it belongs to the mailbox it was asked for.
    pub fn read(plain: &[u8], mailbox: &MailboxId) -> Result<Self, BadEnvelope> {
        let envelope: Self = padded::unpad(plain, PLAIN)?;
        if envelope.mailbox == *mailbox { Ok(envelope) } else { Err(BadEnvelope::Foreign) }
    }
}

/// Why an opened envelope is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadEnvelope {
    /// Not of the format.
    #[error("the identity envelope is not of its format")]
    Message(#[from] BadMessage),
    /// Written for another mailbox.
    #[error("the identity envelope belongs to another mailbox")]
    Foreign,
}

impl SealedIdentity {
    /// The sealed bytes.
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
