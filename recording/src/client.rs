//! The console's side.

use std::io::BufReader;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::frame::{self, FrameError};
use crate::message::{Received, Refusal, Reply, Request, SealedLetter};

/// The recorder answers after a disk flush; longer than this means that it hangs.
const LONGEST: Duration = Duration::from_mins(1);

/// A connection to the recorder.
pub struct Client {
    stream: BufReader<UnixStream>,
}

/// Why the recorder could not be asked. Nothing may be opened then.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The recorder is not there.
    #[error("the recorder cannot be reached")]
    Connect(#[source] std::io::Error),
    /// The connection broke.
    #[error("the recorder did not answer")]
    Frame(#[from] FrameError),
    /// The recorder refused.
    #[error("the recorder refused the request ({0:?})")]
    Refused(Refusal),
    /// The answer is not one to the question.
    #[error("the recorder's answer does not fit the request")]
    Mismatch,
}

impl Client {
    /// Connects to the recorder's socket.
    pub fn connect(socket: &Path) -> Result<Self, ClientError> {
        let stream = UnixStream::connect(socket).map_err(ClientError::Connect)?;
        stream.set_read_timeout(Some(LONGEST)).map_err(ClientError::Connect)?;
        stream.set_write_timeout(Some(LONGEST)).map_err(ClientError::Connect)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Hands over what the exchange pulled. The answer means: their order is durable.
    pub fn receive(&mut self, letters: Vec<SealedLetter>) -> Result<Received, ClientError> {
        let digests: Vec<_> =
            letters.iter().map(|letter| crypto::mailbox::LetterDigest::of(letter.as_bytes())).collect();
        match self.ask(&Request::Receive { letters })? {
            Reply::Received(received) if received.letters.iter().map(|letter| letter.digest).eq(digests) => {
                Ok(received)
            }
            Reply::Received(_) => Err(ClientError::Mismatch),
            Reply::Refused { reason } => Err(ClientError::Refused(reason)),
        }
    }

    fn ask(&mut self, request: &Request) -> Result<Reply, ClientError> {
        frame::write(self.stream.get_mut(), request)?;
        Ok(frame::read(&mut self.stream)?)
    }
}
