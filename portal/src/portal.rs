//! State shared by all requests.

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
}

impl Portal {
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
        self.capacity.stores() && self.has_room_for_letters().await && self.letterbox.is_writable().await
    }

    /// Stores a visit's letter. A failure is remembered for a while, so that nobody writes a report in vain.
    pub(crate) async fn store(&self, visit: NewVisit) -> Result<Vec<u8>, LetterboxError> {
        let stored = self.letterbox.visit(visit).await;
        self.capacity.note_storing(stored.is_ok());
        stored
    }
}
