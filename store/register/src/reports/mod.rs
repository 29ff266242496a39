//! Reports, locked: letters, admission, lists, sealed records, erasure.

pub(crate) mod admission;
pub(crate) mod enclosures;
pub(crate) mod erasure;
pub(crate) mod letter_refusal;
pub(crate) mod listing;
pub(crate) mod sealed_records;
pub(crate) mod stored_report;
pub(crate) mod unopened;
pub(crate) mod unreadable;
