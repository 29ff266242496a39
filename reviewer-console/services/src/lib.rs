//! What the reviewer console does, without HTTP: one function for each use case, found by its file's name.
//!
//! A page passes an [`Actor`](actor::Actor) (who acts, in which role, on which day, with which resources) and a
//! request. The function obtains the record of it from the recorder first and passes it, a
//! [`Recorded`](recorder_protocol::Recorded), by value to the function that does what it permits. Readers that several
//! records permit take it as a permit; `audit::permissions` is the table.
//!
//! Folders are nouns, the same as those of the pages.

// A record permits one thing once: taking it by value is what uses it up, whether or not its content is needed.
#![allow(clippy::needless_pass_by_value)]

pub mod accounts;
pub mod actor;
pub mod audit;
pub mod cases;
pub mod config;
pub mod console;
pub mod data_folder;
pub mod error;
pub mod exchange;
pub mod figures;
pub mod finance;
pub mod identity;
pub mod intake;
pub mod keys;
pub mod ledger;
pub mod mail;
mod recorder_client;
pub mod reports;
pub mod resources;
pub mod rewards;
pub mod rules;
pub mod schedule;
mod sealed_record;
pub mod tasks;
pub mod uploads;
