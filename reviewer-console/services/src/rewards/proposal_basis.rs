//! The basis of a proposal: report, case and claim, each reading recorded, and checked against earlier proposals.

use casework::cases::Penalty;
use casework::reports::{Category, ReportStage};
use casework::rewards::{ClaimStage, Facts, NoAward, Share, award};
use casework::rules::{RuleSet, SameDay};
use model::{Award, Day, Fen, Line};
use recorder_protocol::{ReadCase, ReadClaim, Recorded};

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::reports::classification::is_rewardable;
use crate::reports::handling::{ReportHandling, read_handling};
use crate::rewards::claim_file::{ClaimFile, rests_on};

/// Everything that a proposal is computed from.
pub struct ProposalBasis {
    /// The report's handling, with its claim.
    pub handling: ReportHandling,
    /// The case that the claim rests on.
    pub case: CaseFile,
    /// The decisions in force, the one with the highest fine first.
    pub penalties: Vec<Penalty>,
    /// Numbers of their documents: the decisive one, and those whose fines are added.
    pub(crate) documents: (String, Vec<String>),
    /// The rules of the day on which the report was received, or those that its claim names.
    pub rules: RuleSet,
    /// Category of the violation, from the fact sheet.
    pub category: Category,
    /// This report's share among those that share the reward.
    pub(crate) share: Share,
}

impl ProposalBasis {
    /// The facts from which an ordinary award is computed.
    pub(crate) fn facts(&self) -> Facts {
        let fines = self.penalties.iter().map(|penalty| penalty.fine).collect();
        Facts { fines, share: self.share, ..Facts::of(self.category, Fen(0)) }
    }

    /// Computes the ordinary award: neither special, excluded nor with add-ons.
    pub fn ordinary(&self) -> Result<Award, NoAward> {
        award(&self.rules.policy, &self.facts())
    }

