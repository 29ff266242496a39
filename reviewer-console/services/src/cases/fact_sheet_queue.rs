//! Fact sheets between the wall and the case: each waits, sealed to the post, for the next case day;
//! then all of them become cases together, in a random order, so that neither the day nor the order
//! of a case tells whether somebody reported. Urgent ones become cases at once, wherever they come
//! from.

use casework::cases::{Case, CaseEntry, FactSheet};
use casework::reports::{HandlingStep, ReportStage};
use model::{Day, Digest};
use recorder_protocol::{AnyAction, CrossSheet, EnterCase, ReadSheets, Recorded};
use register::{LedgerFilter, LedgerKind, NotEntered, StoredSheet, Transaction};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::audit::attested_register;
use crate::audit::permissions::{Permits, RuleCheck, Sheets};
use crate::cases::case_file::{CaseFile, EntryAttachments, case_entering};
use crate::error::ConsoleError;
use crate::ledger::written;
use crate::reports::handling::{HandledReport, read_steps};
use crate::resources::Resources;
use crate::sealed_record;

/// Cases that a sheet is held against, newest first: some years of a county's.
const CASES: u32 = 500;

/// A fact sheet that has crossed and is no case yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingSheet {
    /// The sheet.
    pub sheet: FactSheet,
    /// Whether it becomes a case at once.
    pub urgent: bool,
    /// The report behind it, if there is one: stands here and in the report's own handling, sealed.
    pub report: Option<u64>,
    /// The day it crossed.
    pub on: Day,
}

/// A waiting sheet with its row.
pub struct QueuedSheet {
    row: i64,
    /// The sheet.
    pub waiting: WaitingSheet,
}

/// Seals a sheet and has its crossing recorded.
pub(crate) fn queue(actor: &Actor, waiting: &WaitingSheet) -> Result<StoredSheet, ConsoleError> {
    let sealed = sealed_record::seal(actor.post_keys()?, waiting)?;
    let recorded = actor.record(CrossSheet { digest: Digest::of(&sealed) })?;
    stored(recorded, sealed)
}

fn stored(recorded: Recorded<CrossSheet>, sealed: Vec<u8>) -> Result<StoredSheet, ConsoleError> {
    let (_, attested) = recorded.attested();
    let attested = attested_register::written(&attested)?;
    Ok(StoredSheet { row: random::row().map_err(ConsoleError::inside)?, sealed, attested })
}

/// Reads all that wait, once that is recorded. One that nobody had recorded is left out, and the
/// operator is told.
pub fn read_queue(actor: &Actor) -> Result<Vec<QueuedSheet>, ConsoleError> {
    actor.post_keys()?;
    let stored = actor.register().waiting_sheets()?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let sheets = u32::try_from(stored.len()).map_err(ConsoleError::inside)?;
    Ok(in_clear(actor.record(ReadSheets { sheets })?, actor, stored))
}

fn in_clear(recorded: Recorded<ReadSheets>, actor: &Actor, stored: Vec<StoredSheet>) -> Vec<QueuedSheet> {
    let mut kept = Vec::new();
    for sheet in stored {
        match one_in_clear(&recorded, actor, &sheet) {
            Ok(waiting) => kept.push(QueuedSheet { row: sheet.row, waiting }),
            Err(error) => {
                tracing::error!(code = "sheet.unreadable", "waiting fact sheet unreadable: {}", program::chain(&error))
            }
        }
    }
    kept
}

fn one_in_clear(
    _permit: &impl Permits<Sheets>,
    actor: &Actor,
    sheet: &StoredSheet,
) -> Result<WaitingSheet, ConsoleError> {
    let act = actor.attested().attested(&sheet.attested)?.action;
    if act != (AnyAction::CrossSheet(CrossSheet { digest: Digest::of(&sheet.sealed) })) {
        return Err(ConsoleError::Unsound);
    }
    sealed_record::open(actor.post_keys()?, &sheet.sealed)
}

