//! Access records: what a reporter is told of who looked, made and signed by the recorder.

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::mailbox::MailboxId;
use crate::signature::{BadSignature, Signed, VerificationKey};

const CONTEXT: &str = "qingniao/access/v1";

/// Records that a list holds at most, the newest ones: with its letters' digests it must leave
/// more than half of a slot to the post's messages.
pub const MOST_RECORDS: usize = 40;

/// Declares codes that are written the same in JSON, in tables and in addresses.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The one with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}

codes! {
    /// What a person of the house may do.
    Role {
        /// Reads reports of the post and answers them.
        Officer = "officer",
        /// Holds the second key of identity envelopes.
        Custodian = "custodian",
        /// Approves rewards.
        Approver = "approver",
        /// Handles cases.
        CaseUnit = "case-unit",
        /// Pays.
        Finance = "finance",
        /// Reads the access log and confirms keys.
        Auditor = "auditor",
        /// Keeps accounts.
        Administrator = "administrator",
    }
}

codes! {
    /// Why a letter was opened. Codes, not free text: free text would leak content to auditors.
    Purpose {
        /// To learn which new letters say something at all; looking is a letter too.
        Sort = "sort",
        /// To judge what is reported.
        Review = "review",
        /// To check it.
        Verify = "verify",
        /// To write an answer.
        Answer = "answer",
    }
}

/// One record: there is one for each person, role, purpose and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRecord {
    /// Counts up from 1 within the mailbox, so that a missing one shows.
    pub number: u64,
    /// The day, Asia/Shanghai.
    pub day: Day,
    /// In which role.
    pub role: Role,
    /// The person's stable number at this post; never a name.
    pub person: u32,
    /// What for.
    pub purpose: Purpose,
}

/// All that happened to a mailbox up to a day. Signed as a whole, so that leaving out the newest
/// records shows as an old day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessList {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// The day up to which it is complete.
    pub day: Day,
    /// Records with numbers up to this one were left out for room.
    pub earlier: u64,
    /// The others, oldest first, numbered without gaps.
    pub records: Vec<AccessRecord>,
}

impl AccessList {
    /// Signs with the recorder's key.
    pub fn sign(&self, key: &SigningKey) -> Result<Signed, BadSignature> {
        Signed::sign(self, CONTEXT, key)
    }

    /// Verifies the signature, that it is this mailbox's, and that no number is missing.
    pub fn read(signed: &Signed, mailbox: &MailboxId, recorder: &VerificationKey) -> Result<Self, BadSignature> {
        let list: Self = signed.verify(CONTEXT, recorder)?;
        let numbered = list.records.iter().zip(list.earlier + 1..).all(|(record, number)| record.number == number);
        if list.mailbox == *mailbox && numbered { Ok(list) } else { Err(BadSignature::Form) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> AccessList {
        let day = "2026-11-23".parse().expect("a day");
        let record = |number| AccessRecord { number, day, role: Role::Officer, person: 2, purpose: Purpose::Review };
        AccessList { mailbox: [1; 32].into(), day, earlier: 3, records: vec![record(4), record(5)] }
    }

    #[test]
    fn a_list_is_the_recorders_the_mailboxs_and_whole() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let (public, other) = (VerificationKey::of(&key), VerificationKey::of(&SigningKey::from_bytes(&[8; 32])));
        let signed = list().sign(&key).expect("signed");
        assert_eq!(AccessList::read(&signed, &[1; 32].into(), &public), Ok(list()));
        assert_eq!(AccessList::read(&signed, &[2; 32].into(), &public), Err(BadSignature::Form));
        assert_eq!(AccessList::read(&signed, &[1; 32].into(), &other), Err(BadSignature::Signature));
        let mut gap = list();
        gap.records.remove(0);
        let signed = gap.sign(&key).expect("signed");
        assert_eq!(AccessList::read(&signed, &[1; 32].into(), &public), Err(BadSignature::Form));
    }

    #[test]
    fn codes_are_the_same_everywhere() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
            assert_eq!(serde_json::to_value(role).expect("JSON"), role.code());
        }
        assert_eq!(Purpose::from_code("curiosity"), None);
    }
}
