//! Accounts: signing in, one's own password, administration.

pub(crate) mod account_list;
pub(crate) mod labels;
pub(crate) mod password;
pub(crate) mod sign_in;
