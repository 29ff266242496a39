//! The console's way to the recorder: permissions for people, notices of its own.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crypto::signature::VerificationKey;
use jiff::Timestamp;
use recording::{Client, ClientError, Notice, Told};
use register::Register;

/// Notices handed over in one request.
const BATCH: i64 = 500;

/// Where the recorder is and by which key it signs.
pub(crate) struct Recorder {
    socket: PathBuf,
    key: VerificationKey,
    register: Register,
    /// One hand-over at a time, so that nothing is told twice.
    handing: Mutex<()>,
}

impl Recorder {
    pub(crate) fn new(socket: PathBuf, key: VerificationKey, register: Register) -> Self {
        Self { socket, key, register, handing: Mutex::default() }
    }

    /// A connection, after the recorder was told what waited for it: the log keeps its order.
    pub(crate) fn connect(&self) -> Result<Client, ClientError> {
        let mut client = Client::connect(&self.socket, self.key)?;
        self.hand_over(&mut client)?;
        Ok(client)
    }

    /// Tells the recorder something. While it is down the notice waits in the register: signing
    /// in and locking must work, and must not stay unseen.
    pub(crate) fn notice(&self, notice: &Notice) -> Result<(), database::Error> {
        // The log orders by the recorder's clock; this one only tells what came late.
        #[allow(clippy::disallowed_methods)]
        let told = Told { at: Timestamp::now(), notice: notice.clone() };
        let text = serde_json::to_string(&told).map_err(|_| database::Error::Corrupt)?;
        self.register.keep_notice(text)?;
        if let Err(error) = self.connect() {
            tracing::warn!("a notice waits for the recorder: {}", database::chain(&error));
        }
        Ok(())
    }

    fn hand_over(&self, client: &mut Client) -> Result<(), ClientError> {
        let _one = self.handing.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let (kept, last) = self.register.kept_notices(BATCH).map_err(|error| stuck(&error))?;
            if kept.is_empty() {
                return Ok(());
            }
            // What is not understood was not written by this version; it must not stop the rest.
            client.notice(kept.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())?;
            self.register.forget_notices(last).map_err(|error| stuck(&error))?;
        }
    }
}

fn stuck(error: &database::Error) -> ClientError {
    tracing::error!("notices for the recorder are stuck: {}", database::chain(error));
    ClientError::Mismatch
}
