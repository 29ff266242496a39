//! Handling a report: steps that are stored sealed to the post.

use casework::reports::{Handling, HandlingStep, ReportStage};
use casework::signed_entry::SignedEntry;
use model::{Digest, LetterDigest, Role};
use opening::PostKeys;
use recorder_protocol::{AnyAction, HandleReport, ReadFigures, ReadHandling, Recorded};
use register::{NewStep, StoredRecord, StoredReport};

use crate::actor::Actor;
use crate::audit::attested_register::{self, AttestedRegister, RecordedPlace};
use crate::audit::permissions::{Handlings, Permits};
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::reports::stage::note_stage;
use crate::rewards::claim_file::ClaimFile;
use crate::sealed_record;

/// A report's handling, in clear.
pub struct HandlingFile {
    /// State after the last step.
    pub now: Handling,
    /// All steps, oldest first.
    pub steps: Vec<SignedEntry<HandlingStep>>,
}

impl HandlingFile {
    /// Number of steps. A later request expects this number, so that a step in between is noticed.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.steps.len() as u64
    }
}

/// A report and its steps, to which another can be added.
pub(crate) struct HandledReport {
    pub(crate) report: StoredReport,
    pub(crate) handled: HandlingFile,
}

/// A report's handling, with the case and the claim that it led to.
pub struct ReportHandling {
    /// The report as stored in the register.
    pub report: StoredReport,
    /// Steps of the report and their state.
    pub handled: HandlingFile,
    /// Stage of the report as lists show it, with an approver's decision.
    pub stage: ReportStage,
    /// Whether anybody has opened a letter of the report.
    pub opened: bool,
    /// Case of the report; none before it has one.
    pub case: Option<CaseFile>,
    /// Claim of the report; none before it has one.
    pub claim: Option<ClaimFile>,
}

/// Reads a report's handling with its case and its claim, which is recorded.
pub fn read_handling(actor: &Actor, number: u64) -> Result<ReportHandling, ConsoleError> {
    actor.post_keys()?;
    let report = actor.register().report(number)?.ok_or(ConsoleError::NotFound)?;
    let recorded = actor.record(ReadHandling { letter: first_letter(&report)? })?;
    with_what_it_led_to(recorded, actor, report)
}

fn with_what_it_led_to(
    recorded: Recorded<ReadHandling>,
    actor: &Actor,
    report: StoredReport,
) -> Result<ReportHandling, ConsoleError> {
    let attested = actor.attested();
    let handled = in_clear(&recorded, attested, actor.post_keys()?, report.number)?;
    let opened = report.letters.iter().any(|letter| letter.kind.is_some());
    let case = handled.now.case.map(|case| attested.case(&recorded, case)).transpose()?.flatten();
    let claim = handled.now.claim.map(|claim| attested.claim(&recorded, claim)).transpose()?.flatten();
    let stage = note_stage(&recorded, attested, &report, &handled.now)?;
    Ok(ReportHandling { report, handled, stage, opened, case, claim })
}

/// Reads only the steps of a report, which is recorded.
pub(crate) fn read_steps(actor: &Actor, number: u64) -> Result<HandledReport, ConsoleError> {
    actor.post_keys()?;
    let report = actor.register().report(number)?.ok_or(ConsoleError::NotFound)?;
    let recorded = actor.record(ReadHandling { letter: first_letter(&report)? })?;
    steps_of(recorded, actor, report)
}

fn steps_of(
    recorded: Recorded<ReadHandling>,
    actor: &Actor,
    report: StoredReport,
) -> Result<HandledReport, ConsoleError> {
    let handled = in_clear(&recorded, actor.attested(), actor.post_keys()?, report.number)?;
    Ok(HandledReport { report, handled })
}

