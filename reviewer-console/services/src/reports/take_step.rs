//! Taking a step in handling a report.

use casework::reports::{HandlingRefusal, HandlingStep, ReportStage};
use casework::signed_entry::SignedEntry;
use register::{NotEntered, Transaction};

use crate::actor::Actor;
use crate::audit::permissions::RuleCheck;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::reports::classification::classify;
use crate::reports::handling::{ReportHandling, officers, read_handling, read_steps};

/// Request to take a step in handling a report.
pub struct StepRequest {
    /// Number of the report.
    pub report: u64,
    /// How many handling steps the author has seen; any other number is a conflict.
    pub expected_version: u64,
    /// The step, without a classification.
    pub step: HandlingStep,
}

/// Outcome of [`take_step`]: taken, or why not.
#[derive(Debug, PartialEq, Eq)]
pub enum StepTaken {
    /// The step is taken, and this is durable.
    Kept,
    /// The step judges the report, but nobody has opened a letter of it.
    Unopened,
    /// Somebody else took a step in the meantime.
    Conflict,
    /// The case that the step names does not exist.
    NoCase,
    /// The case rests on a report that came after this one; an earlier reporter must not lose by that.
    KnownFromLater,
    /// There is no such officer, or they do not hold the post's keys.
    NoOfficer,
    /// The rules refuse the step.
    Refused(HandlingRefusal),
}

/// Takes a step, if the rules allow it: judges a report, sends it for verification, gives it to an officer. This is
/// recorded.
pub fn take_step(actor: &Actor, request: StepRequest) -> Result<StepTaken, ConsoleError> {
    let StepRequest { report, expected_version, step } = request;
    let handling = read_handling(actor, report)?;
    if handling.handled.version() != expected_version {
        return Ok(StepTaken::Conflict);
    }
    if !handling.opened && step.judges() {
        return Ok(StepTaken::Unopened);
    }
    if let Some(refused) = check(actor, &handling, &step)? {
        return Ok(refused);
    }
    let reopens = matches!(step, HandlingStep::Reconsidered { .. });
    let filed = classify(actor, &handling.report, &handling.handled.now);
    let entered = actor.enter(step.classified_as(filed));
    if let Err(refused) = handling.handled.now.clone().apply(&entered) {
        return Ok(StepTaken::Refused(refused));
    }
    let mut steps = vec![handling.next_step(actor, &entered)?];
    // The earlier report must no longer count a report that is judged on its own again.
    if let Some((first, _)) = handling.handled.now.joined.filter(|_| reopens) {
        let parted = SignedEntry { what: HandlingStep::Parted { report }, ..entered };
        steps.push(read_steps(actor, first)?.next_step(actor, &parted)?);
    }
    match actor.register().take_step(Transaction { steps, ..Transaction::default() })? {
        Ok(()) => Ok(StepTaken::Kept),
        Err(NotEntered::Conflict | NotEntered::DocumentTaken) => Ok(StepTaken::Conflict),
    }
}

/// Checks what a step refers to: the case that makes the report known, or the officer.
fn check(actor: &Actor, handling: &ReportHandling, step: &HandlingStep) -> Result<Option<StepTaken>, ConsoleError> {
    match step {
        HandlingStep::Known { case, .. } => match actor.attested().case(&RuleCheck::of_a_known_case(), *case)? {
            None => Ok(Some(StepTaken::NoCase)),
            Some(file) if is_known_from_later(actor, handling, &file)? => Ok(Some(StepTaken::KnownFromLater)),
            Some(_) => Ok(None),
        },
        HandlingStep::Given { to } if !officers(actor)?.contains(to) => Ok(Some(StepTaken::NoOfficer)),
        _ => Ok(None),
    }
}

/// Whether a case rests on a report that was received after this one. Only a report's handling links it to its case, so
/// the handlings of later reports are searched; each reading is recorded.
fn is_known_from_later(actor: &Actor, handling: &ReportHandling, case: &CaseFile) -> Result<bool, ConsoleError> {
    let first = handling.report.letters.first().ok_or(ConsoleError::NotFound)?.received_on;
    if case.now.listed_on < first {
        return Ok(false);
    }
    let stages = ReportStage::LEADING_TO_A_CASE.map(ReportStage::code);
    let later = actor.register().reports_at(&stages)?.into_iter().filter(|later| *later > handling.report.number);
    for later in later {
        if read_handling(actor, later)?.handled.now.case == Some(case.number) {
            return Ok(true);
        }
    }
    Ok(false)
}
