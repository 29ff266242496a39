//! What comes otherwise than through a browser: sealed here like any letter, and taken in like any.

use std::path::Path;

use crypto::letter::{Body, Report};
use crypto::mailbox::LetterId;
use crypto::receipt::ReceiptCode;
use crypto::statement::{BadStatement, Verified};
use hkdf::Hkdf;
use letterbox::NewVisit;
use model::Day;
use opening::reporter::{Reporter, ReporterError, SealedVisit};
use opening::{KeyFolder, KeyFolderError};
use recorder_protocol::SealedLetter;
use register::{Clue, Incoming, OtherOrder};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::clues::Found;
use crate::console::Console;
use crate::fault::Fault;

/// Letters in one request to the recorder: 7 MB.
const AT_ONCE: usize = 100;

/// Why nothing can be sealed, beside what goes wrong inside.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSealed {
    /// The post has not published keys, or they are not in force.
    #[error("there is no key statement in force")]
    NoKeys(#[source] Option<BadStatement>),
    /// Longer than a letter.
    #[error("the letter cannot be sealed")]
    TooLong(#[source] ReporterError),
}

/// The keys that browsers seal to: verified down from the root like theirs.
pub(crate) async fn keys(console: &Console) -> Result<Result<Verified, NotSealed>, Fault> {
    let newest = console.letterbox.latest_statement().await.map_err(Fault::inside)?;
    let Some((_, bundle)) = newest else { return Ok(Err(NotSealed::NoKeys(None))) };
    let verified = bundle.verify(&console.root_key, console.clock.today(), None);
    Ok(verified.map_err(|bad| NotSealed::NoKeys(Some(bad))))
}

/// A report that an officer has entered, on its way.
pub(crate) struct Entered {
    /// What the person who called, wrote or came is told.
    pub(crate) code: ReceiptCode,
    pub(crate) visit: NewVisit,
}

/// Seals a report under a new receipt code, as a browser would.
pub(crate) fn seal_for_somebody(
    console: &Console,
    report: Report,
    keys: &Verified,
) -> Result<Result<Entered, NotSealed>, Fault> {
    let mut random = Zeroizing::new([0; 16]);
    getrandom::fill(random.as_mut_slice()).map_err(Fault::inside)?;
    let code = ReceiptCode::from_random(*random);
    let again = ReceiptCode::from_random(*random);
    let reporter = Reporter::new(again);
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).map_err(Fault::inside)?;
    let (id, row) = bytes.split_at(16);
    let id: [u8; 16] = id.try_into().map_err(Fault::inside)?;
    let row: [u8; 8] = row.try_into().map_err(Fault::inside)?;
    let sealed = match seal(console, &reporter, id.into(), Body::Report(Box::new(report)), keys)? {
        Ok(sealed) => sealed,
        Err(not) => return Ok(Err(not)),
    };
    let visit = crypto::visit::Visit::parse(&sealed.request).map_err(Fault::inside)?;
    let (letter, first_slot) = (visit.letter.to_vec(), visit.first_slot.to_vec());
    let (mailbox, day) = (reporter.mailbox(), console.clock.today());
    let row = i64::from_be_bytes(row) & i64::MAX;
    Ok(Ok(Entered { code, visit: NewVisit { mailbox, letter, first_slot, day, row } }))
}

fn seal(
    console: &Console,
    reporter: &Reporter,
    id: LetterId,
    body: Body,
    keys: &Verified,
) -> Result<Result<SealedVisit, NotSealed>, Fault> {
    let sealed =
        reporter.letter(id, body, keys).and_then(|letter| reporter.visit(&letter, keys, console.clock.today()));
    match sealed {
        Ok(sealed) => Ok(Ok(sealed)),
        Err(error @ ReporterError::Letter(_)) => Ok(Err(NotSealed::TooLong(error))),
        Err(error) => Err(Fault::inside(error)),
    }
}

/// Gives a letter its place in the recorder's order and takes it in: at once, for what waits for the
/// next exchange would come after everything that arrives until then. Gives the report's number.
/// Repeating it, as the exchange will, changes nothing.
pub(crate) fn take_in(console: &Console, letter: Vec<u8>) -> Result<u64, Fault> {
    let incoming = received(console, &[letter])?;
    let mailbox = incoming.iter().find_map(|one| one.header.as_ref()).map(|header| header.mailbox);
    match console.register.take_in(incoming)? {
        Ok(_) => {}
        Err(OtherOrder) => return Err(Fault::Unsound),
    }
    let report = mailbox.map(|mailbox| console.register.report_of(&mailbox)).transpose()?.flatten();
    report.map(|report| report.number).ok_or(Fault::Unsound)
}

