//! Taking letters in: each is given its place in the recorder's order and stored with it. The exchange, reports that
//! officers enter and clues all use it.

use crypto::letters::mailbox::MailboxId;
use model::Day;
use recorder_protocol::{ArrivedLetter, ClientError, SealedLetter, WrongLetterSize};
use register::IncomingLetter;

use crate::error::ConsoleError;
use crate::resources::Resources;

/// Letters in one request to the recorder and one transaction here: 7 MB.
pub(crate) const AT_ONCE: usize = 100;

/// A letter that arrived, the mailbox that it came through, its day, and the caller's tag for it.
pub(crate) struct Arrived<Tag> {
    pub(crate) mailbox: MailboxId,
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
/// letter is stored first. They must be stored before anything is acknowledged; repeating the call changes nothing. A
/// letter that came through another mailbox than it names is a stranger's; it is left out.
pub(crate) fn place_in_order<Tag>(
    resources: &Resources,
    letters: Vec<Arrived<Tag>>,
) -> Result<Vec<(IncomingLetter, Tag)>, NotIngested> {
    let mut incoming = Vec::with_capacity(letters.len());
    let mut letters = letters.into_iter().peekable();
    while letters.peek().is_some() {
        let batch: Vec<Arrived<Tag>> = letters.by_ref().take(AT_ONCE).collect();
        let sent = batch.iter().map(|letter| {
            let sealed = SealedLetter::new(letter.sealed.clone())?;
            Ok::<_, WrongLetterSize>(ArrivedLetter { mailbox: letter.mailbox, sealed })
        });
        let sent = sent.collect::<Result<Vec<_>, _>>().map_err(|error| NotIngested::Letter(Box::new(error)))?;
        let received = resources.recorder.connect()?.receive(sent)?;
        incoming.extend(batch.into_iter().zip(received.letters).filter_map(|(letter, received)| {
            // The recorder has compared them; a recorder that does not is not believed.
            let header = received.header;
            if header.as_ref().is_some_and(|header| header.mailbox() != letter.mailbox) {
                return None;
            }
            let placed = IncomingLetter {
                digest: received.digest,
                sequence: received.sequence?,
                header,
                received_on: letter.on,
                // Rewrapped under its own key, unless it cannot be opened.
                sealed: received.rewrapped.map_or(letter.sealed, SealedLetter::into_bytes),
            };
            Some((placed, letter.tag))
        }));
    }
    incoming.sort_by_key(|(one, _)| one.sequence);
    Ok(incoming)
}

/// Informs the recorder that no letter waits, so that it may end key periods.
pub(crate) fn nothing_waits(resources: &Resources) -> Result<(), ClientError> {
    resources.recorder.connect()?.receive(Vec::new()).map(|_| ())
}
