//! What waits for whom.

pub mod waiting;
