//! Files that belong to entries of cases, by SHA-256. Identical files are stored once.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;

use crate::Register;
use crate::schema::evidence;

impl Register {
    /// A file's content by its digest in hexadecimal. The entries say which case it belongs to.
    pub fn evidence(&self, digest: &str) -> Result<Option<Vec<u8>>, DatabaseError> {
        let found = evidence::table.filter(evidence::digest.eq(digest.to_owned())).select(evidence::content);
        self.readers.read(move |connection| found.first(connection).optional())
    }
}

pub(crate) fn keep(connection: &mut AnyConnection, files: Vec<(String, Vec<u8>)>) -> QueryResult<()> {
    for (digest, content) in files {
        let known = evidence::table.filter(evidence::digest.eq(&digest)).select(evidence::id);
        if known.first::<i64>(connection).optional()?.is_none() {
            let values = (evidence::digest.eq(&digest), evidence::content.eq(content));
            diesel::insert_into(evidence::table).values(values).execute(connection)?;
        }
    }
    Ok(())
}