/// Whether something may be due today, without opening anything: it is a case day and something waits,
/// or waits since before the last one. What was asked for when it crossed says since when.
pub fn may_be_due(resources: &Resources) -> Result<bool, ConsoleError> {
    let today = resources.clock.today();
    for sheet in resources.register.waiting_sheets()? {
        // One that is damaged keeps nobody else's waiting; reading tells the operator of it.
        let Ok(ask) = resources.attested.attested(&sheet.attested) else { continue };
        if resources.rules().case_day_after(Day::of(ask.at)) <= today {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which sheets become cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichSheets {
    /// Those whose day has come.
    Due,
    /// Urgent ones.
    Urgent,
}

/// Makes cases of what waits, all in one transaction; gives their numbers. Other people's entries
/// meanwhile stop it, and nothing has happened.
pub fn release_sheets(actor: &Actor, which: WhichSheets) -> Result<Result<Vec<u64>, NotEntered>, ConsoleError> {
    actor.post_keys()?;
    let mut waiting = read_queue(actor)?;
    waiting.retain(|kept| match which {
        WhichSheets::Urgent => kept.waiting.urgent,
        WhichSheets::Due => actor.rules().case_day_after(kept.waiting.on) <= actor.today,
    });
    if waiting.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let (mut chosen, twice) = sift(actor, waiting)?;
    random::shuffle(&mut chosen).map_err(ConsoleError::inside)?;
    let first = actor.register().next_ledger_number(LedgerKind::Cases)?;
    let mut together = Transaction { released: twice, ..Transaction::default() };
    let (mut numbers, mut reports) = (Vec::new(), Vec::new());
    for (Chosen { kept: QueuedSheet { row, waiting }, report }, number) in chosen.into_iter().zip(first..) {
        let entered = actor.enter(CaseEntry::Listed(waiting.sheet));
        let listed = Case::replay([&entered]).map_err(ConsoleError::inside)?;
        let (_, digest) = written(&entered.what)?;
        let entry = entered.what.kind().code().to_owned();
        let recorded = actor.record(EnterCase { case: number, number: 1, entry, digest })?;
        let beside = EntryAttachments { evidence: Vec::new(), events: &actor.resources.events };
        together.entering.push(case_entering(recorded, 0, &entered, &listed, beside)?);
        together.released.push(row);
        numbers.push(number);
        reports.extend(report.map(|report| (report, number)));
    }
    // In an order of their own, after all cases: beside each other in the log they would tell which
    // report became which case.
    random::shuffle(&mut reports).map_err(ConsoleError::inside)?;
    for (report, case) in reports {
        together.steps.push(report.next_step(actor, &actor.enter(HandlingStep::Confirmed { case }))?);
    }
    Ok(actor.register().take_step(together)?.map(|()| numbers))
}

/// A sheet that becomes a case, and the handling of the report behind it.
struct Chosen {
    kept: QueuedSheet,
    report: Option<HandledReport>,
}

/// What may become a case, and rows of sheets that are cases already. Whoever can write the register's
/// file can put a sheet there again that has become a case, so each is held against what came of it
/// before anything is recorded.
fn sift(actor: &Actor, waiting: Vec<QueuedSheet>) -> Result<(Vec<Chosen>, Vec<i64>), ConsoleError> {
    let cases = actor.attested().cases(&RuleCheck::of_waiting_sheets(), &LedgerFilter::default(), 0, CASES)?.0.files;
    let (mut chosen, mut twice) = (Vec::<Chosen>::new(), Vec::new());
    for kept in waiting {
        let Some(number) = kept.waiting.report else {
            if is_listed(&cases, &chosen, &kept.waiting) {
                tracing::warn!(code = "sheet.repeated", "waiting fact sheet dropped: it is a case already");
                twice.push(kept.row);
            } else {
                chosen.push(Chosen { kept, report: None });
            }
            continue;
        };
        match read_steps(actor, number) {
            Ok(report) if report.handled.now.case.is_some() => {
                tracing::warn!(code = "sheet.repeated", "waiting fact sheet dropped: it is a case already");
                twice.push(kept.row);
            }
            Ok(report) if report.handled.now.stage == ReportStage::Confirmed => {
                chosen.push(Chosen { kept, report: Some(report) });
            }
            Ok(_) => tracing::error!(code = "sheet.unconfirmed", "fact sheet skipped: its report was not confirmed"),
            Err(ConsoleError::Unsound | ConsoleError::Inside(_)) => {
                tracing::error!(
                    code = "sheet.handling-unreadable",
                    "fact sheet skipped: the handling of its report is unreadable"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok((chosen, twice))
}

/// An inspection's sheet that was sent twice is one case.
fn is_listed(cases: &[CaseFile], chosen: &[Chosen], waiting: &WaitingSheet) -> bool {
    let listed = cases.iter().any(|file| file.now.sheet == waiting.sheet && file.now.listed_on >= waiting.on);
    listed || chosen.iter().any(|one| one.report.is_none() && one.kept.waiting.sheet == waiting.sheet)
}
