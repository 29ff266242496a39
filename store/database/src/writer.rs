//! The one writer: a thread that owns the writing connection and commits all waiting jobs in one transaction. One
//! disk flush then serves many letters; several writing connections would only wait for each other.

use std::sync::mpsc;
use std::thread;

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use diesel::{Connection, QueryResult};
use tokio::sync::oneshot;

use crate::{AnyConnection, DatabaseError, DatabaseUrl};

/// Jobs per transaction, at most. Bounds the wait of the first job and the size of the write-ahead log (100 letters
/// are 10 MB).
const BATCH: usize = 100;
/// Jobs that may wait before senders block. Bounds memory under any load.
const QUEUE: usize = 400;

/// Sends a job's result once it is known whether the transaction was committed.
type Settle = Box<dyn FnOnce(Result<(), String>) + Send>;
type Job = Box<dyn FnOnce(&mut AnyConnection) -> Settle + Send>;

/// Sends jobs to the writing thread. Clones share the thread, which ends when the last clone is dropped.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::SyncSender<Job>,
}

/// The answer to a job, available once its transaction is durable.
pub struct Durable<T>(oneshot::Receiver<Result<T, DatabaseError>>);

impl<T> Durable<T> {
    /// Waits asynchronously. Fails with [`DatabaseError::Stopped`] if the writing thread has ended.
    pub async fn durable(self) -> Result<T, DatabaseError> {
        self.0.await.unwrap_or(Err(DatabaseError::Stopped))
    }

    /// Waits and blocks the calling thread, which must not be one of the event loop's.
    pub fn wait(self) -> Result<T, DatabaseError> {
        self.0.blocking_recv().unwrap_or(Err(DatabaseError::Stopped))
    }
}

impl Writer {
    /// Connects, and starts the writing thread.
    pub fn start(url: DatabaseUrl) -> Result<Self, DatabaseError> {
        let connection = AnyConnection::to(&url)?;
        let (jobs, queue) = mpsc::sync_channel(QUEUE);
        let thread = thread::Builder::new().name("writer".to_owned());
        thread.spawn(move || run(connection, &url, &queue)).map_err(|_| DatabaseError::Stopped)?;
        Ok(Self { jobs })
    }

    /// Queues a job. It runs in its own savepoint, so an error undoes this job alone. Blocks while the queue is full:
    /// call it from a blocking thread.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut AnyConnection) -> QueryResult<T> + Send + 'static,
    ) -> Durable<T> {
        let (answer, written) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = connection.transaction(job).map_err(DatabaseError::from);
            Box::new(move |committed| {
                let settled = match committed {
                    Ok(()) => result,
                    Err(reason) => Err(result.err().unwrap_or(DatabaseError::NotCommitted(reason))),
                };
                // The sender may have stopped waiting; its answer is then dropped.
                let _ = answer.send(settled);
            })
        });
        // A closed queue drops the job and its answer, which the receiver reads as Stopped.
        let _ = self.jobs.send(job);
        Durable(written)
    }
}

fn run(mut connection: AnyConnection, url: &DatabaseUrl, queue: &mpsc::Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let waiting = queue.try_iter().take(BATCH - 1);
        let mut settles = Vec::new();
        let committed = commit(&mut connection, std::iter::once(first).chain(waiting), &mut settles);
        let broken = committed.is_err();
        let committed = committed.map_err(|error| error.to_string());
        for settle in settles {
            settle(committed.clone());
        }
        // Reconnect: a lost server or an aborted transaction leaves the connection unusable.
        if broken && let Ok(fresh) = AnyConnection::to(url) {
            connection = fresh;
        }
    }
}

fn commit(
    connection: &mut AnyConnection,
    jobs: impl Iterator<Item = Job>,
    settles: &mut Vec<Settle>,
) -> QueryResult<()> {
    type Manager = <AnyConnection as Connection>::TransactionManager;
    let begun = match connection {
        // Take the write lock at once. A job that reads first could otherwise find it held by another process, and
        // all later jobs of this transaction would fail too.
        AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => Manager::begin_transaction(connection),
    };
    // Take the jobs even if the transaction did not begin, so that their senders get an error. Without a transaction
    // each would commit by itself, so they are dropped, not run.
    for job in jobs {
        match &begun {
            Ok(()) => settles.push(job(connection)),
            Err(_) => drop(job),
        }
    }
    begun?;
    Manager::commit_transaction(connection)
}
