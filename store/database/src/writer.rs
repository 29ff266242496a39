//! The one writer: a thread that owns the writing connection and commits whatever waits as one
//! transaction. One disk flush then serves many letters; many writing connections would only
//! wait for each other.

use std::sync::mpsc;
use std::thread;

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use diesel::{Connection, QueryResult};
use tokio::sync::oneshot;

use crate::{AnyConnection, DatabaseError, DatabaseUrl};

/// How many jobs one transaction takes at most: bounds the wait of the first of them and the
/// memory of the write-ahead log (100 letters are 10 MB).
const BATCH: usize = 100;
/// How many jobs may wait before a sender has to: memory is bounded under any load.
const QUEUE: usize = 400;

/// What a job leaves behind: to be told whether the transaction was committed.
type Settle = Box<dyn FnOnce(Result<(), String>) + Send>;
type Job = Box<dyn FnOnce(&mut AnyConnection) -> Settle + Send>;

/// Sends jobs to the writing thread. Clones share it; the thread ends with the last of them.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::SyncSender<Job>,
}

/// The answer to a job, available once its transaction is durable.
pub struct Durable<T>(oneshot::Receiver<Result<T, DatabaseError>>);

impl<T> Durable<T> {
    /// Waits without blocking a thread.
    pub async fn durable(self) -> Result<T, DatabaseError> {
        self.0.await.unwrap_or(Err(DatabaseError::Stopped))
    }

    /// Waits in a thread that may block.
    pub fn wait(self) -> Result<T, DatabaseError> {
        self.0.blocking_recv().unwrap_or(Err(DatabaseError::Stopped))
    }
}

impl Writer {
    /// Connects and starts the thread.
    pub fn start(url: DatabaseUrl) -> Result<Self, DatabaseError> {
        let connection = AnyConnection::to(&url)?;
        let (jobs, queue) = mpsc::sync_channel(QUEUE);
        let thread = thread::Builder::new().name("writer".to_owned());
        thread.spawn(move || run(connection, &url, &queue)).map_err(|_| DatabaseError::Stopped)?;
        Ok(Self { jobs })
    }

    /// Queues a job. It runs in a savepoint of its own: its error undoes it alone. Blocks while
    /// the queue is full, so call it from a blocking thread.
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
                // A sender that has gone away does not need its answer.
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
        // A lost server or an aborted transaction leaves the connection unusable.
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
        // The write lock at once: a job that reads first could else find it taken by another
        // process, and everything after it in this transaction would fail with it.
        AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => Manager::begin_transaction(connection),
    };
    // The jobs are taken even if there is no transaction: their senders must learn of it. In
    // that case each would commit by itself, so they are refused instead of run.
    for job in jobs {
        match &begun {
            Ok(()) => settles.push(job(connection)),
            Err(_) => drop(job),
        }
    }
    begun?;
    Manager::commit_transaction(connection)
}
