//! Figures: what the post counts, and what the public is told. No number is small enough to point at somebody.

pub mod counts;
pub(crate) mod published;
