//! What the witness has seen of the log, and how it answers a new checkpoint.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crypto::keys::note_key::NoteKey;
use crypto::log::checkpoint::{BadProof, Checkpoint};
use crypto::log::witness::{CosignAnswer, Submission};
use opening::NoteKeyError;
use program::files::write_whole;

const CHECKPOINT: &str = "checkpoint";
const CONTRADICTION: &str = "contradiction";

/// The witness's folder, which holds the last checkpoint that it cosigned.
pub(crate) struct Seen(PathBuf);

/// Why no answer was given.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error("the checkpoint is refused")]
    Refused(#[source] BadProof),
    #[error("what this witness saw before cannot be read")]
    Seen(#[source] BadProof),
    #[error("the witness's folder cannot be read or written")]
    Io(#[from] io::Error),
    #[error("the checkpoint cannot be cosigned")]
    Sign(#[from] NoteKeyError),
}

impl Seen {
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Answers a submission. A checkpoint is stored durably before it
    /// is cosigned: a witness that lost it could be shown a second log.
    pub(crate) fn answer(
        &self,
        submission: &Submission,
        log: &NoteKey,
        cosign: impl FnOnce(&str) -> Result<String, NoteKeyError>,
    ) -> Result<CosignAnswer, NoAnswer> {
        let now = Checkpoint::read(&submission.note, log).map_err(NoAnswer::Refused)?;
        let last = self.last()?;
        let before = last.as_deref().map(|note| Checkpoint::read(note, log)).transpose().map_err(NoAnswer::Seen)?;
        match (&last, before) {
            (Some(note), Some(before)) if now.size < before.size => return self.contradiction(submission, note),
            (Some(note), Some(before)) if now.size == before.size && now.root != before.root => {
                return self.contradiction(submission, note);
            }
            (_, before) if submission.old != before.map_or(0, |before| before.size) => {
                return Ok(CosignAnswer::Old(before.map_or(0, |before| before.size)));
            }
            (Some(note), Some(before)) if now.continues(&before, &submission.proof).is_err() => {
                return self.contradiction(submission, note);
            }
            _ => {}
        }
        write_whole(&self.0, CHECKPOINT, submission.note.as_bytes())?;
        Ok(CosignAnswer::Cosigned(cosign(&submission.note)?))
    }

    fn last(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.0.join(CHECKPOINT)) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores both notes: two checkpoints that the log's key has signed and
    /// that cannot both be true are proof against the holder of that key.
    fn contradiction(&self, submission: &Submission, seen: &str) -> Result<CosignAnswer, NoAnswer> {
        write_whole(&self.0, CONTRADICTION, format!("{seen}\n{}", submission.to_text()).as_bytes())?;
        Ok(CosignAnswer::Contradiction(seen.to_owned()))
    }
}

/// One line for the operator of the witness.
pub(crate) fn in_words(answer: &CosignAnswer) -> String {
    match answer {
        CosignAnswer::Cosigned(note) => {
            format!("cosigned the log at {} entries", note.lines().nth(1).unwrap_or_default())
        }
        CosignAnswer::Old(size) => format!("not cosigned: the proof must begin at {size} entries; the next one will"),
        CosignAnswer::Contradiction(_) => {
            format!("NOT COSIGNED: the log is not the one that was seen before; both are in the file “{CONTRADICTION}”")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::keys::note_text::LogKey;
    use crypto::log::checkpoint::{Hash, Proof, leaf};
    use opening::NoteSigningKey;

    fn log() -> NoteSigningKey<LogKey> {
        NoteSigningKey::from_seed("demo.test/log", &[1; 32]).expect("a key")
    }

    fn submission(old: u64, proof: Vec<Hash>, size: u64, root: Hash) -> Submission {
        Submission { old, proof: Proof(proof), note: log().sign_note(&Checkpoint { size, root }).expect("signed") }
    }

    #[test]
    fn only_a_log_that_grew_is_cosigned() {
        let folder = tempfile::tempdir().expect("a folder");
        let seen = Seen::at(folder.path());
        let ask = |submission: &Submission| seen.answer(submission, &log().public(), |note| Ok(note.to_owned()));
        let leaves = [leaf("a", &[1; 32]), leaf("b", &[2; 32]), leaf("c", &[3; 32])];
        let two = crypto::log::checkpoint::node(leaves[0], leaves[1]);
        let three = crypto::log::checkpoint::node(two, leaves[2]);
        let first = submission(0, vec![], 2, two);
        assert_eq!(ask(&first).expect("answered"), CosignAnswer::Cosigned(first.note.clone()));
        assert_eq!(ask(&submission(0, vec![], 3, three)).expect("answered"), CosignAnswer::Old(2));
        let grown = submission(2, vec![leaves[2]], 3, three);
        assert_eq!(ask(&grown).expect("answered"), CosignAnswer::Cosigned(grown.note.clone()));
        let again = submission(3, vec![], 3, three);
        assert!(matches!(ask(&again).expect("answered"), CosignAnswer::Cosigned(_)));
        // Shortened, as by an old backup; forked at the same size; forked and longer.
        let contradiction = CosignAnswer::Contradiction(again.note.clone());
        assert_eq!(ask(&submission(3, vec![], 2, two)).expect("answered"), contradiction);
        assert_eq!(ask(&submission(3, vec![], 3, leaves[0])).expect("answered"), contradiction);
        assert_eq!(ask(&submission(3, vec![leaves[0]], 4, leaves[1])).expect("answered"), contradiction);
        let kept = fs::read_to_string(folder.path().join(CONTRADICTION)).expect("the proof is kept");
        assert!(kept.contains(&again.note));
        // None of these was stored as seen.
        assert!(matches!(ask(&again).expect("answered"), CosignAnswer::Cosigned(_)));
        let other = NoteSigningKey::from_seed("demo.test/log", &[2; 32]).expect("a key");
        let note = other.sign_note(&Checkpoint { size: 9, root: two }).expect("signed");
        let forged = Submission { note, ..again };
        assert!(matches!(ask(&forged), Err(NoAnswer::Refused(_))), "not the log's key");
    }
}
