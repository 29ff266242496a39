//! Notices queued for the recorder. Signing in works while the recorder is down, but is reported to it later.

use database::DatabaseError;
use diesel::prelude::*;

use crate::Register;
use crate::schema::notices;

impl Register {
    /// Queues a notice until the recorder has received it. Durable when it returns.
    pub fn keep_notice(&self, notice: String) -> Result<(), DatabaseError> {
        let insert = move |c: &mut database::AnyConnection| {
            diesel::insert_into(notices::table).values(notices::notice.eq(notice)).execute(c)
        };
        self.writer.write(insert).wait().map(|_| ())
    }

    /// The oldest queued notices, at most `most`, each with its row.
    pub fn kept_notices(&self, most: i64) -> Result<Vec<(i64, String)>, DatabaseError> {
        self.readers.read(|connection| notices::table.order(notices::id).limit(most).load(connection))
    }

    /// Deletes notices that the recorder has received.
    pub fn forget_notices(&self, rows: Vec<i64>) -> Result<(), DatabaseError> {
        let delete = move |c: &mut database::AnyConnection| {
            diesel::delete(notices::table.filter(notices::id.eq_any(rows))).execute(c)
        };
        self.writer.write(delete).wait().map(|_| ())
    }
}
