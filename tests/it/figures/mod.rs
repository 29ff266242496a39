//! Published figures.

mod published;
