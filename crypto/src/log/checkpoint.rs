//! The access log as a tree in which every change is detected: RFC 6962 hashing over salted entries, and checkpoints of
//! it as C2SP signed notes (tlog-checkpoint).

use model::Exact;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
pub use tlog_tiles::Hash;
use tlog_tiles::{Checkpoint as NoteBody, check_record, check_tree, record_hash};

use crate::keys::note_key::{BadNote, NoteKey};

/// Prefix of the hashed bytes of a leaf without a reporter's half.
const LEAF: &[u8] = b"qingniao/entry/v1\n";

/// The action code of the entry that gives a letter its place in the order
/// of first receipt. Its subject is the place and the letter's digest.
pub const RECEIVED: &str = "received";

/// Bytes of an entry's salt. Because of it a leaf alone does not reveal what was done, even to guessing.
pub const SALT: usize = 32;

/// An entry as its leaf covers it, written as JSON with the fields in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// The place in the log, from 1 without gaps.
    pub sequence: u64,
    /// Time of the entry: UTC, RFC 3339.
    pub at: String,
    /// The account that acted; empty if it is unknown.
    pub account: String,
    /// The role in which the account acted; empty for entries without an accepted request.
    pub role: String,
    /// The code of the action.
    pub action: String,
    /// What the action concerns; its form depends on the action.
    pub subject: String,
    /// Number of the report concerned.
    pub report: Option<u64>,
    /// The code of the purpose.
    pub purpose: Option<String>,
    /// The nonce of the request or notice; each is accepted only once.
    pub nonce: Option<String>,
    /// The signed request, as JSON.
    pub ask: Option<String>,
}

impl LogEntry {
    /// The JSON text that the leaf covers.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads the JSON text back.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// The leaf hash of an entry's text. `salt` is [`SALT`] random bytes, or empty for entries older than the tree.
#[must_use]
pub fn leaf(text: &str, salt: &[u8]) -> Hash {
    record_hash(&[LEAF, salt, text.as_bytes()].concat())
}

/// Prefix of the hashed bytes of a leaf with a reporter's half.
const LEAF_DISCLOSED: &[u8] = b"qingniao/entry/v2\n";
/// Prefixes of the hashed bytes of the two halves of such a leaf.
const ENTRY_HALF: &[u8] = b"qingniao/entry-half/v2\n";
const DISCLOSED_HALF: &[u8] = b"qingniao/disclosed-half/v2\n";

/// The hash of the half of a leaf that only the log's readers see. It reveals nothing without the salt.
#[must_use]
pub fn entry_half(text: &str, salt: &[u8]) -> Hash {
    half(ENTRY_HALF, text, salt)
}

/// The leaf hash of an entry that is shown to a reporter. It covers two halves, each under its own salt: the entry, and
/// what the reporter is shown of it. Each can be shown without the other.
#[must_use]
pub fn leaf_disclosed(entry_half: Hash, disclosed: &str, salt: &[u8]) -> Hash {
    record_hash(&[LEAF_DISCLOSED, &entry_half.0, &half(DISCLOSED_HALF, disclosed, salt).0].concat())
}

fn half(context: &[u8], text: &str, salt: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update(context).chain_update(salt).chain_update(text).finalize().into())
}

/// The hash of a subtree from those of its two halves.
#[must_use]
pub fn node(left: Hash, right: Hash) -> Hash {
    tlog_tiles::node_hash(left, right)
}

/// A proof: hashes, each written in base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Proof(pub Vec<Hash>);

impl TryFrom<Vec<String>> for Proof {
    type Error = BadProof;

    fn try_from(texts: Vec<String>) -> Result<Self, BadProof> {
        let hashes = texts.iter().map(|text| Hash::parse_hash(text)).collect::<Result<_, _>>();
        hashes.map(Self).map_err(|_| BadProof::Form)
    }
}

impl From<Proof> for Vec<String> {
    fn from(proof: Proof) -> Self {
        proof.0.iter().map(Hash::to_string).collect()
    }
}

/// The state of the log at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checkpoint {
    /// Number of entries in the log.
    pub size: u64,
    /// The root hash of the tree over them.
    pub root: Hash,
}

/// Why a checkpoint or a proof is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadProof {
    /// Not a signed note, or not signed by the log's key.
    #[error("the checkpoint is not signed by the log's key")]
    Signature(#[from] BadNote),
    /// Not in the form of C2SP tlog-checkpoint, or of another log.
    #[error("the checkpoint is not of its form")]
    Form,
    /// The entry is not in the tree, or not at this place.
    #[error("the entry is not in the log")]
    Inclusion,
    /// None of the witnesses has cosigned the checkpoint.
    #[error("no witness has cosigned the checkpoint")]
    Unwitnessed,
    /// The later tree does not contain the earlier one.
    #[error("the log was changed: the later checkpoint does not contain the earlier one")]
    Consistency,
}

