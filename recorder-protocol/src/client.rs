//! The console's side of the protocol.

use std::io::{BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crypto::keys::note_key::NoteKey;
use crypto::keys::signature::{Signed, VerificationKey};
use crypto::letters::mailbox::MailboxId;
use crypto::log::access_list::RecordProof;
use crypto::log::checkpoint::{Checkpoint, Proof};
use crypto::sealing::outer::Header;
use jiff::Timestamp;
use model::{Day, LetterDigest};
use random::NoRandomness;
use rustls::ClientConfig;

use crate::actions::{Action, CompareReports, EraseReports, OpenLetter, RenewSlots};
use crate::ask::{Ask, Attested, Receipt, Recorded, Requester};
use crate::framing::{self, FrameError};
use crate::messages::{
    ArrivedLetter, Granted, Named, Provable, Received, Recordable, Refusal, Request, Response, SealedLetter,
};
use crate::notice::TimedNotice;
use crate::tls::{self, TlsError};

/// The address at which the recorder listens.
#[derive(Clone)]
pub enum RecorderAddress {
    /// A Unix socket on this machine.
    Socket(PathBuf),
    /// `HOST:PORT` on another machine, and the TLS configuration with both certificates.
    Machine(String, Arc<ClientConfig>),
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// A connection to the recorder, which answers one request at a time.
pub struct Client {
    stream: BufReader<Box<dyn Stream>>,
    recorder: VerificationKey,
}

/// A mailbox's signed access list, and proofs of its records.
pub type ProvedAccessList = (Signed, Vec<RecordProof>);

/// The content under a letter's outer layer.
pub enum UnwrappedLetter {
    /// The outside, and the inner file, which only the post can open.
    Letter(Box<Header>, Vec<u8>),
    /// The outer layer does not open.
    Unreadable,
}

/// Why a request to the recorder failed. Nothing may be opened then.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Connecting to the recorder's socket failed.
    #[error("the recorder cannot be reached")]
    Connect(#[source] std::io::Error),
    /// The other machine cannot be reached, or its certificate is not the expected one.
    #[error("the recorder's machine cannot be reached")]
    Machine(#[from] TlsError),
    /// The connection failed, or a frame is malformed.
    #[error("the recorder did not answer")]
    Frame(#[from] FrameError),
    /// The recorder refused the request.
    #[error("the recorder refused the request ({0:?})")]
    Refused(Refusal),
    /// The system's random generator failed.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The log contradicts the checkpoint that is held. Contains the note that it signed now.
    #[error("the log is not the one that was there before: it contradicts the checkpoint that is held")]
    Contradiction(String),
    /// The answer does not fit the request, or is not signed by the recorder.
    #[error("the recorder's answer does not fit the request")]
    Mismatch,
}

impl Client {
    /// Default timeout. The recorder answers after a disk flush, so a longer wait means that it hangs.
    pub const LONGEST: Duration = Duration::from_mins(1);

    /// Connects to the recorder. `recorder` is the key that must have signed its answers, from keys that the root has
    /// signed.
    pub fn connect(place: &RecorderAddress, recorder: VerificationKey) -> Result<Self, ClientError> {
        Self::connect_within(place, recorder, Self::LONGEST)
    }

    /// Connects with a given timeout for each answer.
    pub fn connect_within(
        place: &RecorderAddress,
        recorder: VerificationKey,
        patience: Duration,
    ) -> Result<Self, ClientError> {
        let stream: Box<dyn Stream> = match place {
            RecorderAddress::Socket(path) => {
                let stream = UnixStream::connect(path).map_err(ClientError::Connect)?;
                stream.set_read_timeout(Some(patience)).map_err(ClientError::Connect)?;
                stream.set_write_timeout(Some(patience)).map_err(ClientError::Connect)?;
                Box::new(stream)
            }
            RecorderAddress::Machine(address, config) => Box::new(tls::connect(config, address, patience)?),
        };
        Ok(Self { stream: BufReader::new(stream), recorder })
    }

    /// Sends letters that the exchange pulled. Their order is durable when it returns.
    pub fn receive(&mut self, letters: Vec<ArrivedLetter>) -> Result<Received, ClientError> {
        let digests: Vec<_> = letters.iter().map(|letter| LetterDigest::of(letter.sealed.as_bytes())).collect();
        match self.ask(&Request::Receive { letters, complete_on: None })? {
            Response::Received(received) if received.letters.iter().map(|letter| letter.digest).eq(digests) => {
                Ok(received)
            }
            Response::Refused { reason } => Err(ClientError::Refused(reason)),
            _ => Err(ClientError::Mismatch),
        }
    }

    /// Tells the recorder that all bundles up to one that was made on this day were taken in, so that it may destroy
    /// outer keys.
    pub fn complete(&mut self, made_on: Day) -> Result<(), ClientError> {
        match self.ask(&Request::Receive { letters: Vec::new(), complete_on: Some(made_on) })? {
            Response::Received(_) => Ok(()),
            Response::Refused { reason } => Err(ClientError::Refused(reason)),
            _ => Err(ClientError::Mismatch),
        }
    }

    /// Records an opening; returns the permission and the content under the outer layer.
    pub fn open(
        &mut self,
        person: &Requester<'_>,
        action: OpenLetter,
        letter: SealedLetter,
    ) -> Result<(Recorded<OpenLetter>, UnwrappedLetter), ClientError> {
        let ask = sign(person, &action)?;
        let reply = self.ask(&Request::Open { ask: ask.clone(), letter })?;
        match self.granted(action, &ask, reply)? {
            (recorded, Granted::Letter { header, inner }) => Ok((recorded, UnwrappedLetter::Letter(header, inner.0))),
            (recorded, Granted::Unreadable {}) => Ok((recorded, UnwrappedLetter::Unreadable)),
            _ => Err(ClientError::Mismatch),
        }
    }

    /// Records any other action; returns the permission and what it grants.
    pub fn record<D: Action>(
        &mut self,
        person: &Requester<'_>,
        action: D,
    ) -> Result<(Recorded<D>, Granted), ClientError> {
        self.record_with(person, action, Named::Nothing)
    }

    /// Records the renewal of slots; returns each mailbox's access list, with proofs of its records at a checkpoint
    /// of size `proved_at`.
    pub fn renew_slots(
        &mut self,
        person: &Requester<'_>,
        mailboxes: Vec<MailboxId>,
        proved_at: u64,
    ) -> Result<(Recorded<RenewSlots>, Vec<ProvedAccessList>), ClientError> {
        let count = mailboxes.len();
        let named = Named::Mailboxes(mailboxes);
        let mailboxes = u32::try_from(count).map_err(|_| ClientError::Mismatch)?;
        let action = RenewSlots { mailboxes, digest: named.digest(), proved_at };
        match self.record_with(person, action, named)? {
            (recorded, Granted::AccessLists { lists, proofs }) if lists.len() == count && proofs.len() == count => {
                Ok((recorded, lists.into_iter().zip(proofs).collect()))
            }
            _ => Err(ClientError::Mismatch),
        }
    }

    /// Records a comparison; returns for each of the other reports whether this one was received before anybody had
    /// opened that one.
    pub fn compare_reports(
        &mut self,
        person: &Requester<'_>,
        letter: LetterDigest,
        others: Vec<LetterDigest>,
    ) -> Result<(Recorded<CompareReports>, Vec<bool>), ClientError> {
        let count = others.len();
        let with = u32::try_from(count).map_err(|_| ClientError::Mismatch)?;
        let named = Named::Letters(others);
        let action = CompareReports { letter, with, digest: named.digest() };
        match self.record_with(person, action, named)? {
            (recorded, Granted::Precedence { before }) if before.len() == count => Ok((recorded, before)),
            _ => Err(ClientError::Mismatch),
        }
    }

    /// Records the erasure of reports. Their letters' keys are destroyed when it returns.
    pub fn erase_reports(
        &mut self,
        person: &Requester<'_>,
        reports: usize,
        letters: Vec<LetterDigest>,
    ) -> Result<Recorded<EraseReports>, ClientError> {
        let reports = u32::try_from(reports).map_err(|_| ClientError::Mismatch)?;
        let named = Named::Letters(letters);
        let action = EraseReports { reports, digest: named.digest() };
        Ok(self.record_with(person, action, named)?.0)
    }

    /// The log's checkpoint as it is now: a note, whose signature the caller must verify.
    pub fn checkpoint(&mut self) -> Result<String, ClientError> {
        match self.ask(&Request::Checkpoint {})? {
            Response::Checkpoint { note } => Ok(note),
            Response::Refused { reason } => Err(ClientError::Refused(reason)),
            _ => Err(ClientError::Mismatch),
        }
    }

    /// The log's checkpoint as it is now, verified, after checking that the log begins with the checkpoint `held`,
    /// which was read from a note that the log's key signed. Fails with [`ClientError::Contradiction`] if it does
    /// not.
    pub fn checkpoint_after(
        &mut self,
        held: Option<&Checkpoint>,
        log: &NoteKey,
    ) -> Result<(String, Checkpoint), ClientError> {
        let note = self.checkpoint()?;
        let now = Checkpoint::read(&note, log).map_err(|_| ClientError::Mismatch)?;
        let Some(held) = held else { return Ok((note, now)) };
        if now.size < held.size {
            return Err(ClientError::Contradiction(note));
        }
        let grown = self.proof(Provable::Growth { from: held.size, to: now.size })?;
        match now.continues(held, &grown) {
            Ok(()) => Ok((note, now)),
            Err(_) => Err(ClientError::Contradiction(note)),
        }
    }

    /// A proof about the log, which the caller must check.
    pub fn proof(&mut self, of: Provable) -> Result<Proof, ClientError> {
        match self.ask(&Request::Proof { of })? {
            Response::Proof { proof } => Ok(proof),
            Response::Refused { reason } => Err(ClientError::Refused(reason)),
            _ => Err(ClientError::Mismatch),
        }
    }

    /// Sends notices of the console itself, oldest first.
    pub fn notice(&mut self, notices: Vec<TimedNotice>) -> Result<(), ClientError> {
        match self.ask(&Request::Record { of: Recordable::Told(notices) })? {
            Response::Noted {} => Ok(()),
            Response::Refused { reason } => Err(ClientError::Refused(reason)),
            _ => Err(ClientError::Mismatch),
        }
    }

    fn record_with<D: Action>(
        &mut self,
        person: &Requester<'_>,
        action: D,
        named: Named,
    ) -> Result<(Recorded<D>, Granted), ClientError> {
        let ask = sign(person, &action)?;
        let reply = self.ask(&Request::Record { of: Recordable::Asked { ask: ask.clone(), named } })?;
        self.granted(action, &ask, reply)
    }

    /// The only place that creates a permission: after verifying the recorder's signature over this request.
    fn granted<D: Action>(
        &self,
        action: D,
        ask: &Signed,
        reply: Response,
    ) -> Result<(Recorded<D>, Granted), ClientError> {
        match reply {
            Response::Recorded { receipt, granted } => {
                let attested = Attested::new(ask.clone(), receipt.clone());
                let receipt = Receipt::read(&receipt, &self.recorder).map_err(|_| ClientError::Mismatch)?;
                if *receipt.ask.as_bytes() != ask.digest() {
                    return Err(ClientError::Mismatch);
                }
                Ok((Recorded::new(action, attested), granted))
            }
            Response::Refused { reason } => Err(ClientError::Refused(reason)),
            _ => Err(ClientError::Mismatch),
        }
    }

    fn ask(&mut self, request: &Request) -> Result<Response, ClientError> {
        framing::write(self.stream.get_mut(), request)?;
        Ok(framing::read(&mut self.stream)?)
    }
}

fn sign(person: &Requester<'_>, action: &impl Action) -> Result<Signed, ClientError> {
    let nonce = random::bytes()?;
    // The recorder compares this time with its own clock; nothing here is measured by it.
    #[allow(clippy::disallowed_methods)]
    let now = Timestamp::now();
    Ask::sign(person, action.to_any(), nonce, now).map_err(|_| ClientError::Mismatch)
}