fn received(console: &Console, letters: &[Vec<u8>]) -> Result<Vec<Incoming>, Fault> {
    let today = console.clock.today();
    let mut incoming = Vec::new();
    for batch in letters.chunks(AT_ONCE) {
        let sent = batch.iter().map(|letter| SealedLetter::new(letter.clone()));
        let sent = sent.collect::<Result<Vec<_>, _>>().map_err(Fault::inside)?;
        let received = console.recorder.connect()?.receive(sent)?;
        incoming.extend(batch.iter().zip(received.letters).map(|(letter, received)| Incoming {
            digest: received.digest,
            sequence: received.sequence,
            header: received.header,
            received_on: today,
            sealed: received.rewrapped.map_or_else(|| letter.clone(), SealedLetter::into_bytes),
        }));
    }
    Ok(incoming)
}

/// The file of the secret from which the mailboxes of clues follow.
const CLUES_KEY: &str = "clues.key";

/// The secret from which the mailboxes of clues follow: nobody is given their receipt codes.
pub(crate) struct ClueKey(Zeroizing<[u8; 32]>);

impl ClueKey {
    /// Reads the secret of a console's folder, or makes it.
    pub(crate) fn of(folder: &Path) -> Result<Self, KeyFolderError> {
        let key = KeyFolder::open(folder).signing_or_new(CLUES_KEY, "clues")?;
        Ok(Self(Zeroizing::new(*key.signing_key().as_bytes())))
    }

    /// The sender of what one feed tells of one subject on one day.
    fn reporter(&self, feed: &str, subject: &str, day: Day) -> Reporter {
        let mut code = Zeroizing::new([0; 16]);
        let about = serde_json::to_vec(&(feed, subject, day)).unwrap_or_default();
        let derived = Hkdf::<Sha256>::new(Some(b"qingniao/clues/v1"), self.0.as_slice());
        // Unwrap-free: 16 bytes are always within what HKDF gives.
        let _ = derived.expand(&about, code.as_mut_slice());
        Reporter::new(ReceiptCode::from_random(*code))
    }
}

/// What came of taking clues in.
pub(crate) struct TakenIn {
    /// The report of each clue, in their order, and whether it was here before.
    pub(crate) reports: Vec<(u64, bool)>,
}

/// Seals clues of a feed and takes them in, all or none. What one feed tells of one party on one day is
/// one report with several letters: a flood of alarms buries nothing. A clue that came before is not
/// taken in again.
pub(crate) fn take_in_clues(
    console: &Console,
    feed: &str,
    clues: &[Found],
    keys: &Verified,
) -> Result<Result<TakenIn, NotSealed>, Fault> {
    // One after the other: whether a clue is the first of its report depends on those before.
    let _turn = console.clue_turn();
    let today = console.clock.today();
    let mut reports: Vec<Option<(u64, bool)>> = Vec::new();
    let (mut letters, mut new) = (Vec::new(), Vec::new());
    let mut begun = std::collections::BTreeSet::new();
    for clue in clues {
        let event = clue.event(feed);
        if let Some(report) = console.register.clue(&event.to_hex())? {
            reports.push(Some((report, true)));
            continue;
        }
        reports.push(None);
        let reporter = console.clue_key.reporter(feed, &clue.subject(), today);
        let first =
            console.register.report_of(&reporter.mailbox())?.is_none() && begun.insert(reporter.mailbox().to_hex());
        let body = if first { clue.report() } else { clue.follow_up() };
        let id: [u8; 16] = event.as_bytes()[..16].try_into().map_err(Fault::inside)?;
        match seal(console, &reporter, id.into(), body, keys)? {
            Ok(sealed) => {
                let visit = crypto::visit::Visit::parse(&sealed.request).map_err(Fault::inside)?;
                letters.push(visit.letter.to_vec());
                new.push(event.to_hex());
            }
            Err(not) => return Ok(Err(not)),
        }
    }
    let incoming = received(console, &letters)?;
    let batch = incoming.into_iter().zip(new).map(|(letter, event)| Clue { letter, event, feed: feed.to_owned() });
    let Ok(taken) = console.register.take_in_clues(batch.collect())? else { return Err(Fault::Unsound) };
    let mut taken = taken.into_iter();
    let all = reports.into_iter().map(|known| known.or_else(|| taken.next().map(|report| (report, false))));
    Ok(Ok(TakenIn { reports: all.collect::<Option<_>>().ok_or(Fault::Unsound)? }))
}
