//! What an installation's databases hold, asked through the stores that own them, as the programs ask.

use crypto::letters::enclosure_token::EnclosureLock;
use letterbox::{Enclosure, Letterbox, PartStore, WaitingEnclosure, WaitingLetter};
use register::{Register, StoredLetter};

use crate::installation::Installation;

impl Installation {
    /// The console's register, opened beside the console.
    #[must_use]
    pub fn register(&self) -> Register {
        Register::open(&self.at("console/register.sqlite")).expect("a register")
    }

    /// The letters of all reports in the register, in the order of their places.
    #[must_use]
    pub fn collected(&self) -> Vec<StoredLetter> {
        let register = self.register();
        let reports = register.all_reports().expect("reports");
        let numbers = reports.into_iter().map(|report| u64::try_from(report.number).expect("a number"));
        let mut letters: Vec<StoredLetter> =
            numbers.flat_map(|number| register.report(number).expect("asked").expect("a report").letters).collect();
        letters.sort_by_key(|letter| letter.sequence);
        letters
    }

    /// The letters that wait in the letterbox for a bundle.
    #[must_use]
    pub fn uncollected(&self) -> Vec<WaitingLetter> {
        self.ask_letterbox(async |letterbox| letterbox.waiting_letters(None, i64::MAX).await.expect("letters").letters)
    }

    /// The enclosures in the letterbox that are whole and wait for a bundle.
    #[must_use]
    pub fn waiting_enclosures(&self) -> Vec<WaitingEnclosure> {
        self.ask_letterbox(async |letterbox| {
            letterbox.waiting_enclosures(usize::MAX).await.expect("enclosures").enclosures
        })
    }

    /// An enclosure in the letterbox.
    #[must_use]
    pub fn enclosure(&self, lock: EnclosureLock) -> Enclosure {
        self.ask_letterbox(async |letterbox| letterbox.enclosure(lock).await.expect("an enclosure"))
    }

    /// Asks on a thread of its own: a test with a browser has an event loop already, which must not be blocked.
    fn ask_letterbox<T: Send>(&self, ask: impl AsyncFnOnce(Letterbox) -> T + Send) -> T {
        let asked = || {
            let parts = PartStore::directory(&self.at("portal/enclosures")).expect("a directory");
            let letterbox = Letterbox::open(&self.letterbox(), parts).expect("a letterbox");
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("an event loop");
            runtime.block_on(ask(letterbox))
        };
        std::thread::scope(|scope| scope.spawn(asked).join().expect("no panic"))
    }
}
