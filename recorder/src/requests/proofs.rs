//! Checkpoints of the log as it is now, and proofs of its contents.

use recorder_protocol::{Provable, Refusal, Response};

use super::Recorder;
use crate::refusals::no_proof;

impl Recorder {
    pub(super) fn checkpoint(&self) -> Result<Response, Refusal> {
        let (_, note) = crate::audit::log::sign(&self.logbook, &self.log_key).map_err(|error| {
            tracing::error!(
                code = "checkpoint.not-signed",
                "checkpoint not signed: {}",
                program::chain(error.as_ref())
            );
            Refusal::NotRecorded
        })?;
        Ok(Response::Checkpoint { note })
    }

    pub(super) fn prove(&self, of: Provable) -> Result<Response, Refusal> {
        let proof = match of {
            Provable::Entry { sequence, size } => self.logbook.prove_entry(sequence, size),
            Provable::Growth { from, to } => self.logbook.prove_growth(from, to),
        };
        Ok(Response::Proof { proof: proof.map_err(no_proof)? })
    }
}
