//! Taking letters in: each is given its place in the recorder's order and stored with it. The exchange, reports that
//! officers enter and clues all use it.

use crypto::keys::statement::Statement;
use crypto::letters::mailbox::MailboxId;
use model::{Day, Digest};
use recorder_protocol::{ArrivedLetter, ClientError, LetterOutside, ReceivedLetter, SealedLetter, WrongLetterSize};
use register::{IncomingCover, IncomingLetter, IncomingLetters, UnopenedLetter};

use crate::error::ConsoleError;
use crate::intake::journal::{Journal, JournalError};
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
    /// The recorder has not the outer key of the current statement.
    #[error("the recorder lacks the outer key {} of the current statement", .0.to_hex())]
    OuterKey(Digest),
}

/// The name of the outer key to which letters are sealed under a statement.
pub(crate) fn outer_key_name(statement: &Statement) -> Digest {
    Digest::of(statement.recorder.to_string().as_bytes())
}

impl NotIngested {
    pub(crate) fn into_console(self) -> ConsoleError {
        match self {
            Self::Recorder(error) => error.into(),
            error @ (Self::Letter(_) | Self::OuterKey(_)) => ConsoleError::inside(error),
        }
    }
}

/// Letters as the recorder has told them apart.
pub(crate) struct Ingested<Tag> {
    /// Letters that say something, in the order of their places.
    pub(crate) letters: Vec<(IncomingLetter, Tag)>,
    /// Cover letters.
    pub(crate) covers: Vec<IncomingCover>,
    /// Letters whose outside does not open.
    pub(crate) unopened: Vec<UnopenedLetter>,
    /// Number of letters that came through another mailbox than they name. They leave nothing but this.
    pub(crate) foreign: usize,
}

/// Has the recorder give letters their places in its order, and returns them in that order, so that a mailbox's first
/// letter is stored first. They must be stored before anything is acknowledged; repeating the call changes nothing.
/// `needed`: the name of the outer key that browsers seal to. A recorder without it would have honest letters taken for
/// junk, so the call fails then.
pub(crate) fn place_in_order<Tag>(
    resources: &Resources,
    letters: Vec<Arrived<Tag>>,
    needed: Option<Digest>,
) -> Result<Ingested<Tag>, NotIngested> {
    let mut ingested = Ingested { letters: Vec::new(), covers: Vec::new(), unopened: Vec::new(), foreign: 0 };
    let mut letters = letters.into_iter().peekable();
    while letters.peek().is_some() {
        let batch: Vec<Arrived<Tag>> = letters.by_ref().take(AT_ONCE).collect();
        let sent = batch.iter().map(|letter| {
            let sealed = SealedLetter::new(letter.sealed.clone())?;
            Ok::<_, WrongLetterSize>(ArrivedLetter { mailbox: letter.mailbox, sealed })
        });
        let sent = sent.collect::<Result<Vec<_>, _>>().map_err(|error| NotIngested::Letter(Box::new(error)))?;
        let received = resources.recorder.connect()?.receive(sent)?;
        let outer_keys = Digest::of(&received.outer_keys.iter().flat_map(|name| *name.as_bytes()).collect::<Vec<_>>());
        if let Some(needed) = needed.filter(|needed| !received.outer_keys.contains(needed)) {
            return Err(NotIngested::OuterKey(needed));
        }
        for (letter, answer) in batch.into_iter().zip(received.letters) {
            ingested.add(letter, answer, outer_keys);
        }
    }
    ingested.letters.sort_by_key(|(letter, _)| letter.sequence);
    Ok(ingested)
}

impl<Tag> Ingested<Tag> {
    fn add(&mut self, letter: Arrived<Tag>, answer: ReceivedLetter, outer_keys: Digest) {
        let Arrived { mailbox, sealed, on: received_on, tag } = letter;
        let digest = answer.digest;
        match answer.outside {
            // The recorder has compared them; a recorder that does not is not believed.
            LetterOutside::Own { sequence, header, rewrapped } if header.mailbox() == mailbox => {
                let (header, sealed) = (*header, rewrapped.into_bytes());
                self.letters.push((IncomingLetter { digest, sequence, header, received_on, sealed }, tag));
            }
            LetterOutside::Cover { header } if header.mailbox() == mailbox => {
                self.covers.push(IncomingCover { header: *header, received_on });
            }
            LetterOutside::Sealed {} => {
                self.unopened.push(UnopenedLetter { came_through: mailbox, digest, received_on, outer_keys, sealed });
            }
            LetterOutside::Own { .. } | LetterOutside::Cover { .. } | LetterOutside::Foreign {} => self.foreign += 1,
        }
    }

    /// The letters for the register, without their tags, once they are in the journal.
    pub(crate) fn journalled(self, journal: &Journal) -> Result<IncomingLetters, JournalError> {
        journal.add(self.letters.iter().map(|(letter, _)| letter))?;
        Ok(self.untagged())
    }

    fn untagged(self) -> IncomingLetters {
        let letters = self.letters.into_iter().map(|(letter, _)| letter).collect();
        IncomingLetters { letters, covers: self.covers, unopened: self.unopened }
    }
}
