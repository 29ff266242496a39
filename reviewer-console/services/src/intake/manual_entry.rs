//! What somebody tells by telephone, on paper or in person: an officer enters it, it is sealed like any letter, and
//! whoever told it gets a receipt code like any reporter.

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
use crate::intake::seal::{NotSealed, keys_in_force, seal};
use crate::reports::handling::read_steps;

/// Keys that a report will be sealed to.
pub struct EntryKeys(VerifiedStatement);

/// The keys that a report would be sealed to now: asked for before its form is taken as sent.
pub async fn keys_for_entry(actor: &Actor) -> Result<Result<EntryKeys, NotSealed>, ConsoleError> {
    Ok(keys_in_force(&actor.resources).await?.map(EntryKeys))
}

/// A report to be entered.
pub struct ManualEntry {
    /// By which way it came.
    pub origin: Origin,
    /// What was told.
    pub report: Report,
}

/// A report that was entered.
pub struct EnteredReport {
    /// What the person who called, wrote or came is told, this once.
    pub code: ReceiptCode,
    /// The report's number; none while it waits for the exchange.
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
    // The portal first: whatever fails later, the letter is durable and comes with the next exchange.
    actor.resources.letterbox.visit(visit).await.map_err(ConsoleError::inside)?;
    let taken = spawn_blocking(move || take_in(&actor, letter, mailbox, origin)).await;
    // However this ends: whoever called is waiting for the code, and nobody can show it again.
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
    let mailbox = reporter.mailbox();
    Ok(Ok((code, NewVisit { mailbox, letter: sealed.letter, first_slot: sealed.first_slot, day, row })))
}

/// Takes a letter in at once, for what waits for the next exchange would come after everything that arrives until then;
/// and keeps, as the report's first step, who entered it. Gives its number.
fn take_in(actor: &Actor, letter: Vec<u8>, mailbox: MailboxId, origin: Origin) -> Result<u64, ConsoleError> {
    let arrived = vec![Arrived { sealed: letter, on: actor.today, tag: () }];
    let placed = place_in_order(&actor.resources, arrived).map_err(NotIngested::into_console)?;
    let incoming = placed.into_iter().map(|(letter, ())| letter).collect();
    actor.register().take_in(incoming)?.map_err(|SequenceConflict| ConsoleError::Unsound)?;
    let number = actor.register().report_of(&mailbox)?.ok_or(ConsoleError::Unsound)?.number;
    let entered = actor.enter(HandlingStep::Entered { origin: origin.code().to_owned() });
    let steps = vec![read_steps(actor, number)?.next_step(actor, &entered)?];
    let kept = actor.register().take_step(Transaction { steps, ..Transaction::default() })?;
    kept.map(|()| number).map_err(|_| ConsoleError::Unsound)
}
