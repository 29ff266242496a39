//! Fact sheets that have crossed the wall and are no case yet. Each waits, sealed to the post, for the next case day.
//! Then all of them become cases together, in a random order, so that neither the day nor the order of a case reveals
//! whether somebody reported. Urgent sheets become cases at once, whether from a report or an inspection.

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
use crate::resources::{Resources, SheetTurn};
use crate::sealed_record;

/// Cases that a sheet is compared with, newest first: some years of a county's cases.
const CASES: u32 = 500;

/// A fact sheet that has crossed and is no case yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingSheet {
    /// Content of the fact sheet.
    pub sheet: FactSheet,
    /// Whether it becomes a case at once, not on the next case day.
    pub urgent: bool,
    /// Number of the report behind it, if there is one. Stored only here and in the report's own handling, sealed in
    /// both.
    pub report: Option<u64>,
    /// The day of crossing, which determines the case day.
    pub on: Day,
}

/// A waiting sheet, with its row in the register.
pub struct QueuedSheet {
    row: i64,
    /// The sheet and the circumstances of its crossing.
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

/// Reads all waiting sheets, which is recorded first. A sheet whose crossing was never recorded is left out, and an
/// error is logged for the operator.
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
                tracing::error!(code = "sheet.unreadable", "waiting fact sheet unreadable: {}", program::chain(&error));
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

/// Whether a waiting sheet may be due today, without opening any: its case day has come. The day of crossing is taken
/// from the recorded request.
pub fn may_be_due(resources: &Resources) -> Result<bool, ConsoleError> {
    let today = resources.clock.today();
    for sheet in resources.register.waiting_sheets()? {
        // A damaged sheet must not hold up the others; reading logs it for the operator.
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
    /// Sheets whose case day has come.
    Due,
    /// Urgent sheets, on any day.
    Urgent,
}

/// Makes cases of waiting sheets, all in one transaction; returns their numbers. If an entry of somebody else gets in
/// between, nothing is stored.
pub fn release_sheets(actor: &Actor, which: WhichSheets) -> Result<Result<Vec<u64>, NotEntered>, ConsoleError> {
    release_in_turn(actor, &actor.resources.sheet_turn(), which)
}

/// [`release_sheets`] for somebody who has the turn.
pub(crate) fn release_in_turn(
    actor: &Actor,
    _turn: &SheetTurn<'_>,
    which: WhichSheets,
) -> Result<Result<Vec<u64>, NotEntered>, ConsoleError> {
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
    // Shuffled separately and recorded after all cases: next to each other in the log they would reveal which report
    // became which case.
    random::shuffle(&mut reports).map_err(ConsoleError::inside)?;
    for (report, case) in reports {
        together.steps.push(report.next_step(actor, &actor.enter(HandlingStep::Confirmed { case }))?);
    }
    Ok(actor.register().take_step(together)?.map(|()| numbers))
}

/// A sheet that becomes a case, and the handling of the report behind it, if there is one.
struct Chosen {
    kept: QueuedSheet,
    report: Option<HandledReport>,
}

/// Separates sheets that may become cases from rows of sheets that are cases already. Somebody able to write the
/// register's file can put back a sheet that has become a case, so each is compared with the cases and its report
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

/// Whether an inspection's sheet is a case already, or will be: a sheet that was sent twice is one case.
fn is_listed(cases: &[CaseFile], chosen: &[Chosen], waiting: &WaitingSheet) -> bool {
    let listed = cases.iter().any(|file| file.now.sheet == waiting.sheet && file.now.listed_on >= waiting.on);
    listed || chosen.iter().any(|one| one.report.is_none() && one.kept.waiting.sheet == waiting.sheet)
}
