//! Clues from feeds.

pub(crate) mod clues;
