//! Accounts: signing in, one's own password, administering those of others.

#[allow(clippy::module_inception)]
pub(crate) mod accounts;
pub(crate) mod labels;
pub(crate) mod password;
pub(crate) mod sign_in;
