//! The rules, without I/O: how reports, cases and claims are handled and
//! by when, how a reward is computed, and which figures may be shown.
//!
//! Functions return codes and numbers; the pages put them into words. There is no clock and no file access: rule sets
//! are passed in as text. Reports, cases and claims are event-sourced: every action is stored as an entry, and the
//! state is computed by replaying the entries in order.

pub mod cases;
pub mod figures;
pub mod reports;
pub mod rewards;
pub mod rules;
pub mod signed_entry;
