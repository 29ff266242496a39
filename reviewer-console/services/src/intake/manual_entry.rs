//! Reports by telephone, on paper or in person. An officer enters the report, it is sealed like any letter, and the
//! person gets a receipt code like any reporter.

use casework::reports::{HandlingStep, Origin};
use crypto::keys::statement::VerifiedStatement;
use crypto::letters::letter::{Body, Report};
use crypto::letters::mailbox::MailboxId;
use crypto::letters::receipt::ReceiptCode;
use letterbox::NewVisit;
use model::Day;
use opening::reporter::Reporter;
use register::{SequenceConflict, Transaction};
use tokio::task::spawn_blocking;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::intake::ingest::{Arrived, NotIngested, place_in_order};
use crate::intake::seal::{NotSealed, SealedVisit, keys_in_force, seal};
use crate::reports::handling::read_steps;

/// Verified keys that an entered report will be sealed to.
pub struct EntryKeys(VerifiedStatement);

/// The keys in force now; fetched before the form is marked as submitted.
pub async fn keys_for_entry(actor: &Actor) -> Result<Result<EntryKeys, NotSealed>, ConsoleError> {
    Ok(keys_in_force(&actor.resources).await?.map(EntryKeys))
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
    let sealed = spawn_blocking(move || seal_for_somebody(today, report, &keys.0));
    let (code, visit) = match sealed.await.map_err(ConsoleError::inside)?? {
        Ok(sealed) => sealed,
        Err(not) => return Ok(Err(not)),
    };
    let (letter, mailbox) = (visit.letter.clone(), visit.mailbox);
    // The portal first: whatever fails later, the letter is durable there and comes with the next exchange.
    actor.resources.letterbox.visit(visit).await.map_err(ConsoleError::inside)?;
    let taken = spawn_blocking(move || take_in(&actor, letter, mailbox, origin)).await;
    // The code is returned even after an error: the person waits for it, and it cannot be shown again.
    let number = taken.map_err(ConsoleError::inside).and_then(|taken| taken).inspect_err(|error| {
        tracing::error!(
            code = "manual-entry.waiting",
            "report entered by hand is not taken in before the next exchange: {}",
            program::chain(error)
        );
    });
    Ok(Ok(EnteredReport { code, number: number.ok() }))
}

fn seal_for_somebody(
    day: Day,
    report: Report,
    keys: &VerifiedStatement,
) -> Result<Result<(ReceiptCode, NewVisit), NotSealed>, ConsoleError> {
    let random = random::secret().map_err(ConsoleError::inside)?;
    let code = ReceiptCode::from_random(*random);
    let reporter = Reporter::new(ReceiptCode::from_random(*random));
    let id: [u8; 16] = random::bytes().map_err(ConsoleError::inside)?;
    let row = random::row().map_err(ConsoleError::inside)?;
    let sealed = match seal(&reporter, id.into(), Body::Report(Box::new(report)), keys, day)? {
        Ok(sealed) => sealed,
        Err(not) => return Ok(Err(not)),
    };
    let SealedVisit { enclosure, letter, first_slot } = sealed;
    Ok(Ok((code, NewVisit { mailbox: reporter.mailbox(), enclosure, letter, first_slot, day, row })))
}

/// Takes a letter in at once, since at the next exchange it would come after everything that arrives until then. Stores
/// who entered it, as the report's first step. Returns the report's number.
fn take_in(actor: &Actor, letter: Vec<u8>, mailbox: MailboxId, origin: Origin) -> Result<u64, ConsoleError> {
    let arrived = vec![Arrived { mailbox, sealed: letter, on: actor.today, tag: () }];
    let placed = place_in_order(&actor.resources, arrived, None).map_err(NotIngested::into_console)?;
    actor.register().take_in(placed.untagged())?.map_err(|SequenceConflict| ConsoleError::Unsound)?;
    let number = actor.register().report_of(&mailbox)?.ok_or(ConsoleError::Unsound)?.number;
    let entered = actor.enter(HandlingStep::Entered { origin: origin.code().to_owned() });
    let steps = vec![read_steps(actor, number)?.next_step(actor, &entered)?];
    let kept = actor.register().take_step(Transaction { steps, ..Transaction::default() })?;
    kept.map(|()| number).map_err(|_| ConsoleError::Unsound)
}
