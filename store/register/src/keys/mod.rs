//! Key statements signed so far.

mod statements;
