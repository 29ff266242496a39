//! The recorder, its log, and forgery without the recorder.

mod forged_records;
mod log;
mod recorder;
mod recorder_requests;
mod witness;
