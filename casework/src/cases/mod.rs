//! Cases: their entries, penalty decisions, transfers, and the comparison of fact sheets with reports.

mod case;
mod case_state;
mod compared_numbers;
mod compared_text;
mod entry;
mod entry_kind;
mod leak_check;
mod penalty;
mod refusal;
mod reported_names;
mod transfer;
mod unsettled;

pub use case::Case;
pub use case_state::CaseState;
#[cfg(test)]
pub(crate) use entry::MOST_FILES;
pub use entry::{Assignment, CaseEntry, Evidence, FactSheet};
pub use entry_kind::CaseEntryKind;
pub use leak_check::{Leak, LeakKind, ReportedContent, find_leaks};
pub use penalty::{Decision, Penalty, PenaltyStatus, ReviewResult};
pub use refusal::CaseRefusal;
pub use transfer::{Authority, Transfer, TransferAnswer};
pub use unsettled::Unsettled;
