//! The structure of the source: which crate and module may use which, names, sizes, log codes, where tests use SQL.

mod arrows;
mod circles;
mod log_codes;
mod names;
mod raw_sql;
mod source;
