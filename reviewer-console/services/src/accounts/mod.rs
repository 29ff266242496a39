//! Accounts: their keys, roles and sessions; signing in; making, resetting and closing them.

pub(crate) mod account_keys;
pub mod administration;
pub mod audience;
pub mod authentication;
pub mod change_password;
pub mod roles;
pub mod sessions;
pub(crate) mod sign_in_limiter;

pub use opening::Password;
pub use opening::password::{BadPassword, SHORTEST};
