//! Reading connections: each reader has one of its own, so that no read waits for the writer.

use std::sync::{Mutex, PoisonError};

use crate::{AnyConnection, DatabaseUrl, Error};

/// As many connections as were ever needed at once, opened on demand.
pub struct Readers {
    url: DatabaseUrl,
    idle: Mutex<Vec<AnyConnection>>,
}

impl Readers {
    /// Readers of one database; opens nothing yet.
    #[must_use]
    pub fn of(url: DatabaseUrl) -> Self {
        Self { url, idle: Mutex::new(Vec::new()) }
    }

    /// Reads on an idle connection. Blocks: call it from a blocking thread.
    pub fn read<T>(&self, question: impl FnOnce(&mut AnyConnection) -> diesel::QueryResult<T>) -> Result<T, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => AnyConnection::to(&self.url)?,
        };
        // A connection that failed is not given back: it may be broken.
        let answer = question(&mut connection)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(answer)
    }
}
