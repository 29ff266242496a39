//! How a report is handled: steps that are kept sealed to the post, and what the reporter is told
//! of them once it is decided.

use casework::claim;
use casework::entered::Entered;
use casework::triage::{Handling, Stage, Step};
use crypto::day::Day;
use crypto::mailbox::LetterDigest;
use crypto::slot::Outcome;
use opening::PostKeys;
use recording::{Act, Client, HandleReport, Person, ReadHandling, Recorded};
use register::{Entering, NotEntered, Register, Report, Series, StoredPaper};

use crate::books::{self, Books};
use crate::fault::Fault;
use crate::{dossiers, papers};

/// A report's handling, in clear.
pub(crate) struct Handled {
    pub(crate) now: Handling,
    /// Its steps, oldest first.
    pub(crate) steps: Vec<Entered<Step>>,
}

impl Handled {
    /// The place of the next step; also how many were seen.
    pub(crate) fn seen(&self) -> u64 {
        self.steps.len() as u64
    }
}

/// Reads the handling once that is recorded.
pub(crate) fn read(
    recorded: Recorded<ReadHandling>,
    books: &Books,
    keys: &PostKeys,
    report: u64,
) -> Result<Handled, Fault> {
    let _ = recorded.use_up();
    in_clear(books, keys, report)
}

fn in_clear(books: &Books, keys: &PostKeys, report: u64) -> Result<Handled, Fault> {
    let fits = |act: &Act, step: &Step| match act {
        Act::HandleReport(deed) if deed.step == step.code() => {
            Some(books::Recorded { letter: deed.letter, number: deed.number, digest: deed.digest })
        }
        _ => None,
    };
    let mut steps = Vec::new();
    for (paper, step) in books.papers(keys, report, Series::Handling, fits)? {
        steps.push(Entered { by: paper.author, on: paper.written_on, what: step? });
    }
    let now = Handling::replay(steps.iter().map(|step| &step.what)).map_err(Fault::inside)?;
    Ok(Handled { now, steps })
}

/// A step that was sealed before it was recorded, so that its record names the very bytes.
pub(crate) struct Permitted {
    recorded: Recorded<HandleReport>,
    sealed: Vec<u8>,
}

/// Seals a step and has it recorded as the next one after those that were `seen`.
pub(crate) fn permit(
    client: &mut Client,
    person: &Person<'_>,
    keys: &PostKeys,
    letter: LetterDigest,
    (seen, step): (u64, &Step),
) -> Result<Permitted, Fault> {
    let sealed = papers::seal(keys, step)?;
    let (step, digest) = (step.code().to_owned(), LetterDigest::of(&sealed));
    let deed = HandleReport { letter, step, number: seen + 1, digest };
    let (recorded, _) = client.record(person, deed)?;
    Ok(Permitted { recorded, sealed })
}

/// Keeps a step whose entry is durable, together with what it enters on the case side.
pub(crate) fn keep(
    permitted: Permitted,
    register: &Register,
    report: u64,
    (by, on, stage): (&str, Day, Stage),
    with: Option<Entering>,
) -> Result<Result<(), NotEntered>, Fault> {
    let (deed, attested) = permitted.recorded.attested();
    let attested = books::written(&attested)?;
    let (author, sealed) = (by.to_owned(), permitted.sealed);
    let paper = StoredPaper { number: deed.number, written_on: on, author, sealed, attested };
    Ok(register.add_step(report, paper, stage.code(), with)?)
}

/// What the reporter is told of the outcome: nothing until it is decided, since a polluter may
/// report itself to learn what is known; and once told, the same until something else is decided.
/// Called while slots are renewed, which has its own entry.
pub(crate) fn outcome(books: &Books, keys: &PostKeys, report: &Report) -> Result<Option<Outcome>, Fault> {
    let now = in_clear(books, keys, report.number)?.now;
    note_stage(books, report, now)?;
    if now.stage == Stage::Proposed
        && let Some(awarded) = awarded(books, now)?
    {
        return Ok(Some(awarded));
    }
    Ok(match now.tells().or(now.told) {
        Some((Stage::NotOurs, _)) => Some(Outcome::NotOurs {}),
        Some((Stage::NotEffective, _)) => Some(Outcome::NotEffective {}),
        Some((Stage::NotConfirmed, _)) => Some(Outcome::NotConfirmed {}),
        Some((Stage::Known, Some(case))) => known(books, case)?,
        _ => None,
    })
}

/// The stage as lists show it, noted for them where it has changed. Only the post knows which claim
/// is which report's, so the approver's decision reaches the list when an officer's session next
/// reads the handling.
pub(crate) fn note_stage(books: &Books, report: &Report, now: Handling) -> Result<Stage, Fault> {
    let claim = now.claim.filter(|_| now.stage == Stage::Proposed).map(|claim| books.claim(claim)).transpose()?;
    let stage = match claim.flatten().map(|file| file.now.state) {
        Some(claim::State::Approved) => Stage::Approved,
        Some(claim::State::Returned) => Stage::Returned,
        Some(claim::State::Proposed) | None => now.stage,
    };
    if stage.code() != report.stage {
        books.register.set_stage(report.number, stage.code())?;
    }
    Ok(stage)
}

/// Known matters are told of once the case that they are known from is decided.
fn known(books: &Books, number: u64) -> Result<Option<Outcome>, Fault> {
    let case = books.case(number)?;
    Ok(case.filter(|file| file.now.is_decided()).map(|_| Outcome::Known {}))
}

/// A reward is told of once another person has approved it, and only if it adds up: whoever can
/// write the register must not promise money.
fn awarded(books: &Books, now: Handling) -> Result<Option<Outcome>, Fault> {
    let (Some(claim), Some(case)) = (now.claim, now.case) else { return Ok(None) };
    let Some(claim) = books.claim(claim)? else { return Ok(None) };
    let Some(case) = books.case(case)? else { return Ok(None) };
    let Some(decided_on) = claim.now.approved_on else { return Ok(None) };
    if !dossiers::is_what_was_approved(&claim)? || !dossiers::adds_up(&books.rules, &claim.now.proposal, &case.now) {
        return Err(Fault::Unsound);
    }
    let closed = case.now.state == casework::case::State::Closed;
    Ok(Some(Outcome::Confirmed { decided_on, award: claim.now.proposal.award, closed }))
}
