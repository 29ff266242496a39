//! Reports that are kept and erased.

mod retention;
