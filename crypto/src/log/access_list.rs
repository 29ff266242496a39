//! Access records: what a reporter is shown of each access, made and signed by the recorder.

use ed25519_dalek::SigningKey;
use model::{Day, Exact, Purpose, Role};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::{DeserializeAs, SerializeAs, serde_as};

use crate::keys::signature::{BadSignature, Signed, VerificationKey};
use crate::letters::mailbox::MailboxId;
use crate::log::checkpoint::{BadProof, Checkpoint, Hash, Proof, leaf_disclosed};

const CONTEXT: &str = "qingniao/access/v1";

/// Most records in a list; the newest are kept. With the digests of its letters and the proofs, a list must leave a
/// third of a slot to the post's messages.
pub const MOST_RECORDS: usize = 30;
/// Most bytes of JSON for the proofs in one slot: about ten proofs
/// in a log of ten thousand entries, six in one of ten million.
const PROOFS: usize = 8 * 1024;

/// An access record: one for each person, role, purpose and day.
#[serde_as]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRecord {
    /// Counts from 1 within the mailbox, so that a missing record is noticed.
    #[serde_as(as = "Exact")]
    pub number: u64,
    /// The day of the access, in Asia/Shanghai.
    pub day: Day,
    /// The role in which the person acted.
    pub role: Role,
    /// The person's stable number at this post; never a name.
    pub person: u32,
    /// The purpose of the access.
    pub purpose: Purpose,
}

impl AccessRecord {
    /// The reporter's half of the entry's leaf: what this mailbox is shown of the entry, as JSON.
    pub fn disclosed(&self, mailbox: &MailboxId) -> Result<String, serde_json::Error> {
        let Self { number, day, role, person, purpose } = *self;
        serde_json::to_string(&Disclosed { mailbox: *mailbox, number, day, role, person, purpose })
    }
}

/// A record with its mailbox, as JSON with the fields in this order.
#[derive(Serialize)]
struct Disclosed {
    mailbox: MailboxId,
    number: u64,
    day: Day,
    role: Role,
    person: u32,
    purpose: Purpose,
}

/// Proof that a record is in the log. Of the log entry itself it shows only a hash.
#[serde_as]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordProof {
    /// Number of the record within its mailbox.
    #[serde_as(as = "Exact")]
    pub number: u64,
    /// The entry's place in the log, from 1.
    #[serde_as(as = "Exact")]
    pub sequence: u64,
    /// [`entry_half`](crate::log::checkpoint::entry_half) of the log entry.
    #[serde_as(as = "Base64Hash")]
    pub entry: [u8; 32],
    /// The salt of the reporter's half.
    #[serde_as(as = "Base64Hash")]
    pub salt: [u8; 32],
    /// The hashes from the leaf to the root.
    pub path: Proof,
}

/// 32 bytes in base64, in one spelling: `serde_with` would also read it without padding.
struct Base64Hash;

impl SerializeAs<[u8; 32]> for Base64Hash {
    fn serialize_as<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Hash(*bytes))
    }
}

impl<'de> DeserializeAs<'de, [u8; 32]> for Base64Hash {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        Hash::parse_hash(&text).map(|hash| hash.0).map_err(|_| D::Error::custom("not 32 bytes in base64"))
    }
}

impl RecordProof {
    /// Checks that the log at a checkpoint contains this record of this mailbox.
    pub fn check(&self, checkpoint: &Checkpoint, mailbox: &MailboxId, record: &AccessRecord) -> Result<(), BadProof> {
        let disclosed = record.disclosed(mailbox).map_err(|_| BadProof::Form)?;
        if self.number != record.number {
            return Err(BadProof::Inclusion);
        }
        checkpoint.contains(self.sequence, leaf_disclosed(Hash(self.entry), &disclosed, &self.salt), &self.path)
    }
}

/// The newest cosigned checkpoint that the post has, and proofs of the newest records at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witnessed {
    /// The checkpoint, signed by the log and by at least one witness.
    pub checkpoint: String,
    /// Proofs, newest record first, as many as fit. A record without
    /// a proof is newer than the checkpoint, or too old to fit.
    pub proofs: Vec<RecordProof>,
}

impl Witnessed {
    /// Keeps as many of the newest proofs as fit into a slot.
    #[must_use]
    pub fn fitting(checkpoint: String, mut proofs: Vec<RecordProof>) -> Self {
        proofs.sort_by_key(|proof| std::cmp::Reverse(proof.number));
        let mut room = PROOFS;
        let fits = proofs.iter().take_while(|proof| {
            let size = serde_json::to_string(proof).map_or(usize::MAX, |text| text.len());
            room.checked_sub(size).inspect(|left| room = *left).is_some()
        });
        let count = fits.count();
        proofs.truncate(count);
        Self { checkpoint, proofs }
    }
}

/// All accesses to a mailbox up to a day. The list is signed as a whole,
/// so that leaving out the newest records would show as an old day.
#[serde_as]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessList {
    /// Id of the mailbox.
    pub mailbox: MailboxId,
    /// The day up to which it is complete.
    pub day: Day,
    /// Number of the last record that was left out for lack of room; 0 if none was.
    #[serde_as(as = "Exact")]
    pub earlier: u64,
    /// The remaining records, oldest first, numbered without gaps.
    pub records: Vec<AccessRecord>,
}

impl AccessList {
    /// Signs the list with the recorder's key.
    pub fn sign(&self, key: &SigningKey) -> Result<Signed, BadSignature> {
        Signed::sign(self, CONTEXT, key)
    }

    /// Verifies the signature, that the list is for this mailbox, and that no number is missing.
    pub fn read(signed: &Signed, mailbox: &MailboxId, recorder: &VerificationKey) -> Result<Self, BadSignature> {
        let list: Self = signed.verify_strictly(CONTEXT, recorder)?;
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
    fn a_record_is_proved_without_its_entry() {
        let record = list().records[0];
        let mailbox: MailboxId = [1; 32].into();
        let half = crate::log::checkpoint::entry_half("the entry", &[2; 32]);
        let leaf = leaf_disclosed(half, &record.disclosed(&mailbox).expect("JSON"), &[3; 32]);
        let checkpoint = Checkpoint { size: 1, root: leaf };
        let proof = RecordProof { number: 4, sequence: 1, entry: half.0, salt: [3; 32], path: Proof(Vec::new()) };
        assert!(proof.check(&checkpoint, &mailbox, &record).is_ok());
        assert!(proof.check(&checkpoint, &[9; 32].into(), &record).is_err(), "another mailbox");
        let altered = AccessRecord { person: 9, ..record };
        assert!(proof.check(&checkpoint, &mailbox, &altered).is_err(), "another person");
        assert!(RecordProof { number: 5, ..proof.clone() }.check(&checkpoint, &mailbox, &record).is_err());
        assert!(RecordProof { salt: [4; 32], ..proof.clone() }.check(&checkpoint, &mailbox, &record).is_err());
        let text = serde_json::to_string(&proof).expect("JSON");
        assert_eq!(serde_json::from_str::<RecordProof>(&text).expect("read"), proof);
        let many = (1..=40).map(|number| RecordProof { number, path: Proof(vec![leaf; 14]), ..proof.clone() });
        let fitting = Witnessed::fitting(String::new(), many.collect());
        let numbers: Vec<u64> = fitting.proofs.iter().map(|proof| proof.number).collect();
        assert_eq!(numbers, [40, 39, 38, 37, 36, 35, 34, 33, 32, 31], "the newest");
    }
}
