//! Checkpoints of the access log: for the witness, and at the portal for anyone.

use std::thread;
use std::time::{Duration, Instant};

use crypto::log::checkpoint::Checkpoint;
use crypto::log::witness::{CosignAnswer, Submission, read_cosigned};
use recorder_protocol::{Client, Provable};

use super::checkpoint_folder::CheckpointFolder;
use super::run::Exchange;
use super::stopped::ExchangeError;

/// How often an exchange checks for the witness's answer.
const LOOK: Duration = Duration::from_millis(50);

/// The witness's answer, as far as the next request depends on it.
enum Said {
    /// There is no new answer.
    Nothing,
    /// A checkpoint was cosigned.
    Cosigned,
    /// The witness needs a proof from this size on.
    From(u64),
}

impl Exchange {
    /// Reads the witness's last answer, submits the newest checkpoint, and waits for the configured time. Returns the
    /// newest checkpoint, cosigned if there are cosignatures, and the result of asking the witness: one that does not
    /// answer stops nothing. Blocks.
    pub(super) fn newest_checkpoint(&self) -> Result<(String, Result<(), ExchangeError>), ExchangeError> {
        let resources = &self.resources;
        let mut client = resources.recorder.connect()?;
        let held = resources.register.log_held()?.held.ok_or(ExchangeError::Inside)?;
        let now = resources.recorder.read(&held)?;
        let folder = resources.checkpoint_folder.as_ref();
        let asked = folder.map_or(Ok(()), |folder| self.ask(folder, &mut client, &held, now.size));
        let witnessed = self.witnessed()?.filter(|(_, at)| at.size == now.size).map(|(note, _)| note);
        Ok((witnessed.unwrap_or(held), asked))
    }

    /// The newest checkpoint that one of the present witnesses has cosigned. A cosignature of a witness that the root
    /// has replaced since proves nothing to a reporter.
    pub(super) fn witnessed(&self) -> Result<Option<(String, Checkpoint)>, ExchangeError> {
        let Some(note) = self.resources.register.log_held()?.witnessed else { return Ok(None) };
        Ok(read_cosigned(&note, self.resources.recorder.log(), &self.resources.witnesses).ok().map(|at| (note, at)))
    }

    fn ask(&self, folder: &CheckpointFolder, client: &mut Client, note: &str, size: u64) -> Result<(), ExchangeError> {
        let mut from = match self.said(folder)? {
            Said::From(size) => Some(size),
            _ => None,
        };
        // Twice, because the witness may have seen more than its answers show, for instance after a lost answer.
        for _ in 0..2 {
            let witnessed = self.witnessed()?.map_or(0, |(_, at)| at.size);
            if witnessed == size {
                return Ok(());
            }
            let old = from.unwrap_or(witnessed);
            if old > size {
                // The witness has seen more of this log than there is.
                return Err(ExchangeError::Witness);
            }
            let proof = client.proof(Provable::Growth { from: old, to: size })?;
            let submission = Submission { old, proof, note: note.to_owned() };
            folder.submit(&submission.to_text()).map_err(ExchangeError::WitnessFolder)?;
            match self.wait(folder)? {
                Said::From(size) => from = Some(size),
                Said::Nothing | Said::Cosigned => return Ok(()),
            }
        }
        Ok(())
    }

    fn wait(&self, folder: &CheckpointFolder) -> Result<Said, ExchangeError> {
        let until = Instant::now() + folder.wait;
        loop {
            let said = self.said(folder)?;
            if !matches!(said, Said::Nothing) || Instant::now() >= until {
                return Ok(said);
            }
            thread::sleep(LOOK);
        }
    }

    fn said(&self, folder: &CheckpointFolder) -> Result<Said, ExchangeError> {
        let Some(text) = folder.take_answer().map_err(ExchangeError::WitnessFolder)? else { return Ok(Said::Nothing) };
        match CosignAnswer::parse(&text).map_err(ExchangeError::Answer)? {
            CosignAnswer::Cosigned(note) => {
                let at = read_cosigned(&note, self.resources.recorder.log(), &self.resources.witnesses)
                    .map_err(ExchangeError::Answer)?;
                self.continues(&at)?;
                self.resources.register.keep_witnessed(at.size, note)?;
                Ok(Said::Cosigned)
            }
            CosignAnswer::Old(size) => Ok(Said::From(size)),
            CosignAnswer::Contradiction(_) => Err(ExchangeError::Witness),
        }
    }

    /// Verifies that the held checkpoint extends a cosigned one, so that none of another log is stored.
    fn continues(&self, at: &Checkpoint) -> Result<(), ExchangeError> {
        let held = self.resources.register.log_held()?.held.ok_or(ExchangeError::Inside)?;
        let held = self.resources.recorder.read(&held)?;
        if at.size > held.size {
            return Err(ExchangeError::Witness);
        }
        let grown = self.resources.recorder.connect()?.proof(Provable::Growth { from: at.size, to: held.size })?;
        held.continues(at, &grown).map_err(|_| ExchangeError::Witness)
    }
}
