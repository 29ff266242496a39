//! Clues of patrols, organisations, hotlines and monitoring in a file: all rows are taken in, or none.

use casework::reports::Origin;
use crypto::keys::statement::VerifiedStatement;
use model::Digest;
use recorder_protocol::{ImportClues, Recorded};
use tokio::task::spawn_blocking;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::intake::clues::CheckedClue;
use crate::intake::seal::{NotSealed, keys_in_force};
use crate::intake::take_clues::{CluesTaken, take_clues};

/// Request to import a file of clues that was read and checked.
pub struct ImportRequest {
    /// Origin of all clues of the file.
    pub origin: Origin,
    /// The clues in the order of the file.
    pub clues: Vec<CheckedClue>,
    /// SHA-256 of the file, which identifies it in the log.
    pub digest: Digest,
}

/// Imports a file of clues, which is recorded first.
pub async fn import_clues(actor: Actor, request: ImportRequest) -> Result<Result<CluesTaken, NotSealed>, ConsoleError> {
    let keys = match keys_in_force(&actor.resources)? {
        Ok(keys) => keys,
        Err(not) => return Ok(Err(not)),
    };
    let taken = spawn_blocking(move || {
        let ImportRequest { origin, clues, digest } = request;
        let count = u32::try_from(clues.len()).map_err(ConsoleError::inside)?;
        let recorded = actor.record(ImportClues { clues: count, digest })?;
        take(recorded, &actor, origin, &clues, &keys)
    });
    taken.await.map_err(ConsoleError::inside)?
}

fn take(
    recorded: Recorded<ImportClues>,
    actor: &Actor,
    origin: Origin,
    clues: &[CheckedClue],
    keys: &VerifiedStatement,
) -> Result<Result<CluesTaken, NotSealed>, ConsoleError> {
    let ImportClues { .. } = recorded.into_action();
    take_clues(&actor.resources, origin.code(), clues, keys)
}
