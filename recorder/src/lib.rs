//! The recorder: keeps the access log, the order of first receipt and the outer key. It sees
//! which mailbox a letter is for and where answers go, never what a letter says.
//!
//! A library, so that services are tested with a recorder of their own; the program is [`cli`].

mod accounts;
mod audit;
pub mod cli;
mod keys;
mod refusals;
mod reports;
mod requests;
pub mod serve;
pub mod setup;

pub use requests::Recorder;
