//! What the post sends: a slot to each reporter, and results to everybody.

pub mod results;
pub mod slot;
