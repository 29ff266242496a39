//! Clues that were taken in from feeds.

pub(crate) mod clues;
