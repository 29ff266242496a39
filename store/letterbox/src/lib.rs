//! The portal's letterbox: mailboxes with one slot each, sealed letters, enclosures in parts, key statements and
//! public notes (the newest checkpoint, the results). Everything in it is ciphertext or public.

mod compaction;
mod dialect;
mod enclosures;
mod error;
mod exchange;
mod letterbox;
mod notes;
mod schema;
mod statements;
mod visits;

pub use enclosure_store::{BadPartsUrl, IncomingPart, PartStore, PartsError};
pub use enclosures::Enclosure;
pub use error::LetterboxError;
pub use exchange::{BegunEnclosures, LetterPlace, Mailboxes, PulledEnclosure, PulledLetter, UncollectedLetters};
pub use letterbox::{Letterbox, migrate};
pub use notes::PublicNote;
pub use visits::NewVisit;
