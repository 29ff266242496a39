//! The access log, for auditors: a page of it, a file of it, and what the console holds of it.

use crypto::log::checkpoint::Checkpoint;
use model::Digest;
use recorder_protocol::{AcknowledgeLog, ClientError, ExportLog, ReadLog, Recorded};
use register::LogHeld;

pub use recorder_protocol::{
    ASK_REFUSED, ActionCode, Anomaly, Granted, LOG_EXPORTED, ListedEntry, LogFilter, LogPage, NoticeCode,
    OUTER_KEY_DESTROYED,
};
use strum::VariantArray as _;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::resources::Resources;

/// What the console holds of the access log.
pub struct LogStanding {
    /// The size of the last checkpoint.
    pub last: Option<u64>,
    /// The size of the last cosigned checkpoint, and when it was cosigned, in seconds since 1970.
    pub witnessed: Option<(u64, u64)>,
    /// Two checkpoints that contradict each other, on which nothing is opened until an auditor has acknowledged it.
    pub contradiction: Option<Contradiction>,
}

/// A contradiction between checkpoints: each by its size and root; none of one that cannot be read.
pub struct Contradiction {
    /// The one that was held.
    pub held: Option<(u64, String)>,
    /// The one that was found.
    pub found: Option<(u64, String)>,
}

/// Reads a page of the log, which is recorded, and what the console holds of it.
pub fn read_log(actor: &Actor, filter: LogFilter) -> Result<(LogPage, LogStanding), ConsoleError> {
    let (recorded, granted) = actor.record_to_audit(ReadLog { filter })?;
    let page = page_of(recorded, granted)?;
    Ok((page, standing(&actor.resources, &actor.register().log_held()?)))
}

fn page_of(recorded: Recorded<ReadLog>, granted: Granted) -> Result<LogPage, ConsoleError> {
    let ReadLog { .. } = recorded.into_action();
    let Granted::Log(page) = granted else { return Err(ClientError::Mismatch.into()) };
    Ok(page)
}

/// Takes entries of the log out, which is recorded.
pub fn export_log(actor: &Actor, filter: LogFilter) -> Result<LogPage, ConsoleError> {
    let (recorded, granted) = actor.record_to_audit(ExportLog { filter })?;
    let ExportLog { .. } = recorded.into_action();
    let Granted::Log(page) = granted else { return Err(ClientError::Mismatch.into()) };
    Ok(page)
}

fn standing(resources: &Resources, held: &LogHeld) -> LogStanding {
    let read = |note: &String| resources.recorder.read(note).ok();
    let witnessed = held.witnessed.as_ref().and_then(|note| {
        let time = resources.witnesses.iter().find_map(|witness| witness.cosigned_at(note))?;
        Some((read(note)?.size, time))
    });
    let root = |note: &String| read(note).map(|at| (at.size, at.root.to_string()));
    let contradiction = held
        .contradiction
        .as_ref()
        .map(|found| Contradiction { held: held.held.as_ref().and_then(root), found: root(found) });
    LogStanding { last: held.held.as_ref().and_then(|note| Some(read(note)?.size)), witnessed, contradiction }
}

/// The auditor lets the console go on; which checkpoints contradicted each other is an entry of the log as it is now.
pub fn acknowledge(actor: &Actor) -> Result<(), ConsoleError> {
    let known = actor.register().log_held()?;
    let (Some(held), Some(found)) = (known.held, known.contradiction) else { return Ok(()) };
    let digest = |note: &str| Digest::of(note.as_bytes());
    let (recorded, _) = actor.record_to_audit(AcknowledgeLog { held: digest(&held), found: digest(&found) })?;
    go_on(recorded, actor)
}

fn go_on(recorded: Recorded<AcknowledgeLog>, actor: &Actor) -> Result<(), ConsoleError> {
    let AcknowledgeLog { .. } = recorded.into_action();
    let (note, now) = newest(&actor.resources)?;
    // False where somebody else has acknowledged it meanwhile: then nothing is left to do.
    actor.register().acknowledge_contradiction(actor.account().to_owned(), now.size, note)?;
    Ok(())
}

fn newest(resources: &Resources) -> Result<(String, Checkpoint), ClientError> {
    resources.recorder.connect_to_audit()?.checkpoint_after(None, resources.recorder.log())
}

/// The codes of all actions that stand in the log.
pub fn all_actions() -> impl Iterator<Item = &'static str> {
    let actions = ActionCode::VARIANTS.iter().map(<&str>::from);
    actions.chain(NoticeCode::VARIANTS.iter().map(<&str>::from)).chain([
        ASK_REFUSED,
        LOG_EXPORTED,
        OUTER_KEY_DESTROYED,
        crypto::log::checkpoint::RECEIVED,
    ])
}
