//! Reports: listing, opening, handling, answering, comparing and erasing them.

pub mod classification;
pub mod duplicates;
pub mod enclosure_archive;
pub mod erase_reports;
pub mod handling;
pub mod inbox;
pub mod open_letter;
pub mod open_report;
pub mod opened_letter;
pub mod read_enclosure;
pub mod replies;
pub mod retention;
pub(crate) mod stage;
pub mod take_step;
pub(crate) mod tell_outcome;
