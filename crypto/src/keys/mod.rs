//! Verification keys, the signed key statement, the manifest of a site's files, and secrets written as words.

pub mod manifest;
pub mod note_key;
pub mod note_text;
pub mod signature;
pub mod statement;
mod typed_words;
mod word_list;
pub mod words;
