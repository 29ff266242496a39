//! Access records: what a reporter is shown of each access, made and signed by the recorder.

use ed25519_dalek::SigningKey;
use model::{Day, Exact, Purpose, Role};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::{DeserializeAs, SerializeAs, serde_as};

use crate::keys::signature::{BadSignature, Signed, VerificationKey};
use crate::letters::mailbox::MailboxId;
use crate::log::checkpoint::{BadProof, Checkpoint, Hash, Proof, leaf_disclosed};

const CONTEXT: &str = "qingniao/access/v2";

/// The newest records, all of which a list has. With its letters and the proofs, a list must leave a third of a slot to
/// the post's messages.
pub const NEWEST: usize = 30;
/// Older openings of the identity, which stay in the list as long as there are not more than these: the first ones. The
/// rest is counted.
pub const OLDER_IDENTITY: usize = 10;
/// Most bytes of JSON for the proofs in one slot: about eight proofs
/// in a log of ten thousand entries, five in one of ten million.
const PROOFS: usize = 7 * 1024;

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
    /// Numbers of older records that were left out for lack of room, by purpose, each purpose once.
    pub earlier: Vec<EarlierRecords>,
    /// The first older openings of the identity and the newest records, oldest first.
    pub records: Vec<AccessRecord>,
}

/// How many older records of one purpose are not in a list.
#[serde_as]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierRecords {
    /// The purpose.
    pub purpose: Purpose,
    /// Their number, never 0.
    #[serde_as(as = "Exact")]
    pub count: u64,
}

impl AccessList {
    /// Signs the list with the recorder's key.
    pub fn sign(&self, key: &SigningKey) -> Result<Signed, BadSignature> {
        Signed::sign(self, CONTEXT, key)
    }

    /// Verifies the signature, that the list is for this mailbox, and that no number is missing.
    pub fn read(signed: &Signed, mailbox: &MailboxId, recorder: &VerificationKey) -> Result<Self, BadSignature> {
        let list: Self = signed.verify_strictly(CONTEXT, recorder)?;
        if list.mailbox == *mailbox && list.is_complete() { Ok(list) } else { Err(BadSignature::Form) }
    }

    /// The list with these records, oldest first and numbered from 1: leaves out and counts what has no room.
    #[must_use]
    pub fn fitting(mailbox: MailboxId, day: Day, all: &[AccessRecord]) -> Self {
        let newest = all.len().saturating_sub(NEWEST);
        let (mut records, mut earlier) = (Vec::new(), Vec::<EarlierRecords>::new());
        for record in &all[..newest] {
            let purpose = record.purpose;
            if purpose.opens_identity() && records.len() < OLDER_IDENTITY {
                records.push(*record);
            } else if let Some(counted) = earlier.iter_mut().find(|earlier| earlier.purpose == purpose) {
                counted.count += 1;
            } else {
                earlier.push(EarlierRecords { purpose, count: 1 });
            }
        }
        records.extend_from_slice(&all[newest..]);
        Self { mailbox, day, earlier, records }
    }

