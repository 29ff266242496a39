//! Reports by telephone, on paper or in person. An officer enters the report, it is sealed like any letter, and the
//! person gets a receipt code like any reporter.

use casework::reports::{HandlingStep, Origin};
use crypto::keys::statement::VerifiedStatement;
use crypto::letters::letter::{Body, Report};
use crypto::letters::mailbox::MailboxId;
use crypto::letters::receipt::ReceiptCode;
use model::{Day, Digest, LetterDigest};
use opening::reporter::Reporter;
use register::{IncomingLetters, SequenceConflict, Transaction, UnopenedLetter};
use tokio::task::spawn_blocking;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::intake::ingest::{Arrived, NotIngested, outer_key_name, place_in_order};
use crate::intake::seal::{NotSealed, keys_in_force, seal};
use crate::reports::handling::read_steps;

/// Verified keys that an entered report will be sealed to.
pub struct EntryKeys(VerifiedStatement);

/// The keys in force now; fetched before the form is marked as submitted.
pub fn keys_for_entry(actor: &Actor) -> Result<Result<EntryKeys, NotSealed>, ConsoleError> {
    Ok(keys_in_force(&actor.resources)?.map(EntryKeys))
}

/// Request to enter a report.
pub struct ManualEntry {
    /// The channel by which the report came.
    pub origin: Origin,
    /// Content of the report.
    pub report: Report,
}

/// A report that was entered.
pub struct EnteredReport {
    /// Receipt code for the person who called, wrote or came; shown only this once.
    pub code: ReceiptCode,
    /// The report's number; none while its letter waits for the next exchange.
    pub number: Option<u64>,
}

/// Seals a report under a new receipt code and takes it in.
pub async fn enter_report(
    actor: Actor,
    entry: ManualEntry,
    keys: EntryKeys,
) -> Result<Result<EnteredReport, NotSealed>, ConsoleError> {
    let ManualEntry { origin, report } = entry;
    let today = actor.today;
    let needed = outer_key_name(&keys.0.statement);
    let sealed = spawn_blocking(move || seal_for_somebody(today, report, &keys.0));
    let SealedEntry { code, mailbox, letter } = match sealed.await.map_err(ConsoleError::inside)?? {
        Ok(sealed) => sealed,
        Err(not) => return Ok(Err(not)),
    };
    let taken = spawn_blocking(move || {
        // Kept first: whatever fails later, the letter is durable and is taken in with the next exchange.
        keep(&actor, mailbox, &letter)?;
        Ok::<_, ConsoleError>(take_in(&actor, letter, mailbox, (origin, needed)))
    });
    // The code is returned even after an error: the person waits for it, and it cannot be shown again.
    let number = taken.await.map_err(ConsoleError::inside)??.inspect_err(|error| {
        tracing::error!(
            code = "manual-entry.waiting",
            "report entered by hand is not taken in before the next exchange: {}",
            program::chain(error)
        );
    });
    Ok(Ok(EnteredReport { code, number: number.ok() }))
}

/// A report that was sealed for somebody.
struct SealedEntry {
    code: ReceiptCode,
    mailbox: MailboxId,
    letter: Vec<u8>,
}

/// Keeps a letter among those that are to be opened at the next exchange.
fn keep(actor: &Actor, came_through: MailboxId, letter: &[u8]) -> Result<(), ConsoleError> {
    let digest = LetterDigest::of(letter);
    let waits = UnopenedLetter {
        came_through,
        digest,
        received_on: actor.today,
        // It was tried with none.
        outer_keys: Digest::of(b""),
        sealed: letter.to_vec(),
    };
    let letters = IncomingLetters { unopened: vec![waits], ..IncomingLetters::default() };
    actor.register().take_in(letters)?.map_err(|SequenceConflict| ConsoleError::Unsound)?;
    // The room for letters that do not open may be full of junk: then no code is shown.
    if actor.register().holds_unopened(&came_through, digest)? { Ok(()) } else { Err(ConsoleError::Unsound) }
}

fn seal_for_somebody(
    day: Day,
    report: Report,
    keys: &VerifiedStatement,
) -> Result<Result<SealedEntry, NotSealed>, ConsoleError> {
    let random = random::secret().map_err(ConsoleError::inside)?;
    let code = ReceiptCode::from_random(*random);
    let reporter = Reporter::new(ReceiptCode::from_random(*random));
    let id: [u8; 16] = random::bytes().map_err(ConsoleError::inside)?;
    let sealed = seal(&reporter, id.into(), Body::Report(Box::new(report)), keys, day)?;
    Ok(sealed.map(|letter| SealedEntry { code, mailbox: reporter.mailbox(), letter }))
}

/// Takes a letter in at once, since at the next exchange it would come after everything that arrives until then. Stores
/// who entered it, as the report's first step. Returns the report's number.
fn take_in(
    actor: &Actor,
    letter: Vec<u8>,
    mailbox: MailboxId,
    (origin, needed): (Origin, Digest),
) -> Result<u64, ConsoleError> {
    let arrived = vec![Arrived { mailbox, sealed: letter, on: actor.today, tag: () }];
    let placed = place_in_order(&actor.resources, arrived, Some(needed)).map_err(NotIngested::into_console)?;
    let letters = placed.journalled(&actor.resources.journal).map_err(ConsoleError::inside)?;
    actor.register().take_in(letters)?.map_err(|SequenceConflict| ConsoleError::Unsound)?;
    let number = actor.register().report_of(&mailbox)?.ok_or(ConsoleError::Unsound)?.number;
    let entered = actor.enter(HandlingStep::Entered { origin: origin.code().to_owned() });
    let steps = vec![read_steps(actor, number)?.next_step(actor, &entered)?];
    let kept = actor.register().take_step(Transaction { steps, ..Transaction::default() })?;
    kept.map(|()| number).map_err(|_| ConsoleError::Unsound)
}
