//! State shared by all requests.

use std::sync::atomic::{AtomicBool, Ordering};

use letterbox::{Letterbox, LetterboxError, NewVisit};
use program::clock::Clock;

use crate::config::Config;
use crate::limits::Capacity;
use crate::results::ResultsPages;
use crate::site::Site;

/// State shared by all requests.
pub(crate) struct Portal {
    pub(crate) letterbox: Letterbox,
    pub(crate) capacity: Capacity,
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    pub(crate) results: ResultsPages,
    pub(crate) site: Site,
    /// Whether the console's slots are here. Once they are, they stay.
    pub(crate) serves: AtomicBool,
}

impl Portal {
    /// Whether mailboxes can be visited: before the console's first bundle a reporter would be told that nothing is kept.
    pub(crate) async fn serves(&self) -> bool {
        if self.serves.load(Ordering::Relaxed) {
            return true;
        }
        let serves = self.letterbox.exchange_state().await.is_ok_and(|state| state.serves());
        self.serves.store(serves, Ordering::Relaxed);
        serves
    }

    /// Whether letters are accepted: the disk has room, or the database has, which an exchange emptied.
    pub(crate) async fn has_room_for_letters(&self) -> bool {
        if self.capacity.has_room_for_letters(0) {
            return true;
        }
        let inside = self.letterbox.free_bytes().await.unwrap_or_default();
        self.capacity.has_room_for_letters(inside)
    }

    /// Whether a letter that is sent now would be stored, as far as can be known before anybody writes one.
    pub(crate) async fn takes_letters(&self) -> bool {
        self.serves().await && self.capacity.stores() && self.has_room_for_letters().await && self.is_writable().await
    }

    /// Asks the database at most once in some seconds: anybody may ask the site.
    async fn is_writable(&self) -> bool {
        if let Some(known) = self.capacity.known_writable() {
            return known;
        }
        let writable = self.letterbox.is_writable().await;
        self.capacity.note_writable(writable);
        writable
    }

    /// Stores a visit's letter. A failure is remembered for a while, so that nobody writes a report in vain.
    pub(crate) async fn store(&self, visit: NewVisit) -> Result<Vec<u8>, LetterboxError> {
        let stored = self.letterbox.visit(visit).await;
        // A mailbox that anybody can make on purpose is no failure of the store.
        self.capacity.note_storing(!matches!(stored, Err(ref error) if !matches!(error, LetterboxError::MailboxTaken)));
        stored
    }
}
