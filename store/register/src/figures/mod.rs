//! Published figures, by quarter.

pub(crate) mod results;
