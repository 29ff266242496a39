//! The recorder, its log, and what nobody can write without it.

mod forged_records;
mod log;
mod recorder;
mod recorder_requests;
mod witness;
