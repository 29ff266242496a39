//! The access log as others verify it: entries and checkpoints, a reporter's access list, witnesses.

pub mod access_list;
pub mod checkpoint;
pub mod witness;
