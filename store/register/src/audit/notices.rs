//! Notices that wait for the recorder: signing in works while it is down, unseen it does not stay.

use database::DatabaseError;
use diesel::prelude::*;

use crate::Register;
use crate::schema::notices;

impl Register {
    /// Keeps a notice until the recorder has it. Durable when it returns.
    pub fn keep_notice(&self, notice: String) -> Result<(), DatabaseError> {
        let insert = move |c: &mut database::AnyConnection| {
            diesel::insert_into(notices::table).values(notices::notice.eq(notice)).execute(c)
        };
        self.writer.write(insert).wait().map(|_| ())
    }

    /// The oldest notices that wait, at most `most`, each with its row.
    pub fn kept_notices(&self, most: i64) -> Result<Vec<(i64, String)>, DatabaseError> {
        self.readers.read(|connection| notices::table.order(notices::id).limit(most).load(connection))
    }

    /// Forgets these: the recorder has them.
    pub fn forget_notices(&self, rows: Vec<i64>) -> Result<(), DatabaseError> {
        let delete = move |c: &mut database::AnyConnection| {
            diesel::delete(notices::table.filter(notices::id.eq_any(rows))).execute(c)
        };
        self.writer.write(delete).wait().map(|_| ())
    }
}
