//! The recorder: the access log, the order of first receipt and the outer keys. It sees which mailbox a letter is for
//! and which recipient answers are sealed to, never a letter's content.
//!
//! A library, so that tests can run a recorder of their own; the program is [`cli`].

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
