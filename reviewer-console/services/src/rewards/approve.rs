//! Deciding on a claim: a proposed reward is approved or sent back, a request to look again is answered.

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
use crate::rewards::claim_file::{ClaimFile, DecisionBasis, adds_up, decision_entering, follows, standing_proposal};
use crate::rewards::deadlines;
use crate::uploads::Upload;

/// What an approver decides on.
pub struct ApprovalBasis {
    /// The claim.
    pub claim: ClaimFile,
    /// The case that it rests on.
    pub case: CaseFile,
    /// Whether decision and rules still give what is proposed.
    pub sound: Result<(), UnsoundProposal>,
    /// The last day on which a request to look again is answered; none while there is none.
    pub answer_by: Option<Day>,
}

/// Why a proposal must go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsoundProposal {
    /// A decision was withdrawn, changed, or is another now.
    Decision,
    /// A decision is under review.
    Contested,
    /// The amount, or who must approve it, does not follow from the rules that it names.
    Amount,
}

/// Reads a claim with its case, which is recorded.
pub fn read_approval(actor: &Actor, number: u64) -> Result<ApprovalBasis, ConsoleError> {
    claim_alone(actor.record(ReadClaim { claim: number })?, actor)
}

fn claim_alone(recorded: Recorded<ReadClaim>, actor: &Actor) -> Result<ApprovalBasis, ConsoleError> {
    basis(&recorded, actor, recorded.action().claim)
}

/// Reads a claim with its case and what the year's budget comes to, which is recorded.
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

/// Computes the proposal again: whoever could write the register must not set an amount.
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
    // Another decision with a higher fine is another reward: the proposal goes back.
    let decisive = case.decisive().is_none_or(|penalty| penalty.decision.document == proposal.document);
    if decisive && follows(rules, proposal, case) { Ok(()) } else { Err(UnsoundProposal::Decision) }
}

/// Whether somebody entered a decision or what a review made of it: they set what the reward follows
/// from.
#[must_use]
pub fn has_decided(case: &CaseFile, account: &str) -> bool {
    let sets = |what: &CaseEntry| matches!(what, CaseEntry::Decided(_) | CaseEntry::Reviewed { .. });
    case.entries.iter().any(|entered| entered.by == account && sets(&entered.what))
}

/// An approval.
pub struct Approval {
    /// The claim.
    pub claim: u64,
    /// How many entries of it were seen.
    pub expected_version: u64,
    /// The number of the document that consents to a special reward; empty without one.
    pub document: String,
    /// The document.
    pub consent: Option<Upload>,
}

/// A proposal that goes back.
pub struct ReturnedProposal {
    /// The claim.
    pub claim: u64,
    /// How many entries of it were seen.
    pub expected_version: u64,
    /// Why.
    pub note: String,
}

/// The answer to a request to look again.
pub struct ReconsiderationAnswer {
    /// The claim.
    pub claim: u64,
    /// How many entries of it were seen.
    pub expected_version: u64,
    /// What came of it.
    pub answer: ReconsiderationResult,
    /// Why.
    pub note: String,
}

/// How deciding ended.
#[derive(Debug, PartialEq, Eq)]
pub enum DecisionKept {
    /// It is decided, and durable.
    Kept,
    /// Somebody else was faster, or the proposal is sound no more.
    Conflict,
    /// The rules refuse it.
    Refused(ClaimRefusal),
}

/// Approves a proposed reward, which is recorded.
pub fn approve(actor: &Actor, approval: Approval) -> Result<DecisionKept, ConsoleError> {
    let Approval { claim, expected_version, document, consent } = approval;
    let basis = read_approval(actor, claim)?;
    let now = &basis.claim.now;
    // What is not asked for is not kept.
    let file = consent.filter(|_| now.is_last_approval() && now.proposal.needs_consent);
    let consent = file.as_ref().map(|file| Consent { document, file: file.evidence() });
    let what = ClaimEntry::Approved(Approved { proposal: standing_proposal(&basis.claim)?, consent });
    decide(actor, &basis, expected_version, what, file)
}

/// Sends a proposed reward back, which is recorded.
pub fn return_proposal(actor: &Actor, returned: ReturnedProposal) -> Result<DecisionKept, ConsoleError> {
    let basis = read_approval(actor, returned.claim)?;
    decide(actor, &basis, returned.expected_version, ClaimEntry::Returned { note: returned.note }, None)
}

/// Answers a request to look again, which is recorded. The reporter has time anew.
pub fn answer_request(actor: &Actor, given: ReconsiderationAnswer) -> Result<DecisionKept, ConsoleError> {
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
) -> Result<DecisionKept, ConsoleError> {
    let approves = matches!(what, ClaimEntry::Approved(_));
    let entered = actor.enter(what);
    let after = match basis.claim.now.clone().apply(&entered) {
        Ok(_) if has_decided(&basis.case, actor.account()) => {
            return Ok(DecisionKept::Refused(ClaimRefusal::ActsTwice));
        }
        Ok(after) => after,
        Err(refused) => return Ok(DecisionKept::Refused(refused)),
    };
    if basis.claim.version() != expected_version || (approves && basis.sound.is_err()) {
        return Ok(DecisionKept::Conflict);
    }
    keep(actor, basis, file, &entered, &after)
}

fn keep(
    actor: &Actor,
    basis: &ApprovalBasis,
    file: Option<Upload>,
    entered: &SignedEntry<ClaimEntry>,
    after: &Claim,
) -> Result<DecisionKept, ConsoleError> {
    let (_, digest) = written(&entered.what)?;
    let (version, entry) = (basis.claim.version(), entered.what.code().to_owned());
    let recorded = actor.record(DecideReward { claim: basis.claim.number, number: version + 1, entry, digest })?;
    let rests_on = DecisionBasis { case: &basis.case, evidence: file.into_iter().collect() };
    let entering = decision_entering(recorded, version, entered, after, rests_on)?;
    Ok(if actor.register().enter(entering)?.is_ok() { DecisionKept::Kept } else { DecisionKept::Conflict })
}
