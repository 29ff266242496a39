//! Signing in, sessions, accounts and their keys.

mod locked_session;
mod sign_in;
