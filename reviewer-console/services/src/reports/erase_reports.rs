//! Erasing reports after their retention period: the recorder destroys their keys, then the console deletes the bytes.

use model::LetterDigest;
use recorder_protocol::{EraseReports, Recorded};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::retention::{self, AT_ONCE};

/// Enclosures whose parts are to be removed, now that the entry is durable and the keys are destroyed.
#[must_use = "the enclosures' parts are still there"]
pub struct ErasedEnclosures {
    /// Number of reports that were erased.
    pub reports: usize,
    enclosures: Vec<i64>,
}

/// A report to be erased, and its letters.
struct LettersOf {
    report: u64,
    letters: Vec<LetterDigest>,
}

/// Erases chosen reports that are due and were decided by somebody else, at most [`AT_ONCE`]. The recorder destroys the
/// keys; the bytes that are left here, which nobody can open, are deleted too.
pub fn erase_reports(actor: &Actor, chosen: &[u64]) -> Result<ErasedEnclosures, ConsoleError> {
    let mut due = retention::due(actor)?;
    due.retain(|one| chosen.contains(&one.number) && one.decided_by != actor.account());
    due.truncate(AT_ONCE);
    let mut reports = Vec::new();
    for one in &due {
        reports.push(LettersOf { report: one.number, letters: actor.register().letters_to_erase(one.number)? });
    }
    if reports.is_empty() {
        return Ok(ErasedEnclosures { reports: 0, enclosures: Vec::new() });
    }
    let all = reports.iter().flat_map(|one| one.letters.iter().copied()).collect();
    let recorded = actor.connect()?.erase_reports(&actor.person(), reports.len(), all)?;
    erase_rows(recorded, actor, reports)
}

fn erase_rows(
    recorded: Recorded<EraseReports>,
    actor: &Actor,
    reports: Vec<LettersOf>,
) -> Result<ErasedEnclosures, ConsoleError> {
    let EraseReports { .. } = recorded.into_action();
    let (count, mut enclosures) = (reports.len(), Vec::new());
    for LettersOf { report, letters } in reports {
        enclosures.extend(actor.register().erase(report, &letters, actor.today)?);
    }
    Ok(ErasedEnclosures { reports: count, enclosures })
}

/// Removes the enclosures of erased reports from the store and from the register.
pub async fn remove_enclosures(actor: &Actor, erased: ErasedEnclosures) -> Result<(), ConsoleError> {
    for row in &erased.enclosures {
        let removed = actor.resources.enclosures.remove(*row).await;
        removed.map_err(|error| ConsoleError::Enclosure(Box::new(error)))?;
    }
    let register = actor.register().clone();
    let forgotten = tokio::task::spawn_blocking(move || register.forget_enclosures(erased.enclosures));
    Ok(forgotten.await.map_err(ConsoleError::inside)??)
}
