//! The exchange: bundles of the portal are taken in, with letters and enclosures, and bundles for it are written, with
//! slots, acknowledgements and signed notes. There is no other way between console and portal.

pub mod bundle_status;
pub(crate) mod checkpoint_folder;
mod checkpoints;
pub mod history;
mod import;
mod outward;
pub(crate) mod passage;
mod results;
mod run;
pub mod runner;
mod slots;
mod stopped;
