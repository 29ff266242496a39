//! The portal's letterbox: mailboxes with one slot each, sealed letters, enclosures in parts, key statements and
//! public notes (the newest checkpoint, the results). Everything in it is ciphertext or public.

mod acknowledgements;
mod compaction;
mod dialect;
mod enclosures;
mod error;
mod exchange_state;
mod letterbox;
mod notes;
mod schema;
mod slots;
mod statements;
mod visits;
mod waiting;

pub use acknowledgements::LetterName;
pub use enclosure_store::{BadPartsUrl, IncomingPart, PartStore, PartsError};
pub use enclosures::Enclosure;
pub use error::LetterboxError;
pub use exchange_state::ExchangeState;
pub use letterbox::{Letterbox, migrate};
pub use notes::PublicNote;
pub use visits::NewVisit;
pub use waiting::{LetterPlace, WaitingEnclosure, WaitingEnclosures, WaitingLetter, WaitingLetters};
