//! The newest checkpoint of the access log: public, so that anyone may hold the log to it.

use diesel::prelude::*;

use crate::schema::checkpoints;
use crate::{Error, Letterbox};

/// The table's one row.
const ROW: i64 = 1;

impl Letterbox {
    /// Replaces the checkpoint that is published.
    pub async fn publish_checkpoint(&self, note: String) -> Result<(), Error> {
        self.write(move |connection| {
            let changed = diesel::update(checkpoints::table.find(ROW)).set(checkpoints::note.eq(&note));
            if changed.execute(connection)? == 0 {
                let row = (checkpoints::id.eq(ROW), checkpoints::note.eq(&note));
                diesel::insert_into(checkpoints::table).values(row).execute(connection)?;
            }
            Ok(())
        })
        .await
    }

    /// The checkpoint that is published, if one is; whoever uses it verifies it.
    pub async fn latest_checkpoint(&self) -> Result<Option<String>, Error> {
        let note = checkpoints::table.find(ROW).select(checkpoints::note);
        self.read(move |connection| note.first(connection).optional()).await
    }
}
