//! Retention and erasure of reports.

mod retention;
