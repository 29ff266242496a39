//! How a report is handled: steps that are kept sealed to the post, and what the reporter is told
//! of them once it is decided.

use casework::claim;
use casework::entered::Entered;
use casework::report::{Category, Origin};
use casework::triage::{Filed, Handling, Stage, Step};
use crypto::slot::Outcome;
use model::{LetterDigest, Role};
use opening::PostKeys;
use recorder_protocol::{Act, Client, DrawFigures, HandleReport, Person, ReadHandling, Recorded};
use register::{NewStep, Report, Series, StoredPaper};

use crate::books::{self, Books};
use crate::console::Console;
use crate::fault::Fault;
use crate::sessions::Session;
use crate::{claim_clock, papers};

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

/// Reads how many reports were handled, of which only sums are shown. One that is damaged is left out,
/// and the operator is told.
pub(crate) fn read_all(
    recorded: Recorded<DrawFigures>,
    books: &Books,
    keys: &PostKeys,
    reports: &[u64],
) -> Result<Vec<Option<Handling>>, Fault> {
    let _ = recorded.use_up();
    let read = |report: &u64| match in_clear(books, keys, *report) {
        Ok(handled) => Ok(Some(handled.now)),
        Err(Fault::Register(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!("the handling of report {report} cannot be read: {}", program::chain(&error));
            Ok(None)
        }
    };
    reports.iter().map(read).collect()
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
    Ok(Handled { now: Handling::replay(&steps).map_err(Fault::inside)?, steps })
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

/// A step whose entry is durable, to be kept with what belongs to it.
pub(crate) fn new_step(
    permitted: Permitted,
    report: u64,
    entered: &Entered<Step>,
    stage: Stage,
) -> Result<NewStep, Fault> {
    let (deed, attested) = permitted.recorded.attested();
    let attested = books::written(&attested)?;
    let (author, sealed) = (entered.by.clone(), permitted.sealed);
    let paper = StoredPaper { number: deed.number, written_on: entered.on, author, sealed, attested };
    Ok(NewStep { report, paper, stage: stage.code() })
}

/// A report's handling, read to go on from it: for what follows from something that is recorded by itself.
pub(crate) struct ReadReport {
    number: u64,
    letter: LetterDigest,
    pub(crate) handled: Handled,
}

impl ReadReport {
    /// Reads it once that is recorded.
    pub(crate) fn of(console: &Console, session: &Session, role: Role, number: u64) -> Result<Self, Fault> {
        let keys = session.keys.post.as_ref().ok_or(Fault::NoPostKeys)?;
        let letter = first_letter(&console.register.report(number)?.ok_or(Fault::NotFound)?)?;
        let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ReadHandling { letter })?;
        let handled = read(recorded, &console.books, keys, number)?;
        Ok(Self { number, letter, handled })
    }

    /// Its next step, sealed and recorded, to be kept with what belongs to it.
    pub(crate) fn step(
        self,
        console: &Console,
        session: &Session,
        role: Role,
        entered: &Entered<Step>,
    ) -> Result<NewStep, Fault> {
        let keys = session.keys.post.as_ref().ok_or(Fault::NoPostKeys)?;
        let seen = self.handled.seen();
        let stage = self.handled.now.after(entered).map_err(Fault::inside)?.stage;
        let (mut client, person) = (console.recorder.connect()?, session.person(role));
        let permitted = permit(&mut client, &person, keys, self.letter, (seen, &entered.what))?;
        new_step(permitted, self.number, entered, stage)
    }
}

/// What figures count a report under, as this session has read it: what the letter says, where that is
/// something that figures know. Nothing if this session has not opened it.
pub(crate) fn filed(console: &Console, session: &Session, report: &Report, now: &Handling) -> Option<Filed> {
    let opened = session.opened();
    let first = opened.values().find(|one| one.report == report.number && one.is_report())?;
    let category = Category::of_code(&first.category).unwrap_or(Category::Other);
    let town = Some(&first.town).filter(|town| console.books.rules.towns().contains(town));
    // The letter's own word for its channel is the sender's, who may be anybody.
    let origin = match (&now.by_hand, &report.feed) {
        (Some(entry), _) => entry.origin,
        (None, Some(_)) if Origin::FEEDS.contains(&first.origin) => first.origin,
        (None, Some(_)) => Origin::Alarm,
        // It says that an officer entered it, and no entry says so: it counts, and earns nothing.
        (None, None) if Origin::BY_HAND.contains(&first.origin) => first.origin,
        (None, None) => Origin::Web,
    };
    let town = town.cloned().unwrap_or_default();
    Some(Filed { category: category.code().to_owned(), town, origin: origin.code().to_owned() })
}

/// Whether a report may earn a reward; none where its channel is not known to this session.
pub(crate) fn may_earn(console: &Console, session: &Session, report: &Report, now: &Handling) -> Option<bool> {
    let filed = filed(console, session, report, now).or_else(|| now.filed.clone())?;
    let (origin, received) = (Origin::of_code(&filed.origin)?, report.letters.first()?.received_on);
    Some(now.may_earn(origin, console.books.rules.procedure(received)))
}

/// The letter by which the log knows a report.
pub(crate) fn first_letter(report: &Report) -> Result<LetterDigest, Fault> {
    report.letters.first().map(|letter| letter.digest).ok_or(Fault::NotFound)
}

/// What the reporter is told of the outcome: nothing until it is decided, since a polluter may
/// report itself to learn what is known; and once told, the same until something else is decided.
/// Called while slots are renewed, which has its own entry.
pub(crate) fn outcome(books: &Books, keys: &PostKeys, report: &Report) -> Result<Option<Outcome>, Fault> {
    let now = in_clear(books, keys, report.number)?.now;
    note_stage(books, report, &now)?;
    if now.stage == Stage::Proposed
        && let Some(awarded) = awarded(books, &now)?
    {
        return Ok(Some(awarded));
    }
    if let Some((first, joint)) = now.joined.filter(|_| now.stage == Stage::Joined) {
        return as_the_first(books, &in_clear(books, keys, first)?.now, joint);
    }
    told(books, now.tells().or(now.told))
}

fn told(books: &Books, told: Option<(Stage, Option<u64>)>) -> Result<Option<Outcome>, Fault> {
    Ok(match told {
        Some((Stage::NotOurs, _)) => Some(Outcome::NotOurs {}),
        Some((Stage::NotEffective, _)) => Some(Outcome::NotEffective {}),
        Some((Stage::NotConfirmed, _)) => Some(Outcome::NotConfirmed {}),
        Some((Stage::Minor, _)) => Some(Outcome::Minor {}),
        Some((Stage::Known, Some(case))) => known(books, case)?,
        _ => None,
    })
}

/// A report that tells of what an earlier one told of is told what that one is; one that does not
/// share the reward, that it was known, once the case is decided. The reward has a claim of its own.
fn as_the_first(books: &Books, first: &Handling, joint: bool) -> Result<Option<Outcome>, Fault> {
    if let Some(same) = told(books, first.tells())? {
        return Ok(Some(same));
    }
    match first.case {
        Some(case) if !joint => known(books, case),
        _ => Ok(None),
    }
}

/// The stage as lists show it, noted for them where it has changed. Only the post knows which claim
/// is which report's, so the approver's decision reaches the list when an officer's session next
/// reads the handling.
pub(crate) fn note_stage(books: &Books, report: &Report, now: &Handling) -> Result<Stage, Fault> {
    let claim = now.claim.filter(|_| now.stage == Stage::Proposed).map(|claim| books.claim(claim)).transpose()?;
    let stage = match claim.flatten().map(|file| file.now.state) {
        Some(claim::State::Returned) => Stage::Returned,
        Some(claim::State::Proposed | claim::State::Agreed) | None => now.stage,
        Some(_) => Stage::Approved,
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

/// A reward is told of once another person has approved it, and only if it adds up.
fn awarded(books: &Books, now: &Handling) -> Result<Option<Outcome>, Fault> {
    let Some(claim) = now.claim.map(|claim| books.claim(claim)).transpose()?.flatten() else { return Ok(None) };
    let Some(case) = books.case(claim.now.proposal.case)? else { return Ok(None) };
    let Some((decided_on, award, standing)) = claim_clock::told(books, &claim, &case.now)? else { return Ok(None) };
    books.granted(&claim, &case.now)?;
    let closed = case.now.state == casework::case::State::Closed;
    Ok(Some(Outcome::Confirmed { decided_on, award, closed, claim: standing }))
}
