//! Verification keys, the signed key statement, and secrets written as words.

pub mod note_key;
pub mod signature;
pub mod statement;
pub mod words;
