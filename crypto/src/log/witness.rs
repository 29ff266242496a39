//! Witnesses: parties that have seen the log and sign that it has only grown (C2SP tlog-cosignature), and the texts
//! that log and witness exchange.

use std::fmt::Write as _;

use signed_note::{Note, Verifier, VerifierList};

use crate::keys::note_key::{BadNote, NoteKey};
use crate::keys::signature::VerificationKey;
use crate::log::checkpoint::{BadProof, Checkpoint, Proof};

/// The algorithm byte of cosignatures in C2SP key text.
pub const ALGORITHM: u8 = 4;

/// A witness's key in the C2SP form `name+id+base64`. The algorithm
/// byte of cosignatures distinguishes it from every other key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    key: VerificationKey,
}

impl WitnessKey {
    /// A witness's public key. The name must be one that C2SP allows.
    pub fn new(name: &str, key: VerificationKey) -> Result<Self, BadNote> {
        let named = signed_note::is_key_name_valid(name);
        if named { Ok(Self { name: name.to_owned(), key }) } else { Err(BadNote::Form("a witness's key")) }
    }

    /// Reads `name+id+base64`; the id must be the hash of name and key.
    pub fn parse(text: &str) -> Result<Self, BadNote> {
        use base64::Engine as _;
        let refused = || BadNote::Form("a witness's key");
        let mut fields = text.splitn(3, '+').map(str::to_owned);
        let (Some(name), Some(_), Some(encoded)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(refused());
        };
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).map_err(|_| refused())?;
        let raw: [u8; 32] = match bytes.split_first() {
            Some((&ALGORITHM, raw)) => raw.try_into().map_err(|_| refused())?,
            _ => return Err(refused()),
        };
        let key = Self::new(&name, VerificationKey::from_bytes(&raw).map_err(|_| refused())?)?;
        if key.to_string() == text { Ok(key) } else { Err(refused()) }
    }

    /// The time at which this witness cosigned a checkpoint, in seconds since 1970; `None` if it did not.
    #[must_use]
    pub fn cosigned_at(&self, note: &str) -> Option<u64> {
        let note = Note::from_bytes(note.as_bytes()).ok()?;
        let (verified, _) = note.verify(&VerifierList::new(vec![Box::new(self.clone())])).ok()?;
        let time = verified.first()?.signature().get(..8)?;
        Some(u64::from_be_bytes(time.try_into().ok()?))
    }

    fn public(&self) -> Vec<u8> {
        [&[ALGORITHM], self.key.to_bytes().as_slice()].concat()
    }
}

impl std::fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use base64::Engine as _;
        let encoded = base64::engine::general_purpose::STANDARD.encode(self.public());
        write!(f, "{}+{:08x}+{encoded}", self.name, self.key_id())
    }
}

impl Verifier for WitnessKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        signed_note::key_id(&self.name, &self.public())
    }

    fn verify(&self, text: &[u8], cosignature: &[u8]) -> bool {
        let Some((time, signature)) = cosignature.split_first_chunk::<8>() else { return false };
        let Ok(signature) = signature.try_into() else { return false };
        self.key.verifies(&cosigned_text(u64::from_be_bytes(*time), text), signature)
    }
}

/// The bytes that a cosignature signs: its time and the checkpoint's text.
#[must_use]
pub fn cosigned_text(time: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat()
}

/// Reads a checkpoint that the log has signed and at least one of these witnesses has cosigned.
pub fn read_cosigned(note: &str, log: &NoteKey, witnesses: &[WitnessKey]) -> Result<Checkpoint, BadProof> {
    read_cosigned_at(note, log, witnesses).map(|(checkpoint, _)| checkpoint)
}

/// As [`read_cosigned`], with the time of the newest cosignature by these witnesses, in seconds since 1970.
pub fn read_cosigned_at(note: &str, log: &NoteKey, witnesses: &[WitnessKey]) -> Result<(Checkpoint, u64), BadProof> {
    let checkpoint = Checkpoint::read(note, log)?;
    let newest = witnesses.iter().filter_map(|witness| witness.cosigned_at(note)).max();
    newest.map(|time| (checkpoint, time)).ok_or(BadProof::Unwitnessed)
}

