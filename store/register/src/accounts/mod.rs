//! Accounts, and the devices they signed in from.

pub(crate) mod account;
mod device;
