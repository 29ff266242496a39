//! Proposing a reward: computed from the penalty decisions by the rules of the day on which the report was received,
//! for another person to approve. An approved award is corrected in the same way if a decision has changed since.

use casework::reports::HandlingStep;
use casework::rewards::{Claim, ClaimEntry, ClaimRefusal, Facts, NoAward, Proposal, award};
use casework::rules::{AddOnEvent, Exclusion};
use casework::signed_entry::SignedEntry;
use model::{Award, Fen};
use recorder_protocol::ProposeReward;
use register::{LedgerKind, NotEntered, Transaction};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::ledger::written;
use crate::rewards::claim_file::{ClaimChange, proposal_entering};
use crate::rewards::proposal_basis::{NotYet, ProposalBasis, read_basis};

/// Request to propose a reward: the inputs of its author, and the versions that the author has seen.
pub struct ProposalRequest {
    /// Number of the report.
    pub report: u64,
    /// How many handling steps the author has seen; any other number is a conflict.
    pub expected_version: u64,
    /// How many entries of the claim the author has seen, 0 without a claim; any other number is a conflict.
    pub expected_claim_version: u64,
    /// The [`decisions`](ProposalBasis::decisions) that the author has seen; any others are a conflict.
    pub expected_decisions: String,
    /// Amount of a special award, in fen, instead of the computed one.
    pub special: Option<Fen>,
    /// Grounds of the proposal, as the author states them.
    pub grounds: String,
    /// The reason why the rules exclude this reporter; none if they do not.
    pub excluded: Option<Exclusion>,
    /// Events for which the rules add to the share of the fine.
    pub add_ons: Vec<AddOnEvent>,
}

/// Outcome of [`propose`]: stored, or why not.
pub enum Proposed {
    /// The proposal is stored and durable.
    Kept,
    /// Something that the author has seen changed in the meantime.
    Conflict,
    /// Another reward rests on this decision already.
    DocumentTaken,
    /// Nothing can be proposed yet, for this reason.
    NotYet(NotYet),
    /// The rules give no such award.
    NoAward(NoAward),
    /// The rules of claims refuse the proposal.
    Refused(ClaimRefusal),
}

/// Proposes a reward, which is recorded. The first proposal is also a step of the report's handling; both are stored,
/// or neither.
pub fn propose(actor: &Actor, request: ProposalRequest) -> Result<Proposed, ConsoleError> {
    let basis = match read_basis(actor, request.report)? {
        Ok(basis) => basis,
        Err(not_yet) => return Ok(Proposed::NotYet(not_yet)),
    };
    if request.expected_decisions != basis.decisions()
        || request.expected_version != basis.handling.handled.version()
        || request.expected_claim_version != basis.claim_version()
    {
        return Ok(Proposed::Conflict);
    }
    let (special, excluded, add_ons) = (request.special, request.excluded, request.add_ons);
    let award = match award(&basis.rules.policy, &Facts { special, excluded, add_ons, ..basis.facts() }) {
        Ok(award) => award,
        Err(no) => return Ok(Proposed::NoAward(no)),
    };
    let entered = actor.enter(ClaimEntry::Proposed(Box::new(proposal(&basis, award, request.grounds))));
    let after = match &basis.handling.claim {
        Some(file) => file.now.clone().apply(&entered),
        None => Claim::proposed(&entered),
    };
    match after {
        Ok(after) => keep(actor, &basis, &entered, &after),
        Err(refused) => Ok(Proposed::Refused(refused)),
    }
}

fn proposal(basis: &ProposalBasis, award: Award, grounds: String) -> Proposal {
    let policy = &basis.rules.policy;
    let special = award.is_special();
    let (document, also) = basis.documents.clone();
    Proposal {
        case: basis.case.number,
        document,
        also,
        rules: basis.rules.digest.clone(),
        approvers: policy.approvers(special),
        needs_consent: special && policy.approval.special_consent_document,
        award,
        grounds,
    }
}

fn keep(
    actor: &Actor,
    basis: &ProposalBasis,
    entered: &SignedEntry<ClaimEntry>,
    after: &Claim,
) -> Result<Proposed, ConsoleError> {
    let before = basis.handling.claim.as_ref();
    let claim = match before {
        Some(file) => file.number,
        None => actor.register().next_ledger_number(LedgerKind::Claims)?,
    };
    let (_, digest) = written(&entered.what)?;
    let version = basis.claim_version();
    let recorded = actor.record(ProposeReward { claim, number: version + 1, digest })?;
    let change = ClaimChange { before: before.map(|file| &file.now), after };
    let entering = proposal_entering(recorded, version, entered, change, &basis.case)?;
    let kept = if before.is_some() {
        actor.register().enter(entering)?
    } else {
        let step = SignedEntry { by: entered.by.clone(), on: entered.on, what: HandlingStep::Proposed { claim } };
        let steps = vec![basis.handling.next_step(actor, &step)?];
        actor.register().take_step(Transaction { steps, entering: vec![entering], ..Transaction::default() })?
    };
    Ok(match kept {
        Ok(()) => Proposed::Kept,
        Err(NotEntered::Conflict) => Proposed::Conflict,
        Err(NotEntered::DocumentTaken) => Proposed::DocumentTaken,
    })
}
