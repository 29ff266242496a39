//! Verification keys, the signed key statement, and keys as words that people compare.

pub mod note_key;
pub mod signature;
pub mod statement;
pub mod words;
