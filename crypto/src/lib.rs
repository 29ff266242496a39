//! Receipt codes, formats, sealing and verifying.
//!
//! Nothing here opens anything: private keys are in the `opening` crate, which only the
//! recorder, the reviewer console, the witness and tests may link. Nothing here reads a clock,
//! a file or a language; dates and random bytes are arguments. `docs/formats/` describes every
//! format for implementers in other languages, with the vectors in `vectors/`.

pub mod keys;
pub mod letters;
pub mod log;
pub mod sealing;
pub mod slots;
mod strict;
