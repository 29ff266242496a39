//! The exchange: the only passage between portal and console. Letters and whole enclosures come
//! in, slots go out. Every step may be cut off and repeated: a letter is acknowledged only when
//! it is durable here, and what is acknowledged twice is kept once.

mod checkpoints;
mod enclosures;
mod results;
mod slots;

use std::sync::Arc;

use actix_web::web::block;
use crypto::witness::WitnessKey;
use enclosure_store::PartStore;
use letterbox::{Letterbox, PulledLetter};
use model::Day;
use recorder_protocol::{ClientError, SealedLetter};
use register::{Exchanged, Incoming, OtherOrder, TakenIn};

pub(crate) use checkpoints::Passage;

use crate::books::Books;
use crate::recorder::Recorder;
use crate::sessions::Session;

/// Letters in one request to the recorder and one transaction here: 7 MB.
const LETTERS: i64 = 100;

/// Everything that an exchange needs. Clones share it.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) letterbox: Letterbox,
    pub(crate) store: PartStore,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) books: Books,
    pub(crate) witnesses: Arc<[WitnessKey]>,
    pub(crate) passage: Option<Passage>,
}

/// What stopped an exchange. Everything before it is done and stays done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    #[error("the letterbox cannot be reached or refused")]
    Letterbox(#[from] letterbox::Error),
    #[error("the recorder did not record")]
    Recorder(#[from] recorder_protocol::ClientError),
    #[error("the register failed")]
    Register(#[from] database::Error),
    #[error("the recorder gives places that other letters have here")]
    Order,
    #[error("the console's store of enclosures failed")]
    Parts(#[from] enclosure_store::PartsError),
    #[error("the folder of checkpoints for the witness cannot be read or written")]
    Passage(#[source] std::io::Error),
    #[error("what the witness answered is not of the log's and a witness's keys")]
    Answer(#[source] crypto::log::BadProof),
    #[error("the witness says that the log is not the one that it saw before")]
    Witness,
    #[error("a slot could not be sealed")]
    Seal(#[from] std::io::Error),
    #[error("a part of an enclosure is missing or broken")]
    Part,
    #[error("something went wrong inside")]
    Inside,
}

impl Stopped {
    /// The stable code that the register keeps and pages word.
    fn code(&self) -> &'static str {
        match self {
            Self::Letterbox(_) => "letterbox",
            Self::Recorder(ClientError::Contradiction(_)) => "log",
            Self::Recorder(_) => "recorder",
            Self::Passage(_) | Self::Answer(_) => "passage",
            Self::Witness => "witness",
            Self::Register(_) => "register",
            Self::Order => "order",
            Self::Parts(_) | Self::Part => "enclosure",
            Self::Seal(_) | Self::Inside => "inside",
        }
    }
}

/// The code of an exchange that collected letters while nobody was signed in: slots need the
/// post's key, which is in clear only inside a session.
pub(crate) const SLOTS_WAIT: &str = "slots-wait";

impl Exchange {
    /// Runs once; what came of it is kept in the register and given back. Without a session
    /// letters come in and slots wait.
    pub(crate) async fn run(&self, session: Option<Arc<Session>>, today: Day) -> Result<Exchanged, database::Error> {
        let register = self.books.register.clone();
        let number = block(move || register.begin_exchange(today)).await.map_err(|_| database::Error::Stopped)??;
        let mut done = Exchanged::default();
        let stopped = self.steps(session, number, today, &mut done).await.err();
        if let Some(stopped) = stopped {
            tracing::error!("the exchange stopped: {}", program::chain(&stopped));
            done.problem = Some(stopped.code().to_owned());
        }
        let (register, kept) = (self.books.register.clone(), done.clone());
        block(move || register.end_exchange(number, kept)).await.map_err(|_| database::Error::Stopped)??;
        Ok(done)
    }

    async fn steps(
        &self,
        session: Option<Arc<Session>>,
        number: u64,
        today: Day,
        done: &mut Exchanged,
    ) -> Result<(), Stopped> {
        self.pull_letters(done).await?;
        let enclosures = self.pull_enclosures(done).await;
        let published = self.publish_checkpoint().await.inspect_err(|error| {
            tracing::error!("the checkpoint did not leave the house: {}", program::chain(error));
        });
        let mut results = Ok(());
        match session {
            Some(session) => {
                self.renew_slots(&session, number, today, done).await?;
                results = self.publish_results(&session, today).await.inspect_err(|error| {
                    tracing::error!("the results were not published: {}", program::chain(error));
                });
            }
            None => done.problem = Some(SLOTS_WAIT.to_owned()),
        }
        // None of these keeps the others from being done; the first failure is told at the end.
        let swept = self.letterbox.sweep(today).await.map(|_| ()).map_err(Stopped::from);
        let given_up = self.give_up_covers(today).await;
        let compacted = self.letterbox.compact().await.map_err(Stopped::from);
        enclosures.and(swept).and(given_up).and(compacted).and(published).and(results)
    }

    async fn pull_letters(&self, done: &mut Exchanged) -> Result<(), Stopped> {
        loop {
            let letters = self.letterbox.uncollected(LETTERS).await?;
            if letters.is_empty() {
                // The recorder may end periods now: it is told that nothing more waits.
                let exchange = self.clone();
                block(move || exchange.take_in(Vec::new())).await.map_err(|_| Stopped::Inside)??;
                return Ok(());
            }
            let rows = letters.iter().map(|letter| letter.row).collect();
            let exchange = self.clone();
            let taken = block(move || exchange.take_in(letters)).await.map_err(|_| Stopped::Inside)??;
            done.letters += taken.admitted as u64;
            done.unreadable += taken.refused as u64;
            // Only now: they are durable here, with their places in the recorder's order.
            self.letterbox.erase_collected(rows).await?;
        }
    }

    fn take_in(&self, letters: Vec<PulledLetter>) -> Result<TakenIn, Stopped> {
        let sent = letters.iter().map(|letter| SealedLetter::new(letter.sealed.clone()));
        let sent = sent.collect::<Result<_, _>>().map_err(|_| Stopped::Inside)?;
        let received = self.recorder.connect()?.receive(sent)?;
        let incoming = letters.into_iter().zip(received.letters).map(|(letter, received)| Incoming {
            digest: received.digest,
            sequence: received.sequence,
            header: received.header,
            received_on: letter.received_on,
            // Under its own key, unless it does not open.
            sealed: received.rewrapped.map_or(letter.sealed, SealedLetter::into_bytes),
        });
        let mut incoming: Vec<Incoming> = incoming.collect();
        // In the recorder's order, so that a mailbox's first letter comes first.
        incoming.sort_by_key(|one| one.sequence);
        self.books.register.take_in(incoming)?.map_err(|OtherOrder| Stopped::Order)
    }
}
