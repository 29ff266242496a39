//! Reading connections. Each reader has its own, so that no read waits for the writer.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::{AnyConnection, DatabaseError, DatabaseUrl};

/// Connections open at once: reads are short, and a PostgreSQL server allows a hundred connections in total.
const MOST: usize = 8;

/// A pool of up to eight connections, opened on demand; further readers wait for one.
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
    /// A pool for one database; no connection is opened yet.
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

    /// Takes a place in the pool, with an idle connection if there is one. Blocks while all places are taken.
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

/// A reader's place in the pool, released when dropped, also after an error.
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