    /// Whether every number from 1 to the newest is listed or counted, and the newest are all listed.
    fn is_complete(&self) -> bool {
        let numbers: Vec<u64> = self.records.iter().map(|record| record.number).collect();
        let ascending = numbers.iter().all(|number| *number > 0) && numbers.is_sorted_by(|one, next| one < next);
        let newest = &numbers[numbers.len().saturating_sub(NEWEST)..];
        let without_gap = newest.is_sorted_by(|one, next| one + 1 == *next);
        let counted = self.earlier.iter().try_fold(0_u64, |sum, earlier| sum.checked_add(earlier.count));
        let whole = counted.and_then(|count| count.checked_add(numbers.len() as u64))
            == Some(numbers.last().copied().unwrap_or(0));
        let purposes = |purpose| self.earlier.iter().filter(|earlier| earlier.purpose == purpose).count();
        let once = self.earlier.iter().all(|earlier| earlier.count > 0 && purposes(earlier.purpose) == 1);
        // Where something is left out, the newest must be as many as fit.
        let full = self.earlier.is_empty() || newest.len() == NEWEST;
        ascending && without_gap && whole && once && full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> AccessList {
        let day = "2026-11-23".parse().expect("a day");
        let record = |number| AccessRecord { number, day, role: Role::Officer, person: 2, purpose: Purpose::Review };
        AccessList { mailbox: [1; 32].into(), day, earlier: Vec::new(), records: vec![record(1), record(2)] }
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

    /// L3 of the review: an opening of the identity scrolled out of the list within days.
    #[test]
    fn openings_of_the_identity_stay_and_what_is_left_out_is_counted() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = VerificationKey::of(&key);
        let record = |number, purpose| AccessRecord { number, purpose, ..list().records[0] };
        let all = (1..=100).map(|number| match number {
            2 => record(number, Purpose::OpenIdentity),
            3 => record(number, Purpose::ReadIdentity),
            5 => record(number, Purpose::Answer),
            _ => record(number, Purpose::Review),
        });
        let fitted = AccessList::fitting([1; 32].into(), list().day, &all.collect::<Vec<_>>());
        let numbers: Vec<u64> = fitted.records.iter().map(|record| record.number).collect();
        assert_eq!(numbers, [2, 3].into_iter().chain(71..=100).collect::<Vec<_>>());
        let counted = |purpose, count| EarlierRecords { purpose, count };
        assert_eq!(fitted.earlier, [counted(Purpose::Review, 67), counted(Purpose::Answer, 1)]);
        let reads =
            |list: &AccessList| AccessList::read(&list.sign(&key).expect("signed"), &[1; 32].into(), &public).is_ok();
        assert!(reads(&fitted));
        let altered = |alter: &dyn Fn(&mut AccessList)| {
            let mut list = fitted.clone();
            alter(&mut list);
            reads(&list)
        };
        assert!(!altered(&|list| _ = list.records.remove(0)), "an opening that is neither listed nor counted");
        assert!(!altered(&|list| _ = list.records.pop()), "the newest one left out");
        assert!(!altered(&|list| list.records[20].number = 70), "a number twice, another missing");
        assert!(!altered(&|list| list.earlier[0].count = 66));
        assert!(!altered(&|list| list.earlier.push(counted(Purpose::Claim, 0))));
        assert!(!altered(&|list| list.earlier = vec![counted(Purpose::Review, 60), counted(Purpose::Review, 8)]));
        assert!(!altered(&|list| list.earlier[1].count = 1 << 52));
        assert!(
            !altered(&|list| {
                list.records.remove(2);
                list.earlier[0].count += 1;
            }),
            "one of the newest counted instead of listed"
        );
        let many: Vec<_> = (1..=100).map(|number| record(number, Purpose::OpenIdentity)).collect();
        let fitted = AccessList::fitting([1; 32].into(), list().day, &many);
        assert_eq!((fitted.records[0].number, fitted.records.len()), (1, NEWEST + OLDER_IDENTITY), "the first ones");
        assert!(reads(&fitted));
    }

    #[test]
    fn a_record_is_proved_without_its_entry() {
        let record = list().records[0];
        let mailbox: MailboxId = [1; 32].into();
        let half = crate::log::checkpoint::entry_half("the entry", &[2; 32]);
        let leaf = leaf_disclosed(half, &record.disclosed(&mailbox).expect("JSON"), &[3; 32]);
        let checkpoint = Checkpoint { size: 1, root: leaf };
        let proof = RecordProof { number: 1, sequence: 1, entry: half.0, salt: [3; 32], path: Proof(Vec::new()) };
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
        assert_eq!(numbers, [40, 39, 38, 37, 36, 35, 34, 33], "the newest");
    }
}
