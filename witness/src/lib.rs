//! The witness: sees the access log grow from a machine of its own, and signs that it only ever grew.
//!
//! It exchanges files, not connections: checkpoints come and go in one folder, over a shared mount or on a stick.

mod checkpoint_folder;
pub mod cli;
mod seen;
