//! The rules without I/O: what may be reported, how a report and a case are handled, money,
//! reward policy and reward.
//!
//! Everything here returns codes and numbers; the sites put them into words. No clock, no
//! files: rule sets come in as text. What was done is kept as entries; the state of a report, a
//! case or a claim is what its entries, replayed in order, lead to.

pub mod case;
pub mod claim;
mod codes;
pub mod entered;
pub mod money;
pub mod policy;
pub mod report;
pub mod retention;
pub mod reward;
pub mod triage;
pub mod wall;
