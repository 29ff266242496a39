//! The recorder's keys: those that sign, outer keys by period, and one for each letter.

pub(crate) mod letter_keys;
pub(crate) mod periods;
pub(crate) mod signing;
