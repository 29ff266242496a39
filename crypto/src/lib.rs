//! Receipt codes, formats, sealing and verifying.
//!
//! Nothing here opens anything: private keys live in the `opening` crate, which only the
//! recorder, the reviewer console and tests may link. Nothing here reads a clock, a file or
//! a language; dates and random bytes come in as arguments. `docs/formats.md` describes
//! every format for readers of other languages, with the vectors in `vectors/`.

pub mod access;
pub mod claim_note;
pub mod enclosure;
pub mod identity_envelope;
pub mod letter;
pub mod log;
pub mod mailbox;
pub mod note_key;
pub mod outer;
pub mod padded;
pub mod receipt;
pub mod recipient;
pub mod results;
pub mod sealed;
pub mod signature;
pub mod slot;
pub mod statement;
pub mod visit;
pub mod witness;
pub mod words;
