//! Private keys that sign notes, and the folders that private keys are kept in.
//!
//! Nothing here opens what is sealed: the portal links this crate, since it signs its bundles, and not `opening`.

mod key_files;
mod note_key;

pub use key_files::{KeyFileError, KeyFiles};
pub use note_key::{NoteKeyError, NoteSigningKey};
