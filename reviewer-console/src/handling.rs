//! How a report is handled: steps that are kept sealed to the post, and what the reporter is told
//! of them once it is decided.

use casework::claim;
use casework::entered::Entered;
use casework::policy::RuleSets;
use casework::triage::{Handling, Stage, Step};
use crypto::slot::Outcome;
use opening::PostKeys;
use recording::{HandleReport, ReadHandling, Recorded};
use register::{Entering, NotEntered, Register, Series, StoredPaper};

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
    register: &Register,
    keys: &PostKeys,
    report: u64,
) -> Result<Handled, Fault> {
    let _ = recorded.use_up();
    in_clear(register, keys, report)
}

fn in_clear(register: &Register, keys: &PostKeys, report: u64) -> Result<Handled, Fault> {
    let mut steps = Vec::new();
    for paper in register.papers(report, Series::Handling)? {
        steps.push(Entered { by: paper.author, on: paper.written_on, what: papers::open(keys, &paper.sealed)? });
    }
    let now = Handling::replay(steps.iter().map(|step| &step.what)).map_err(Fault::inside)?;
    Ok(Handled { now, steps })
}

/// Keeps a step whose entry is durable, together with what it enters on the case side.
pub(crate) fn keep(
    recorded: Recorded<HandleReport>,
    register: &Register,
    keys: &PostKeys,
    report: u64,
    step: (u64, Entered<&Step>, Stage),
    with: Option<Entering>,
) -> Result<Result<(), NotEntered>, Fault> {
    let _ = recorded.use_up();
    let (number, entered, stage) = step;
    let sealed = papers::seal(keys, entered.what)?;
    let paper = StoredPaper { number, written_on: entered.on, author: entered.by, sealed };
    Ok(register.add_step(report, paper, stage.code(), with)?)
}

/// What the reporter is told of the outcome: nothing until it is decided, since a polluter may
/// report itself to learn what is known; and once told, the same until something else is decided.
/// Called while slots are renewed, which has its own entry.
pub(crate) fn outcome(
    register: &Register,
    rules: &RuleSets,
    keys: &PostKeys,
    report: u64,
) -> Result<Option<Outcome>, Fault> {
    let now = in_clear(register, keys, report)?.now;
    if now.stage == Stage::Proposed {
        register.set_stage(report, shown_stage(register, now)?.code())?;
    }
    if now.stage == Stage::Proposed
        && let Some(awarded) = awarded(register, rules, now)?
    {
        return Ok(Some(awarded));
    }
    Ok(match now.tells().or(now.told) {
        Some((Stage::NotOurs, _)) => Some(Outcome::NotOurs {}),
        Some((Stage::NotEffective, _)) => Some(Outcome::NotEffective {}),
        Some((Stage::NotConfirmed, _)) => Some(Outcome::NotConfirmed {}),
        Some((Stage::Known, Some(case))) => known(register, case)?,
        _ => None,
    })
}

/// The stage as lists show it. Only the post knows which claim is which report's, so the approver's
/// decision reaches the list when an officer's session next reads the handling.
pub(crate) fn shown_stage(register: &Register, now: Handling) -> Result<Stage, Fault> {
    let Some(claim) = now.claim.filter(|_| now.stage == Stage::Proposed) else { return Ok(now.stage) };
    Ok(match dossiers::claim(register, claim)?.map(|file| file.now.state) {
        Some(claim::State::Approved) => Stage::Approved,
        Some(claim::State::Returned) => Stage::Returned,
        _ => Stage::Proposed,
    })
}

/// Known matters are told of once the case that they are known from is decided.
fn known(register: &Register, number: u64) -> Result<Option<Outcome>, Fault> {
    let case = dossiers::case(register, number)?;
    Ok(case.filter(|file| file.now.is_decided()).map(|_| Outcome::Known {}))
}

/// A reward is told of once another person has approved it, and only if it adds up: whoever can
/// write the register must not promise money.
fn awarded(register: &Register, rules: &RuleSets, now: Handling) -> Result<Option<Outcome>, Fault> {
    let (Some(claim), Some(case)) = (now.claim, now.case) else { return Ok(None) };
    let Some(claim) = dossiers::claim(register, claim)? else { return Ok(None) };
    let Some(case) = dossiers::case(register, case)? else { return Ok(None) };
    let Some(decided_on) = claim.now.approved_on else { return Ok(None) };
    if !dossiers::is_what_was_approved(&claim)? || !dossiers::adds_up(rules, &claim.now.proposal, &case.now) {
        return Err(Fault::Unsound);
    }
    let closed = case.now.state == casework::case::State::Closed;
    Ok(Some(Outcome::Confirmed { decided_on, award: claim.now.proposal.award, closed }))
}
