//! Accounts, and the devices from which their owners signed in.

pub(crate) mod account;
mod device;
