//! Taking letters in: each is given its place in the recorder's order and stored with it. The exchange, reports that
//! officers enter and clues all use it.

use model::Day;
use recorder_protocol::{ClientError, SealedLetter};
use register::IncomingLetter;

use crate::error::ConsoleError;
use crate::resources::Resources;

/// Letters in one request to the recorder and one transaction here: 7 MB.
pub(crate) const AT_ONCE: usize = 100;

/// A letter that arrived, its day, and the caller's tag for it.
pub(crate) struct Arrived<Tag> {
    pub(crate) sealed: Vec<u8>,
    pub(crate) on: Day,
    pub(crate) tag: Tag,
}

/// Why letters were not taken in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotIngested {
    /// The letter does not have the size of a letter.
    #[error("a letter is not of its size")]
    Letter(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the recorder did not record")]
    Recorder(#[from] ClientError),
}

impl NotIngested {
    pub(crate) fn into_console(self) -> ConsoleError {
        match self {
            Self::Recorder(error) => error.into(),
            error @ Self::Letter(_) => ConsoleError::inside(error),
        }
    }
}

/// Has the recorder give letters their places in its order, and returns them in that order, so that a mailbox's first
/// letter is stored first. They must be stored before anything is acknowledged; repeating the call changes nothing.
pub(crate) fn place_in_order<Tag>(
    resources: &Resources,
    letters: Vec<Arrived<Tag>>,
) -> Result<Vec<(IncomingLetter, Tag)>, NotIngested> {
    let mut incoming = Vec::with_capacity(letters.len());
    let mut letters = letters.into_iter().peekable();
    while letters.peek().is_some() {
        let batch: Vec<Arrived<Tag>> = letters.by_ref().take(AT_ONCE).collect();
        let sent = batch.iter().map(|letter| SealedLetter::new(letter.sealed.clone()));
        let sent = sent.collect::<Result<Vec<_>, _>>().map_err(|error| NotIngested::Letter(Box::new(error)))?;
        let received = resources.recorder.connect()?.receive(sent)?;
        incoming.extend(batch.into_iter().zip(received.letters).map(|(letter, received)| {
            let placed = IncomingLetter {
                digest: received.digest,
                sequence: received.sequence,
                header: received.header,
                received_on: letter.on,
                // Rewrapped under its own key, unless it cannot be opened.
                sealed: received.rewrapped.map_or(letter.sealed, SealedLetter::into_bytes),
            };
            (placed, letter.tag)
        }));
    }
    incoming.sort_by_key(|(one, _)| one.sequence);
    Ok(incoming)
}

/// Informs the recorder that no letter waits, so that it may end key periods.
pub(crate) fn nothing_waits(resources: &Resources) -> Result<(), ClientError> {
    resources.recorder.connect()?.receive(Vec::new()).map(|_| ())
}
