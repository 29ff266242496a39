//! Private keys and opening.
//!
//! This is a crate of its own because a Cargo feature does not isolate: workspace builds unify features. A test over
//! `cargo metadata` checks that neither the portal nor anything it links depends on it.

pub mod identity;
pub mod key_folder;
pub mod letter;
pub mod password;
pub mod post_keys;
pub mod reporter;
pub mod witness_key;

pub use identity::HybridIdentity;
pub use key_folder::{KeyFolder, KeyFolderError};
pub use password::{Password, Salt, Verifier};
pub use post_keys::PostKeys;
pub use signing::{NoteKeyError, NoteSigningKey};
pub use witness_key::WitnessSigningKey;
