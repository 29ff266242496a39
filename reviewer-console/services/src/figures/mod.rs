//! Figures for the post and for the public. No number is small enough to identify somebody.

pub mod counts;
pub(crate) mod published;