impl Checkpoint {
    /// The text of the note. Its first line is the name of the log's key.
    pub fn to_text(&self, log: &str) -> Result<String, BadProof> {
        let body = NoteBody::new(log, self.size, self.root, "").map_err(|_| BadProof::Form)?;
        String::from_utf8(body.to_bytes()).map_err(|_| BadProof::Form)
    }

    /// Reads a checkpoint and verifies the signature of the log's key.
    pub fn read(note: &str, log: &NoteKey) -> Result<Self, BadProof> {
        let text = log.verified_text(note)?;
        let body = NoteBody::from_bytes(text.as_bytes()).map_err(|_| BadProof::Form)?;
        let read = Self { size: body.size(), root: *body.hash() };
        // Written again it must be the same text: of this log, without other lines, each number in one spelling.
        let same = read.size <= Exact::MOST && read.to_text(log.name())? == text;
        if same { Ok(read) } else { Err(BadProof::Form) }
    }

    /// Checks that the log at this checkpoint has this leaf at this place, from 1.
    pub fn contains(&self, sequence: u64, leaf: Hash, proof: &Proof) -> Result<(), BadProof> {
        let index = sequence.checked_sub(1).ok_or(BadProof::Inclusion)?;
        check_record(&proof.0, self.size, self.root, index, leaf).map_err(|_| BadProof::Inclusion)
    }

    /// Checks that the log at this checkpoint begins with the log of an earlier one.
    pub fn continues(&self, earlier: &Self, proof: &Proof) -> Result<(), BadProof> {
        let holds = if earlier.size == self.size {
            proof.0.is_empty() && earlier.root == self.root
        } else if earlier.size == 0 {
            // Every log begins with the empty log.
            proof.0.is_empty()
        } else {
            earlier.size < self.size && check_tree(&proof.0, self.size, self.root, earlier.size, earlier.root).is_ok()
        };
        if holds { Ok(()) } else { Err(BadProof::Consistency) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_its_text_under_its_salt() {
        let entry = LogEntry {
            sequence: 1,
            at: "2026-11-24T00:00:00Z".to_owned(),
            account: "zhou".to_owned(),
            role: "officer".to_owned(),
            action: "open-letter".to_owned(),
            subject: String::new(),
            report: Some(7),
            purpose: Some("review".to_owned()),
            nonce: None,
            ask: None,
        };
        let text = entry.to_text().expect("JSON");
        assert!(text.starts_with(r#"{"sequence":1,"at":"2026-11-24T00:00:00Z","account":"zhou","#), "{text}");
        assert_eq!(serde_json::from_str::<LogEntry>(&text).expect("read"), entry);
        assert_ne!(leaf(&text, &[1; SALT]), leaf(&text, &[2; SALT]));
        // SHA-256 of 0x00 and the bytes, as RFC 6962 says.
        let bytes = [&[0], LEAF, &[1; SALT][..], text.as_bytes()].concat();
        assert_eq!(leaf(&text, &[1; SALT]).0, <[u8; 32]>::from(sha2::Sha256::digest(bytes)));
    }

    #[test]
    fn two_entries_are_proved_and_nothing_else() {
        let leaves = [leaf("a", &[1; SALT]), leaf("b", &[2; SALT])];
        let root = tlog_tiles::node_hash(leaves[0], leaves[1]);
        let (one, two) = (Checkpoint { size: 1, root: leaves[0] }, Checkpoint { size: 2, root });
        assert!(two.contains(1, leaves[0], &Proof(vec![leaves[1]])).is_ok());
        assert!(two.contains(2, leaves[1], &Proof(vec![leaves[0]])).is_ok());
        assert!(two.contains(2, leaves[0], &Proof(vec![leaves[1]])).is_err(), "another place");
        assert!(two.contains(0, leaves[0], &Proof(vec![leaves[1]])).is_err(), "no place");
        assert!(two.continues(&one, &Proof(vec![leaves[1]])).is_ok());
        assert!(two.continues(&Checkpoint { size: 1, root: leaves[1] }, &Proof(vec![leaves[1]])).is_err());
        assert!(two.continues(&two, &Proof(vec![])).is_ok());
        assert!(two.continues(&Checkpoint { size: 2, root: leaves[0] }, &Proof(vec![])).is_err(), "forked");
        assert!(one.continues(&two, &Proof(vec![leaves[1]])).is_err(), "shorter");
        let text = two.to_text("demo.test/log").expect("a text");
        assert_eq!(text.lines().take(2).collect::<Vec<_>>(), ["demo.test/log", "2"]);
    }
}
