//! Deciding on a claim: approving a proposed reward or sending it back, and answering a request for reconsideration.

use casework::cases::{Case, CaseEntry};
use casework::rewards::{
    Approved, Claim, ClaimEntry, ClaimRefusal, ClaimStage, Consent, Proposal, ReconsiderationResult,
};
use casework::signed_entry::SignedEntry;
use model::Day;
use recorder_protocol::{DecideReward, ReadClaim, Recorded};

use crate::actor::Actor;
use crate::audit::permissions::{Cases, Claims, Permits};
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::finance::budget::{self, BudgetYear};
use crate::ledger::written;
use crate::rewards::claim_file::{ClaimFile, DecisionBasis, adds_up, current_proposal, decision_entering, follows};
use crate::rewards::deadlines;
use crate::uploads::Upload;

/// Everything that an approver needs to decide on a claim.
pub struct ApprovalBasis {
    /// The claim with all its entries.
    pub claim: ClaimFile,
    /// The case that the claim rests on.
    pub case: CaseFile,
    /// Whether the proposal still follows from the decisions and the rules.
    pub sound: Result<(), UnsoundProposal>,
    /// Last day for answering a request for reconsideration; none without a request.
    pub answer_by: Option<Day>,
}

/// Why a proposal must go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsoundProposal {
    /// A decision was withdrawn or changed, or another one counts now.
    Decision,
    /// A decision is under review.
    Contested,
    /// The amount, or the approval that it needs, does not follow from the rules that the proposal names.
    Amount,
}

/// Reads a claim with its case, which is recorded.
pub fn read_approval(actor: &Actor, number: u64) -> Result<ApprovalBasis, ConsoleError> {
    claim_alone(actor.record(ReadClaim { claim: number })?, actor)
}

fn claim_alone(recorded: Recorded<ReadClaim>, actor: &Actor) -> Result<ApprovalBasis, ConsoleError> {
    basis(&recorded, actor, recorded.action().claim)
}

/// Reads a claim with its case and the year's budget, which is recorded.
pub fn read_approval_and_budget(actor: &Actor, number: u64) -> Result<(ApprovalBasis, BudgetYear), ConsoleError> {
    with_budget(actor.record(ReadClaim { claim: number })?, actor)
}

fn with_budget(recorded: Recorded<ReadClaim>, actor: &Actor) -> Result<(ApprovalBasis, BudgetYear), ConsoleError> {
    let basis = basis(&recorded, actor, recorded.action().claim)?;
    Ok((basis, budget::year(&recorded, actor.attested(), actor.today.year())?))
}

fn basis<P: Permits<Claims> + Permits<Cases>>(
    permit: &P,
    actor: &Actor,
    number: u64,
) -> Result<ApprovalBasis, ConsoleError> {
    let attested = actor.attested();
    let claim = attested.claim(permit, number)?.ok_or(ConsoleError::NotFound)?;
    let case = attested.case(permit, claim.now.proposal.case)?.ok_or(ConsoleError::NotFound)?;
    let sound = check(actor, &claim.now.proposal, &case.now);
    let is_asked = claim.now.state == ClaimStage::Reconsidering;
    let answer_by = is_asked.then(|| deadlines::answer_by(attested, &claim.now)).transpose()?;
    Ok(ApprovalBasis { claim, case, sound, answer_by })
}

/// Computes the proposal again, so that somebody able to write the register cannot set an amount.
fn check(actor: &Actor, proposal: &Proposal, case: &Case) -> Result<(), UnsoundProposal> {
    let rules = &actor.rules().rewards;
    if case.is_contested() {
        return Err(UnsoundProposal::Contested);
    }
    let policy = rules.of_digest(&proposal.rules).map(|set| &set.policy).ok_or(UnsoundProposal::Amount)?;
    let special = proposal.award.is_special();
    let chain = proposal.approvers >= policy.approvers(special)
        && (proposal.needs_consent || !special || !policy.approval.special_consent_document);
    if !chain || !adds_up(rules, proposal, case) {
        return Err(UnsoundProposal::Amount);
    }
    // If another decision has a higher fine by now, the reward is another one: the proposal goes back.
    let decisive = case.decisive().is_none_or(|penalty| penalty.decision.document == proposal.document);
    if decisive && follows(rules, proposal, case) { Ok(()) } else { Err(UnsoundProposal::Decision) }
}

/// Whether an account entered a decision, or the result of its review: it set the basis of the reward, and must not
/// decide on it.
#[must_use]
pub fn has_decided(case: &CaseFile, account: &str) -> bool {
    let sets = |what: &CaseEntry| matches!(what, CaseEntry::Decided(_) | CaseEntry::Reviewed { .. });
    case.entries.iter().any(|entered| entered.by == account && sets(&entered.what))
}

