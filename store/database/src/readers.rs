//! Reading connections: each reader has one of its own, so that no read waits for the writer.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::{AnyConnection, DatabaseError, DatabaseUrl};

/// Connections at once: reads are short, and a PostgreSQL server allows a hundred to everybody.
const MOST: usize = 8;

/// Up to eight connections, opened on demand; more readers wait for one.
pub struct Readers {
    url: DatabaseUrl,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<AnyConnection>,
    lent: usize,
}

impl Readers {
    /// Readers of one database; opens nothing yet.
    #[must_use]
    pub fn of(url: DatabaseUrl) -> Self {
        Self { url, pool: Mutex::default(), returned: Condvar::new() }
    }

    /// Reads on an idle connection. Blocks: call it from a blocking thread.
    pub fn read<T>(
        &self,
        question: impl FnOnce(&mut AnyConnection) -> diesel::QueryResult<T>,
    ) -> Result<T, DatabaseError> {
        let mut place = Place { readers: self, connection: self.borrow() };
        let mut connection = match place.connection.take() {
            Some(connection) => connection,
            None => AnyConnection::to(&self.url)?,
        };
        // A connection that failed is not given back: it may be broken.
        let answer = question(&mut connection)?;
        place.connection = Some(connection);
        Ok(answer)
    }

    /// Takes a place, with an idle connection if there is one.
    fn borrow(&self) -> Option<AnyConnection> {
        let full = |pool: &mut Pool| pool.lent >= MOST;
        let mut pool = self.returned.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        pool.lent += 1;
        pool.idle.pop()
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader's place; given back however the reading ends.
struct Place<'a> {
    readers: &'a Readers,
    connection: Option<AnyConnection>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.lock();
        pool.lent -= 1;
        pool.idle.extend(self.connection.take());
        self.readers.returned.notify_one();
    }
}
