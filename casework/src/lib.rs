//! The rules without I/O: what may be reported, how a report and a case are handled and by when,
//! money, reward policy and reward, figures.
//!
//! Everything here returns codes and numbers; the sites put them into words. No clock, no
//! files: rule sets come in as text. What was done is kept as entries; the state of a report, a
//! case or a claim is what its entries, replayed in order, lead to.

pub mod calendar;
pub mod case;
pub mod claim;
pub mod entered;
pub mod figures;
pub mod likeness;
pub mod policy;
pub mod procedure;
pub mod report;
pub mod retention;
pub mod reward;
pub mod triage;
pub mod wall;
