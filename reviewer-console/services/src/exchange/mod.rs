//! The exchange: letters and complete enclosures come in from the portal, slots and signed notes go out to it. Apart
//! from it only a report that an officer enters goes to the portal (`intake/manual_entry.rs`).

pub(crate) mod checkpoint_folder;
mod checkpoints;
mod enclosures;
pub mod history;
mod results;
mod run;
pub mod runner;
mod slots;
mod stopped;
