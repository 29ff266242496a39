//! The structure of the source: which crate and module may use which, names, sizes, log codes.

mod arrows;
mod circles;
mod log_codes;
mod names;
mod source;
