//! Clues of other systems, sealed here and taken in like any letter.

use std::collections::BTreeSet;
use std::sync::Arc;

use crypto::keys::statement::VerifiedStatement;
use register::Clue;

use crate::error::ConsoleError;
use crate::intake::clues::CheckedClue;
use crate::intake::ingest::{Arrived, NotIngested, place_in_order};
use crate::intake::seal::{NotSealed, keys_in_force, seal};
use crate::resources::Resources;

/// Result of taking clues in.
pub struct CluesTaken {
    /// Number of the report of each clue, in the order of the clues, and whether the clue was known before.
    pub reports: Vec<(u64, bool)>,
}

/// Takes in a clue that a system sent. No account acts here: the log entry of the letter is its record.
pub async fn take_clue(
    resources: Arc<Resources>,
    feed: String,
    clue: CheckedClue,
) -> Result<Result<(), NotSealed>, ConsoleError> {
    let keys = match keys_in_force(&resources)? {
        Ok(keys) => keys,
        Err(not) => return Ok(Err(not)),
    };
    let taken = tokio::task::spawn_blocking(move || take_clues(&resources, &feed, std::slice::from_ref(&clue), &keys));
    Ok(taken.await.map_err(ConsoleError::inside)??.map(|_| ()))
}

/// Seals clues of a feed and takes them in, all or none. Clues of one feed about one party on one day are one report
/// with several letters, so that a flood of alarms does not bury other reports. A clue that came before is not taken in
/// again.
pub(crate) fn take_clues(
    resources: &Resources,
    feed: &str,
    clues: &[CheckedClue],
    keys: &VerifiedStatement,
) -> Result<Result<CluesTaken, NotSealed>, ConsoleError> {
    // One after the other: whether a clue is the first of its report depends on those before.
    let _turn = resources.clue_turn();
    let today = resources.clock.today();
    let mut reports: Vec<Option<(u64, bool)>> = Vec::new();
    let (mut letters, mut begun) = (Vec::new(), BTreeSet::new());
    for (at, clue) in clues.iter().enumerate() {
        let event = clue.event(feed);
        if let Some(report) = resources.register.clue(&event.to_hex())? {
            reports.push(Some((report, true)));
            continue;
        }
        reports.push(None);
        let reporter = resources.clue_key.reporter(feed, &clue.subject(), today);
        let mailbox = reporter.mailbox();
        let first = resources.register.report_of(&mailbox)?.is_none() && begun.insert(mailbox.to_hex());
        let body = if first { clue.report() } else { clue.follow_up() };
        let id: [u8; 16] = event.as_bytes()[..16].try_into().map_err(ConsoleError::inside)?;
        match seal(&reporter, id.into(), body, keys, today)? {
            Ok(sealed) => {
                letters.push(Arrived { mailbox, sealed, on: today, tag: (at, event.to_hex()) });
            }
            Err(not) => return Ok(Err(not)),
        }
    }
    let arrived = place_in_order(resources, letters, None).map_err(NotIngested::into_console)?;
    let (places, batch): (Vec<usize>, Vec<Clue>) = arrived
        .letters
        .into_iter()
        .map(|(letter, (at, event))| (at, Clue { letter, event, feed: feed.to_owned() }))
        .unzip();
    let Ok(taken) = resources.register.take_in_clues(batch)? else { return Err(ConsoleError::Unsound) };
    for (at, report) in places.into_iter().zip(taken) {
        reports[at] = Some((report, false));
    }
    Ok(Ok(CluesTaken { reports: reports.into_iter().collect::<Option<_>>().ok_or(ConsoleError::Unsound)? }))
}