/// Reads the handling of many reports, of which only sums are shown. A damaged one gives none in its place, and an
/// error is logged for the operator.
pub(crate) fn read_all(
    recorded: &Recorded<ReadFigures>,
    attested: &AttestedRegister,
    keys: &PostKeys,
    reports: &[u64],
) -> Result<Vec<Option<Handling>>, ConsoleError> {
    let read = |report: &u64| match in_clear(recorded, attested, keys, *report) {
        Ok(handled) => Ok(Some(handled.now)),
        Err(ConsoleError::Register(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(
                code = "handling.unreadable",
                "handling of report {report} unreadable: {}",
                program::chain(&error)
            );
            Ok(None)
        }
    };
    reports.iter().map(read).collect()
}

/// Opens and verifies the steps of a report, and replays them.
pub(crate) fn in_clear(
    permit: &impl Permits<Handlings>,
    attested: &AttestedRegister,
    keys: &PostKeys,
    report: u64,
) -> Result<HandlingFile, ConsoleError> {
    let fits = |act: &AnyAction, step: &HandlingStep| match act {
        AnyAction::HandleReport(action) if action.step == step.code() => {
            Some(RecordedPlace { letter: action.letter, number: action.number, digest: action.digest })
        }
        _ => None,
    };
    let mut steps = Vec::new();
    for (stored, step) in attested.sealed_records::<Handlings, _>(permit, keys, report, fits)? {
        steps.push(SignedEntry { by: stored.author, on: stored.written_on, what: step? });
    }
    Ok(HandlingFile { now: Handling::replay(&steps).map_err(ConsoleError::inside)?, steps })
}

impl ReportHandling {
    /// Seals and records the next step; returns it for storing together with what belongs to it.
    pub(crate) fn next_step(
        &self,
        actor: &Actor,
        entered: &SignedEntry<HandlingStep>,
    ) -> Result<NewStep, ConsoleError> {
        next_step(actor, &self.report, &self.handled, entered)
    }

    /// Whether the rules allow a step to follow.
    pub(crate) fn allows(&self, entered: &SignedEntry<HandlingStep>) -> bool {
        self.handled.now.clone().apply(entered).is_ok()
    }
}

impl HandledReport {
    /// Seals and records the next step; returns it for storing together with what belongs to it.
    pub(crate) fn next_step(
        &self,
        actor: &Actor,
        entered: &SignedEntry<HandlingStep>,
    ) -> Result<NewStep, ConsoleError> {
        next_step(actor, &self.report, &self.handled, entered)
    }
}

/// Seals a step before it is recorded, so that the record contains the digest of the stored bytes.
fn next_step(
    actor: &Actor,
    report: &StoredReport,
    handled: &HandlingFile,
    entered: &SignedEntry<HandlingStep>,
) -> Result<NewStep, ConsoleError> {
    let stage = handled.now.clone().apply(entered).map_err(ConsoleError::inside)?.stage;
    let sealed = sealed_record::seal(actor.post_keys()?, &entered.what)?;
    let recorded = actor.record(HandleReport {
        letter: first_letter(report)?,
        step: entered.what.code().to_owned(),
        number: handled.version() + 1,
        digest: Digest::of(&sealed),
    })?;
    new_step(recorded, report.number, sealed, entered, stage)
}

fn new_step(
    recorded: Recorded<HandleReport>,
    report: u64,
    sealed: Vec<u8>,
    entered: &SignedEntry<HandlingStep>,
    stage: ReportStage,
) -> Result<NewStep, ConsoleError> {
    let (action, attested) = recorded.attested();
    let attested = attested_register::written(&attested)?;
    let author = entered.by.clone();
    let record = StoredRecord { number: action.number, written_on: entered.on, author, sealed, attested };
    Ok(NewStep { report, record, stage: stage.code() })
}

/// The first letter, which identifies the report in the log.
pub(crate) fn first_letter(report: &StoredReport) -> Result<LetterDigest, ConsoleError> {
    report.letters.first().map(|letter| letter.digest).ok_or(ConsoleError::NotFound)
}

/// Names of officers who hold the post's keys, to whom a report may be given.
pub fn officers(actor: &Actor) -> Result<Vec<String>, ConsoleError> {
    let accounts = actor.register().accounts()?.into_iter();
    let usable = accounts.filter(|one| !one.closed && one.roles.contains(&Role::Officer) && one.post_keys.is_some());
    Ok(usable.map(|one| one.name).collect())
}