/// Name of the file that holds the log's request.
pub const SUBMISSION: &str = "to-witness";
/// Name of the file that holds the witness's answer.
pub const ANSWER: &str = "from-witness";

/// A log's request to a witness, in the form of `add-checkpoint` in C2SP tlog-witness.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// The size that the witness cosigned last, as far as the log knows; 0 before the first.
    pub old: u64,
    /// Proof that the checkpoint's log begins with the log of that size.
    pub proof: Proof,
    /// The checkpoint, a signed note.
    pub note: String,
}

impl Submission {
    /// The text: `old SIZE`, the hashes in base64, an empty line, the checkpoint.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in Vec::<String>::from(self.proof.clone()) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{hash}");
        }
        text + "\n" + &self.note
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Result<Self, BadProof> {
        let (head, note) = text.split_once("\n\n").ok_or(BadProof::Form)?;
        let mut lines = head.lines();
        let old = lines.next().and_then(|line| line.strip_prefix("old ")?.parse().ok()).ok_or(BadProof::Form)?;
        let hashes: Vec<String> = lines.map(str::to_owned).collect();
        Ok(Self { old, proof: hashes.try_into()?, note: note.to_owned() })
    }
}

/// A witness's answer to a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CosignAnswer {
    /// The checkpoint with its cosignature.
    Cosigned(String),
    /// The witness cosigned this size last and needs the proof from there.
    Old(u64),
    /// The log contradicts what this witness saw; holds the checkpoint that it saw.
    Contradiction(String),
}

impl CosignAnswer {
    /// The note itself, or a first line that names the other answers.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Cosigned(note) => note.clone(),
            Self::Old(size) => format!("old {size}\n"),
            Self::Contradiction(seen) => format!("contradiction\n{seen}"),
        }
    }

    /// Reads the text back. The caller must check the note's signatures.
    pub fn parse(text: &str) -> Result<Self, BadProof> {
        if let Some(seen) = text.strip_prefix("contradiction\n") {
            return Ok(Self::Contradiction(seen.to_owned()));
        }
        match text.strip_prefix("old ") {
            Some(size) => size.trim_end().parse().map(Self::Old).map_err(|_| BadProof::Form),
            None => Ok(Self::Cosigned(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::checkpoint::Hash;
    use ed25519_dalek::SigningKey;

    #[test]
    fn a_key_is_a_witness_s_and_no_other() {
        let key = VerificationKey::of(&SigningKey::from_bytes(&[1; 32]));
        let witness = WitnessKey::new("demo.test/witness", key).expect("a key");
        assert_eq!(WitnessKey::parse(&witness.to_string()).expect("read"), witness);
        assert!(NoteKey::parse(&witness.to_string()).is_err(), "no key that signs notes");
        let text = witness.to_string();
        for wrong in [text.replacen("demo", "mode", 1), format!("{text}A"), text.replace('+', "-"), String::new()] {
            assert!(WitnessKey::parse(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_log_and_witness_say_comes_back() {
        let proof = Proof(vec![Hash([1; 32]), Hash([2; 32])]);
        let submission = Submission { old: 7, proof, note: "demo.test/log\n9\nx\n\n— a b\n".to_owned() };
        assert_eq!(Submission::parse(&submission.to_text()).expect("read"), submission);
        let first = Submission { old: 0, proof: Proof(Vec::new()), ..submission };
        assert_eq!(Submission::parse(&first.to_text()).expect("read"), first);
        for wrong in ["", "old x\n\nnote", "old 1\nnot base64\n\nnote", "new 1\n\nnote"] {
            assert!(Submission::parse(wrong).is_err(), "{wrong}");
        }
        for answer in
            [CosignAnswer::Cosigned("a\n".into()), CosignAnswer::Old(3), CosignAnswer::Contradiction("a\n".into())]
        {
            assert_eq!(CosignAnswer::parse(&answer.to_text()).expect("read"), answer);
        }
    }
}
