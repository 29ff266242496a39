//! Use cases of the reviewer console, without HTTP: one function for each, in a file of its name.
//!
//! A page passes an [`Actor`](actor::Actor) (who acts, in which role, on which day, with which resources) and a
//! request. The function first obtains the record of it from the recorder. It passes this
//! [`Recorded`](recorder_protocol::Recorded) by value to the function that does what the record permits. Readers that
//! several records permit take the record as a permit; `audit::permissions` is the table.
//!
//! Folders have the same nouns as those of the pages.

// A record permits an action once: taking the record by value uses it up, whether or not its content is needed.
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
