//! Everything that requests share.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casework::retention::Retention;
use crypto::note_key::NoteKey;
use crypto::recipient::HybridRecipient;
use crypto::statement::Keys;
use crypto::witness::WitnessKey;
use enclosure_store::PartStore;
use letterbox::Letterbox;
use program::clock::Clock;
use register::{Exchanged, Register};
use tokio::sync::{Semaphore, SemaphorePermit};
use web::assets::{BIRD, STYLE};
use web::files::{File, Files};

use crate::books::Books;
use crate::channels::ClueKey;
use crate::claims::Clerk;
use crate::config::Config;
use crate::events::EventKey;
use crate::exchange::{Exchange, Passage};
use crate::fault::Fault;
use crate::figures::Source;
use crate::guessing::Guessing;
use crate::house::House;
use crate::recorder::Recorder;
use crate::retention;
use crate::rules::Rules;
use crate::sessions::{Session, Sessions};
use crate::site::{Door, Words};

/// Reads codes with the camera or from a picture; made from browser/desk/desk.ts.
const DESK: &str = include_str!("../../browser/dist/desk.js");
const OWN_STYLE: &str = include_str!("../assets/console.css");

/// Passwords that are checked at once.
const HASHING: usize = 2;

/// The console.
pub(crate) struct Console {
    pub(crate) register: Register,
    pub(crate) store: PartStore,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) sessions: Sessions,
    pub(crate) guessing: Guessing,
    pub(crate) words: Words,
    pub(crate) files: Files,
    pub(crate) clock: Clock,
    pub(crate) hosts: Vec<String>,
    pub(crate) demo: bool,
    pub(crate) books: Books,
    /// What signs the events that other systems are told.
    pub(crate) events: EventKey,
    pub(crate) clue_key: ClueKey,
    pub(crate) root_key: NoteKey,
    pub(crate) letterbox: Letterbox,
    taking_clues: Mutex<()>,
    pub(crate) retention: Retention,
    /// The statement key that the root has signed for: proves the post's keys of an account.
    /// Whom identity envelopes are sealed to.
    pub(crate) custodian: HybridRecipient,
    pub(crate) statement_key: NoteKey,
    /// Turns of each door: the case units' must not keep the post's waiting.
    hashing: [Semaphore; 2],
    lock: PathBuf,
    witnesses: Arc<[WitnessKey]>,
    passage: Option<Passage>,
    exchanging: AtomicBool,
    /// Whether the last exchange left slots waiting for somebody to sign in.
    slots_wait: AtomicBool,
}

impl Console {
    pub(crate) fn open(config: &Config) -> Result<Self, Box<dyn std::error::Error>> {
        let house = House::at(config.folder());
        let register = Register::open(&house.register())?;
        let (database, portal_parts) = config.letterbox()?;
        let keys = config.keys()?;
        let mut files = Files::default();
        let style = "text/css; charset=utf-8";
        files.add("/static/site.css", File::new(style, STYLE.into())?);
        files.add("/static/console.css", File::new(style, OWN_STYLE.into())?);
        files.add("/static/desk.js", File::new("text/javascript; charset=utf-8", DESK.into())?);
        files.add("/static/bird.svg", File::new("image/svg+xml", BIRD.into())?);
        Ok(Self {
            recorder: Arc::new(Recorder::new(config.recorder()?, &keys, register.clone())),
            store: PartStore::directory(&house.enclosures())?,
            letterbox: Letterbox::open(&database, portal_parts)?,
            register: register.clone(),
            sessions: Sessions::new(config.idle(), config.longest()),
            guessing: Guessing::default(),
            words: Words::load()?,
            files,
            clock: Clock::System,
            hosts: config.hosts().to_vec(),
            demo: config.is_demo(),
            books: Books {
                register,
                recorder: keys.recorder.key(),
                rules: Arc::new(Rules::load(config.policy().as_deref())?),
            },
            events: EventKey::of(config.folder(), installation(&keys))?,
            clue_key: ClueKey::of(config.folder())?,
            root_key: config.root_key().clone(),
            taking_clues: Mutex::default(),
            retention: retention::load()?,
            custodian: keys.custodian.clone(),
            statement_key: keys.statement,
            witnesses: keys.witnesses.into(),
            passage: config.witness(),
            hashing: [Semaphore::new(HASHING), Semaphore::new(1)],
            lock: config.folder().join("exchange.lock"),
            exchanging: AtomicBool::new(false),
            slots_wait: AtomicBool::new(false),
        })
    }

    /// Waits for a turn to check a password: each takes 64 MiB.
    pub(crate) async fn hashing_turn(&self, door: Door) -> Result<SemaphorePermit<'_>, Fault> {
        self.hashing[usize::from(door != Door::Post)].acquire().await.map_err(Fault::inside)
    }

    /// Where figures are counted from.
    pub(crate) fn counted(&self) -> Source<'_> {
        Source { books: &self.books, recorder: &self.recorder, today: self.clock.today() }
    }

    /// An officer at work on claims.
    pub(crate) fn clerk<'a>(&'a self, session: &'a Session) -> Clerk<'a> {
        Clerk { books: &self.books, recorder: &self.recorder, session, today: self.clock.today() }
    }

    /// The turn of whoever takes clues in.
    pub(crate) fn clue_turn(&self) -> MutexGuard<'_, ()> {
        self.taking_clues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an exchange is running in this process.
    pub(crate) fn is_exchanging(&self) -> bool {
        self.exchanging.load(Ordering::SeqCst)
    }

    /// Whether slots wait for an officer to sign in.
    pub(crate) fn slots_wait(&self) -> bool {
        self.slots_wait.load(Ordering::SeqCst)
    }

    /// Runs an exchange, unless one is running. What came of it is in the register too; none
    /// when it could not be noted.
    pub(crate) async fn exchange(&self, session: Option<Arc<Session>>) -> Option<Exchanged> {
        if self.exchanging.swap(true, Ordering::SeqCst) {
            return None;
        }
        // However this ends, also when it is dropped: another may begin.
        let _running = Running(&self.exchanging);
        // Another process may be running one: its slots must not come after ours.
        let lock = fs::File::create(&self.lock).inspect_err(|error| tracing::error!("the exchange's lock: {error}"));
        let Some(_lock) = lock.ok().filter(|lock| lock.try_lock().is_ok()) else {
            tracing::warn!("another exchange is running");
            return None;
        };
        let with_keys = session.is_some();
        match self.passage().run(session, self.clock.today()).await {
            Ok(done) => {
                self.slots_wait.store(!with_keys, Ordering::SeqCst);
                Some(done)
            }
            Err(error) => {
                tracing::error!("the exchange could not be noted: {}", program::chain(&error));
                None
            }
        }
    }

    /// The witnesses that the root has signed for.
    pub(crate) fn witnesses(&self) -> &[WitnessKey] {
        &self.witnesses
    }

    fn passage(&self) -> Exchange {
        Exchange {
            letterbox: self.letterbox.clone(),
            store: self.store.clone(),
            recorder: Arc::clone(&self.recorder),
            books: self.books.clone(),
            witnesses: Arc::clone(&self.witnesses),
            passage: self.passage.clone(),
        }
    }
}

/// The installation's name, as its keys carry it before the slash.
fn installation(keys: &Keys) -> &str {
    let name = keys.statement.name();
    name.split_once('/').map_or(name, |(installation, _)| installation)
}

struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}
