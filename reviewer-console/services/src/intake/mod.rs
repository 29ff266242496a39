//! Intake of letters from the portal, reports that officers enter, and clues of other systems. All are taken in alike.

pub mod clue_file;
pub(crate) mod clue_key;
pub mod clues;
pub mod import;
pub(crate) mod ingest;
pub mod journal;
pub mod manual_entry;
pub mod seal;
pub mod settings;
pub mod take_clues;
