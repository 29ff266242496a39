//! What a reporter sends: receipt code, mailbox, letter, visit, claim note.

pub mod claim_note;
pub mod enclosure_token;
pub mod letter;
pub mod mailbox;
pub mod receipt;
pub mod visit;
