//! The rules, without I/O: how reports, cases and claims are handled and by when, what a reward comes to, and which
//! figures may be shown.
//!
//! Everything here returns codes and numbers; the pages put them into words. There is no clock and no file: rule sets
//! come in as text. Reports, cases and claims are event-sourced: what was done is stored as entries, and the state is
//! what its entries, replayed in order, lead to.

pub mod cases;
pub mod figures;
pub mod reports;
pub mod rewards;
pub mod rules;
pub mod signed_entry;
