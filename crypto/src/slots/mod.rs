//! What the post publishes: a slot for each reporter, and results for the public.

pub mod access;
pub mod results;
pub mod slot;
