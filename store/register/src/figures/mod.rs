//! Published figures.

pub(crate) mod results;
