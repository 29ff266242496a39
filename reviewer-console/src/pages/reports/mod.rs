//! Reports: the inbox, one report locked and opened, its handling, answers, erasure.

mod clocks;
pub(crate) mod duplicates;
pub(crate) mod enclosure;
pub(crate) mod handling;
pub(crate) mod inbox;
pub(crate) mod labels;
pub(crate) mod locked;
pub(crate) mod opened;
pub(crate) mod reply;
pub(crate) mod retention;
