//! The rules without I/O: what may be reported, money, reward policy and reward.
//!
//! Everything here returns codes and numbers; the sites put them into words. No clock, no
//! files: rule sets come in as text.

pub mod money;
pub mod policy;
pub mod report;
pub mod reward;
