//! Notices that wait for the recorder: signing in works while it is down, unseen it does not stay.

use database::Error;
use diesel::prelude::*;

use crate::Register;
use crate::schema::notices;

impl Register {
    /// Keeps a notice until the recorder has it. Durable when it returns.
    pub fn keep_notice(&self, notice: String) -> Result<(), Error> {
        let insert = move |c: &mut database::AnyConnection| {
            diesel::insert_into(notices::table).values(notices::notice.eq(notice)).execute(c)
        };
        self.writer.write(insert).wait().map(|_| ())
    }

    /// The oldest notices that wait, at most `most`, with the row of the last.
    pub fn kept_notices(&self, most: i64) -> Result<(Vec<String>, i64), Error> {
        let rows: Vec<(i64, String)> =
            self.readers.read(|connection| notices::table.order(notices::id).limit(most).load(connection))?;
        let last = rows.last().map_or(0, |(row, _)| *row);
        Ok((rows.into_iter().map(|(_, notice)| notice).collect(), last))
    }

    /// Forgets notices up to a row: the recorder has them.
    pub fn forget_notices(&self, last: i64) -> Result<(), Error> {
        let delete = move |c: &mut database::AnyConnection| {
            diesel::delete(notices::table.filter(notices::id.le(last))).execute(c)
        };
        self.writer.write(delete).wait().map(|_| ())
    }
}