    /// The decisions in force as text, so that a later request can notice a change.
    #[must_use]
    pub fn decisions(&self) -> String {
        let one = |penalty: &Penalty| format!("{} {}", penalty.decision.document, penalty.fine);
        self.penalties.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    /// How many entries the claim has; 0 without one.
    #[must_use]
    pub fn claim_version(&self) -> u64 {
        self.handling.claim.as_ref().map_or(0, crate::ledger::Ledger::version)
    }
}

/// Why nothing can be proposed.
pub enum NotYet {
    /// The report is not confirmed, or proposed already; holds the code of its stage.
    Stage(String),
    /// The claim is before an approver, or under reconsideration.
    Claim(ClaimStage),
    /// There is no penalty decision in force.
    NoDecision,
    /// A decision is under review, so the fine is not final.
    Contested,
    /// No rules were in force when the report came.
    NoRules,
    /// The report's channel earns nothing, or nobody has vouched for its entry.
    Origin,
    /// This session does not know the report's channel, since it has not opened the report.
    Unopened,
    /// It shares the reward of this earlier report, whose own is not proposed yet or rests on another decision.
    First(u64),
    /// These rules reward only the first of several reports of one day, which has this number.
    FirstOnly(u64),
}

/// Reads report, case and claim; each reading is recorded first.
pub fn read_basis(actor: &Actor, number: u64) -> Result<Result<ProposalBasis, NotYet>, ConsoleError> {
    let mut handling = read_handling(actor, number)?;
    if let Some(not_yet) = too_early(&handling) {
        return Ok(Err(not_yet));
    }
    let now = &handling.handled.now;
    let shared = match now.joined {
        Some((first, _)) => match shared(actor, first, number)? {
            Some(shared) => Some(shared),
            None => return Ok(Err(NotYet::First(first))),
        },
        None => None,
    };
    let case = shared.as_ref().map(|shared| shared.case).or(now.case);
    let Some(case) = case else { return Ok(Err(NotYet::NoDecision)) };
    let Some(case) = case_of(actor.record(ReadCase { case })?, actor)? else { return Ok(Err(NotYet::NoDecision)) };
    if let Some(before) = &handling.claim {
        handling.claim = claim_of(actor.record(ReadClaim { claim: before.number })?, actor)?;
    }
    let received = handling.report.letters.first().ok_or(ConsoleError::NotFound)?.received_on;
    let Some(rules) = rules(actor, &handling, received)? else { return Ok(Err(NotYet::NoRules)) };
    if case.now.is_contested() {
        return Ok(Err(NotYet::Contested));
    }
    // An award whose decision was revoked is corrected to nothing.
    let before = handling.claim.as_ref().map(|file| &file.now.proposal);
    let before = before.map(|proposal| (proposal.document.clone(), proposal.also.clone()));
    let Some(documents) = rests_on(&rules, &case.now).or(before) else { return Ok(Err(NotYet::NoDecision)) };
    if let Some(not_yet) = unshared(&handling, &rules, shared.as_ref(), &documents.0) {
        return Ok(Err(not_yet));
    }
    match is_rewardable(actor, &handling.report, &handling.handled.now) {
        None => return Ok(Err(NotYet::Unopened)),
        Some(false) => return Ok(Err(NotYet::Origin)),
        Some(true) => {}
    }
    let share = shared.map_or_else(|| share_of(&handling.handled.now.sharers(), None), |shared| shared.share);
    let share = if rules.policy.same_day == SameDay::FirstOnly { Share::WHOLE } else { share };
    let penalties: Vec<Penalty> = case.now.penalties_in_force().into_iter().cloned().collect();
    let category = Category::of_code(&case.now.sheet.category).ok_or(ConsoleError::NotFound)?;
    Ok(Ok(ProposalBasis { handling, case, penalties, documents, rules, category, share }))
}

/// The reason if the claim is before an approver, or if the report is neither confirmed nor shares a reward.
fn too_early(handling: &ReportHandling) -> Option<NotYet> {
    let now = &handling.handled.now;
    let joint = now.joined.filter(|(_, joint)| *joint && now.stage == ReportStage::Joined);
    match &handling.claim {
        Some(file)
            if matches!(file.now.state, ClaimStage::Proposed | ClaimStage::Agreed | ClaimStage::Reconsidering) =>
        {
            Some(NotYet::Claim(file.now.state))
        }
        None if now.stage != ReportStage::Confirmed && joint.is_none() => {
            Some(NotYet::Stage(now.stage.code().to_owned()))
        }
        _ => None,
    }
}

fn case_of(recorded: Recorded<ReadCase>, actor: &Actor) -> Result<Option<CaseFile>, ConsoleError> {
    actor.attested().case(&recorded, recorded.action().case)
}

fn claim_of(recorded: Recorded<ReadClaim>, actor: &Actor) -> Result<Option<ClaimFile>, ConsoleError> {
    actor.attested().claim(&recorded, recorded.action().claim)
}

/// The reason if the report rests on another decision than the first one, or if these rules reward the first alone.
fn unshared(handling: &ReportHandling, rules: &RuleSet, shared: Option<&Shared>, document: &str) -> Option<NotYet> {
    let (shared, (first, _)) = shared.zip(handling.handled.now.joined)?;
    if shared.document != document {
        return Some(NotYet::First(first));
    }
    (rules.policy.same_day == SameDay::FirstOnly).then_some(NotYet::FirstOnly(first))
}

/// The rules of the day on which the report was received; once there is a claim, those that it names.
fn rules(actor: &Actor, handling: &ReportHandling, received: Day) -> Result<Option<RuleSet>, ConsoleError> {
    match &handling.claim {
        Some(file) => actor.attested().rules_of(&file.now.proposal).cloned().map(Some),
        None => Ok(actor.rules().rewards.in_force(received).cloned()),
    }
}

/// Values that a report sharing a reward takes from the first report.
struct Shared {
    case: u64,
    share: Share,
    /// Number of the decision that the first report's claim rests on.
    document: String,
}

/// None before the first report has a claim: the claim settles who shares the reward and how. A report that joins later
/// changes no amount that was approved.
fn shared(actor: &Actor, first: u64, number: u64) -> Result<Option<Shared>, ConsoleError> {
    let first = read_handling(actor, first)?;
    let sharers = first.handled.now.sharers();
    let (Some(case), Some(claim)) = (first.case, first.claim) else { return Ok(None) };
    let share = share_of(&sharers, Some(number));
    let proposal = claim.now.proposal;
    let settled = proposal
        .award
        .lines
        .iter()
        .any(|line| matches!(line, Line::Joint { reporters, place: 1, .. } if *reporters == share.reporters));
    let shared = Shared { case: case.number, share, document: proposal.document };
    Ok((settled && shared.share.place > 1).then_some(shared))
}

/// Share of a report among those that share the reward; the first report has place 1.
fn share_of(later: &[u64], number: Option<u64>) -> Share {
    let place = number.and_then(|number| later.iter().position(|other| *other == number)).map_or(0, |at| at + 1);
    let count = |many: usize| u32::try_from(many + 1).unwrap_or(u32::MAX);
    Share { reporters: count(later.len()), place: count(place) }
}
