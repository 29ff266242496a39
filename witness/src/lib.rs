//! The witness: receives the access log's checkpoints on a machine of its own, and signs that the log has only grown.
//!
//! It exchanges files, not connections: checkpoints and answers
//! pass through one folder, on a shared mount or a USB stick.

mod checkpoint_folder;
pub mod cli;
mod seen;
