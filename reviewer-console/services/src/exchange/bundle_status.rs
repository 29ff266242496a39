//! Where the bundles are, for the pages: what waits, what is due, what is missing.

use bundle::{Inward, Outward};
use model::Day;
use recorder_protocol::{AcceptPortal, Recorded};

use crate::actor::Actor;
use crate::error::ConsoleError;

/// Where the bundles are.
pub struct BundleStatus {
    /// Whether the folder is there.
    pub is_there: bool,
    /// Number of the portal's bundles that are in the folder.
    pub waiting: usize,
    /// The newest bundle of the portal that was taken in: its number and its day.
    pub taken: Option<(u64, Day)>,
    /// The newest bundle that was written for the portal: its number and its day.
    pub written: Option<(u64, Day)>,
    /// Whether the portal is known to have applied that one.
    pub is_applied: bool,
    /// Whether that one is in the folder.
    pub is_written_here: bool,
    /// Bundles of the portal that never came.
    pub missing: Vec<u64>,
    /// This console's epoch, which the portal's operator compares after a restore of the console.
    pub epoch: String,
    /// The portal's epoch; none before its first bundle.
    pub portal_epoch: Option<String>,
    /// Another epoch of the portal that waits to be confirmed.
    pub proposed: Option<String>,
}

/// Reads where the bundles are.
pub fn bundle_status(actor: &Actor) -> Result<BundleStatus, ConsoleError> {
    let folder = &actor.resources.passage.folder;
    let state = actor.register().bundle_state()?;
    let waiting = folder.bundles::<Inward>().map_or(0, |bundles| bundles.len());
    let is_written_here = folder.bundles::<Outward>().is_ok_and(|bundles| !bundles.is_empty());
    Ok(BundleStatus {
        is_there: folder.is_there(),
        waiting,
        taken: state.applied.last.map(|last| last.number).zip(state.applied_on),
        written: state.last.as_ref().map(|last| (last.number, last.made_on)),
        is_applied: state.last.as_ref().is_some_and(|last| last.number <= state.told),
        is_written_here,
        missing: state.applied.missing.iter().copied().collect(),
        epoch: state.epoch.to_hex(),
        portal_epoch: state.applied.epoch.map(|epoch| epoch.to_hex()),
        proposed: state.proposed.map(|epoch| epoch.to_hex()),
    })
}

/// Confirms the portal's new epoch, which is recorded first. False if another one waits by now, or none.
pub fn accept_portal(actor: &Actor, epoch: &str) -> Result<bool, ConsoleError> {
    let state = actor.register().bundle_state()?;
    if state.proposed.is_none_or(|proposed| proposed.to_hex() != epoch) {
        return Ok(false);
    }
    let recorded = actor.record(AcceptPortal { epoch: epoch.to_owned() })?;
    accept(recorded, actor)
}

fn accept(recorded: Recorded<AcceptPortal>, actor: &Actor) -> Result<bool, ConsoleError> {
    let AcceptPortal { epoch } = recorded.into_action();
    Ok(actor.register().confirm_epoch(epoch.parse().map_err(ConsoleError::inside)?)?)
}
