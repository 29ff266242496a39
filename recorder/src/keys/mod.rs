//! The recorder's keys: signing keys, an outer key for each period, and a key for each letter.

pub(crate) mod letter_keys;
pub(crate) mod periods;
pub(crate) mod signing;
