//! The access log, for auditors: reading a page, exporting entries, and the checkpoints that the console holds.

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

/// The checkpoints of the access log that the console holds.
pub struct LogStatus {
    /// Size of the newest held checkpoint, in entries; none before the first.
    pub last: Option<u64>,
    /// Size of the newest cosigned checkpoint, and when it was cosigned, in seconds since 1970.
    pub witnessed: Option<(u64, u64)>,
    /// Two checkpoints that contradict each other. Nothing is opened until an auditor has acknowledged them.
    pub contradiction: Option<Contradiction>,
}

/// Two contradicting checkpoints, each by its size and root; none for one that cannot be read.
pub struct Contradiction {
    /// The checkpoint that the console held.
    pub held: Option<(u64, String)>,
    /// The checkpoint that the recorder gave later.
    pub found: Option<(u64, String)>,
}

/// Reads a page of the log, which is recorded, and the checkpoints that the console holds.
pub fn read_log(actor: &Actor, filter: LogFilter) -> Result<(LogPage, LogStatus), ConsoleError> {
    let (recorded, granted) = actor.record_to_audit(ReadLog { filter })?;
    let page = page_of(recorded, granted)?;
    Ok((page, log_status(&actor.resources, &actor.register().log_held()?)))
}

fn page_of(recorded: Recorded<ReadLog>, granted: Granted) -> Result<LogPage, ConsoleError> {
    let ReadLog { .. } = recorded.into_action();
    let Granted::Log(page) = granted else { return Err(ClientError::Mismatch.into()) };
    Ok(page)
}

/// Exports entries of the log, which is recorded.
pub fn export_log(actor: &Actor, filter: LogFilter) -> Result<LogPage, ConsoleError> {
    let (recorded, granted) = actor.record_to_audit(ExportLog { filter })?;
    let ExportLog { .. } = recorded.into_action();
    let Granted::Log(page) = granted else { return Err(ClientError::Mismatch.into()) };
    Ok(page)
}

fn log_status(resources: &Resources, held: &LogHeld) -> LogStatus {
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
    LogStatus { last: held.held.as_ref().and_then(|note| Some(read(note)?.size)), witnessed, contradiction }
}

/// Acknowledges a contradiction, so that letters can be opened again. An entry of the present log names both
/// checkpoints by their digests.
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
    // Returns false if somebody else has acknowledged it in the meantime; nothing is left to do then.
    actor.register().acknowledge_contradiction(actor.account().to_owned(), now.size, note)?;
    Ok(())
}

fn newest(resources: &Resources) -> Result<(String, Checkpoint), ClientError> {
    resources.recorder.connect_to_audit()?.checkpoint_after(None, resources.recorder.log())
}

/// The codes of all actions that the log can contain.
pub fn all_actions() -> impl Iterator<Item = &'static str> {
    let actions = ActionCode::VARIANTS.iter().map(<&str>::from);
    actions.chain(NoticeCode::VARIANTS.iter().map(<&str>::from)).chain([
        ASK_REFUSED,
        LOG_EXPORTED,
        OUTER_KEY_DESTROYED,
        crypto::log::checkpoint::RECEIVED,
    ])
}
