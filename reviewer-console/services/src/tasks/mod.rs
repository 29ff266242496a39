//! Work that waits for somebody.

pub mod waiting;