/// Request to approve a proposed reward.
pub struct Approval {
    /// Number of the claim.
    pub claim: u64,
    /// How many entries of it the approver has seen; any other number is a conflict.
    pub expected_version: u64,
    /// Number of the document that consents to a special reward; empty without one.
    pub document: String,
    /// The document itself; ignored where this approval does not need it.
    pub consent: Option<Upload>,
}

/// Request to send a proposal back.
pub struct ReturnedProposal {
    /// Number of the claim.
    pub claim: u64,
    /// How many entries of it the approver has seen; any other number is a conflict.
    pub expected_version: u64,
    /// Reason for sending it back.
    pub note: String,
}

/// Answer to a request for reconsideration.
pub struct ReconsiderationAnswer {
    /// Number of the claim.
    pub claim: u64,
    /// How many entries of it the approver has seen; any other number is a conflict.
    pub expected_version: u64,
    /// Result of the reconsideration.
    pub answer: ReconsiderationResult,
    /// Reason for the result.
    pub note: String,
}

/// Outcome of a decision on a claim.
#[derive(Debug, PartialEq, Eq)]
pub enum DecisionOutcome {
    /// The decision is stored and durable.
    Kept,
    /// Somebody else decided in the meantime, or the proposal is no longer sound.
    Conflict,
    /// The rules refuse the decision.
    Refused(ClaimRefusal),
}

/// Approves a proposed reward, which is recorded.
pub fn approve(actor: &Actor, approval: Approval) -> Result<DecisionOutcome, ConsoleError> {
    let Approval { claim, expected_version, document, consent } = approval;
    let basis = read_approval(actor, claim)?;
    let now = &basis.claim.now;
    // The document is stored only if this approval needs it.
    let file = consent.filter(|_| now.is_last_approval() && now.proposal.needs_consent);
    let consent = file.as_ref().map(|file| Consent { document, file: file.evidence() });
    let what = ClaimEntry::Approved(Approved { proposal: current_proposal(&basis.claim)?, consent });
    decide(actor, &basis, expected_version, what, file)
}

/// Sends a proposed reward back, which is recorded.
pub fn return_proposal(actor: &Actor, returned: ReturnedProposal) -> Result<DecisionOutcome, ConsoleError> {
    let basis = read_approval(actor, returned.claim)?;
    decide(actor, &basis, returned.expected_version, ClaimEntry::Returned { note: returned.note }, None)
}

/// Answers a request for reconsideration, which is recorded. The reporter's time to choose starts again.
pub fn answer_request(actor: &Actor, given: ReconsiderationAnswer) -> Result<DecisionOutcome, ConsoleError> {
    let ReconsiderationAnswer { claim, expected_version, answer, note } = given;
    let basis = read_approval(actor, claim)?;
    let clocks = actor.attested().rules_of(&basis.claim.now.proposal)?.policy.clocks;
    let last_day = Some(actor.today.plus_days(clocks.claim_within_days));
    decide(actor, &basis, expected_version, ClaimEntry::Answered { answer, note, last_day }, None)
}

fn decide(
    actor: &Actor,
    basis: &ApprovalBasis,
    expected_version: u64,
    what: ClaimEntry,
    file: Option<Upload>,
) -> Result<DecisionOutcome, ConsoleError> {
    let approves = matches!(what, ClaimEntry::Approved(_));
    let entered = actor.enter(what);
    let after = match basis.claim.now.clone().apply(&entered) {
        Ok(_) if has_decided(&basis.case, actor.account()) => {
            return Ok(DecisionOutcome::Refused(ClaimRefusal::ActsTwice));
        }
        Ok(after) => after,
        Err(refused) => return Ok(DecisionOutcome::Refused(refused)),
    };
    if basis.claim.version() != expected_version || (approves && basis.sound.is_err()) {
        return Ok(DecisionOutcome::Conflict);
    }
    keep(actor, basis, file, &entered, &after)
}

fn keep(
    actor: &Actor,
    basis: &ApprovalBasis,
    file: Option<Upload>,
    entered: &SignedEntry<ClaimEntry>,
    after: &Claim,
) -> Result<DecisionOutcome, ConsoleError> {
    let (_, digest) = written(&entered.what)?;
    let (version, entry) = (basis.claim.version(), entered.what.code().to_owned());
    let recorded = actor.record(DecideReward { claim: basis.claim.number, number: version + 1, entry, digest })?;
    let rests_on = DecisionBasis { case: &basis.case, evidence: file.into_iter().collect() };
    let entering = decision_entering(recorded, version, entered, after, rests_on)?;
    Ok(if actor.register().enter(entering)?.is_ok() { DecisionOutcome::Kept } else { DecisionOutcome::Conflict })
}
