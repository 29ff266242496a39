//! The exchange: the only passage between portal and console. Letters and whole enclosures come
//! in, slots go out. Every step may be cut off and repeated: a letter is acknowledged only when
//! it is durable here, and what is acknowledged twice is kept once.

mod enclosures;
mod slots;

use std::sync::Arc;

use actix_web::web::block;
use crypto::day::Day;
use crypto::mailbox::LetterDigest;
use letterbox::{Letterbox, PulledLetter};
use parts::PartStore;
use recording::SealedLetter;
use register::{Exchanged, Incoming, Register, TakenIn};

use crate::recorder::Recorder;
use crate::sessions::Session;

/// Letters in one request to the recorder and one transaction here: 7 MB.
const LETTERS: i64 = 100;

/// Everything that an exchange needs. Clones share it.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) letterbox: Letterbox,
    pub(crate) store: PartStore,
    pub(crate) register: Register,
    pub(crate) recorder: Arc<Recorder>,
}

/// What stopped an exchange. Everything before it is done and stays done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    #[error("the letterbox cannot be reached or refused")]
    Letterbox(#[from] letterbox::Error),
    #[error("the recorder did not record")]
    Recorder(#[from] recording::ClientError),
    #[error("the register failed")]
    Register(#[from] database::Error),
    #[error("the console's store of enclosures failed")]
    Parts(#[from] parts::PartsError),
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
            Self::Recorder(_) => "recorder",
            Self::Register(_) => "register",
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
        let register = self.register.clone();
        let number = block(move || register.begin_exchange(today)).await.map_err(|_| database::Error::Stopped)??;
        let mut done = Exchanged::default();
        let stopped = self.steps(session, number, today, &mut done).await.err();
        if let Some(stopped) = stopped {
            tracing::error!("the exchange stopped: {}", database::chain(&stopped));
            done.problem = Some(stopped.code().to_owned());
        }
        let (register, kept) = (self.register.clone(), done.clone());
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
        match session {
            Some(session) => self.renew_slots(&session, number, today, done).await?,
            None => done.problem = Some(SLOTS_WAIT.to_owned()),
        }
        self.letterbox.sweep(today).await?;
        self.give_up_covers(today).await?;
        self.letterbox.compact().await?;
        // A broken enclosure must not keep answers from everybody; it is told at the end.
        enclosures
    }

    async fn pull_letters(&self, done: &mut Exchanged) -> Result<(), Stopped> {
        loop {
            let letters = self.letterbox.uncollected(LETTERS).await?;
            if letters.is_empty() {
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
        let mut sent = Vec::new();
        let mut incoming = Vec::new();
        let mut misshapen = Vec::new();
        for PulledLetter { sealed, received_on, .. } in letters {
            let digest = LetterDigest::of(&sealed);
            let one = Incoming { digest, sequence: 0, header: None, received_on, sealed };
            match SealedLetter::new(one.sealed.clone()) {
                Ok(letter) => {
                    sent.push(letter);
                    incoming.push(one);
                }
                // Not even of a letter's size: nothing that the recorder could give a place.
                Err(_) => misshapen.push(one),
            }
        }
        let received = self.recorder.connect()?.receive(sent)?;
        for (one, received) in incoming.iter_mut().zip(received.letters) {
            one.sequence = received.sequence;
            one.header = received.header;
        }
        // In the recorder's order, so that a mailbox's first letter comes first.
        incoming.sort_by_key(|one| one.sequence);
        incoming.append(&mut misshapen);
        Ok(self.register.take_in(incoming)?)
    }
}
