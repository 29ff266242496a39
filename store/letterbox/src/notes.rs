//! Notes that the post signs for everybody to read: the newest of each kind.

use diesel::prelude::*;

use crate::schema::notes;
use crate::{Letterbox, LetterboxError};

/// The kind of a note; its number is the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicNote {
    /// The newest checkpoint of the access log, against which anyone can check the log.
    Checkpoint = 1,
    /// Published figures of reports and cases.
    Results = 2,
}

impl Letterbox {
    /// Replaces the published note of this kind.
    pub async fn publish_note(&self, which: PublicNote, note: String) -> Result<(), LetterboxError> {
        let row = which as i64;
        self.write(move |connection| {
            let changed = diesel::update(notes::table.find(row)).set(notes::note.eq(&note));
            if changed.execute(connection)? == 0 {
                let values = (notes::id.eq(row), notes::note.eq(&note));
                diesel::insert_into(notes::table).values(values).execute(connection)?;
            }
            Ok(())
        })
        .await
    }

    /// The published note, if there is one. Not verified here: the reader verifies it.
    pub async fn latest_note(&self, which: PublicNote) -> Result<Option<String>, LetterboxError> {
        let note = notes::table.find(which as i64).select(notes::note);
        self.read(move |connection| note.first(connection).optional()).await
    }
}
