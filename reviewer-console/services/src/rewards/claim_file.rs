//! A claim as the rules see it: read by replaying its entries, and checked against the case and the rules that it
//! names.

use casework::cases::{Case, Decision};
use casework::reports::Category;
use casework::rewards::{self, Claim, ClaimEntry, Proposal, Share};
use casework::rules::{RuleSet, RuleSets, SeveralFines};
use casework::signed_entry::SignedEntry;
use model::{Award, Digest, Fen, Line};
use recorder_protocol::{AnyAction, DecideReward, FollowReward, ProposeReward, Recorded};
use register::{LedgerFilter, LedgerKind, NewLedgerEntry, OrderChange, StoredLedger};

use crate::audit::attested_register::{self, AttestedRegister};
use crate::audit::permissions::{Claims, Permits};
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::ledger::{Ledger, ReadLedgers, checked, place, readable, written};
use crate::uploads::Upload;

/// Ledger of a claim: its entries and the state that they give.
pub type ClaimFile = Ledger<Claim, ClaimEntry>;

impl AttestedRegister {
    /// Reads a claim by its number; none if it does not exist.
    pub(crate) fn claim(&self, permit: &impl Permits<Claims>, number: u64) -> Result<Option<ClaimFile>, ConsoleError> {
        self.register.ledger(LedgerKind::Claims, number)?.map(|ledger| self.claim_of(permit, ledger)).transpose()
    }

    /// The claim that an order belongs to. Used for finance, which is shown only whether the order follows from it.
    pub(crate) fn claim_of_order(
        &self,
        permit: &impl Permits<Claims>,
        order: &str,
    ) -> Result<Option<ClaimFile>, ConsoleError> {
        let number = self.register.ledger_of_document(LedgerKind::Claims, &order_document(order))?;
        number.map(|number| self.claim(permit, number)).transpose().map(Option::flatten)
    }

    /// Claims that match a filter, at most `most`.
    pub(crate) fn claims(
        &self,
        permit: &impl Permits<Claims>,
        filter: &LedgerFilter,
        most: u32,
    ) -> Result<ReadLedgers<ClaimFile>, ConsoleError> {
        let (found, _) = self.register.ledgers(LedgerKind::Claims, filter, 0, most)?;
        Ok(readable(found, |one| self.claim_of(permit, one)))
    }

    /// Verifies the entries of a stored claim and replays them.
    pub(crate) fn claim_of(
        &self,
        _permit: &impl Permits<Claims>,
        ledger: StoredLedger,
    ) -> Result<ClaimFile, ConsoleError> {
        let claim = ledger.number;
        let entries = self.entered(ledger, |number, what: &ClaimEntry, digest| {
            let entry = what.code().to_owned();
            match what {
                ClaimEntry::Proposed(_) => AnyAction::ProposeReward(ProposeReward { claim, number, digest }),
                what if what.decides() => AnyAction::DecideReward(DecideReward { claim, number, entry, digest }),
                _ => AnyAction::FollowReward(FollowReward { claim, number, entry, digest }),
            }
        })?;
        Ok(Ledger { number: claim, now: Claim::replay(&entries).map_err(ConsoleError::inside)?, entries })
    }

    /// The rules that a proposal names; `Unsound` if there are none of that digest.
    pub(crate) fn rules_of(&self, proposal: &Proposal) -> Result<&RuleSet, ConsoleError> {
        self.rules.of_proposal(proposal)
    }

    /// Whether the granted award still follows from the decisions, and none of these is under review. Otherwise nothing
    /// is offered, ordered or paid.
    pub(crate) fn stands(&self, claim: &Claim, case: &Case) -> bool {
        let granted = claim.granted.as_ref().map(|(granted, _)| granted);
        !case.is_contested() && granted.is_some_and(|granted| follows(&self.rules.rewards, granted, case))
    }

    /// The granted proposal; `Unsound` unless every approval names the proposal that stood before it and the amount
    /// follows from the rules. Somebody able to write the register must not be able to promise money.
    pub(crate) fn granted<'a>(&self, file: &'a ClaimFile, case: &Case) -> Result<&'a Proposal, ConsoleError> {
        let (proposal, _) = file.now.granted.as_ref().ok_or(ConsoleError::Unsound)?;
        let rules = self.rules_of(proposal)?;
        let enough = proposal.approvers >= rules.policy.approvers(proposal.award.is_special());
        if is_what_was_approved(file)? && enough && adds_up(&self.rules.rewards, proposal, case) {
            Ok(proposal)
        } else {
            Err(ConsoleError::Unsound)
        }
    }
}

/// Whether every approval names the proposal that stands before it.
fn is_what_was_approved(file: &ClaimFile) -> Result<bool, ConsoleError> {
    let mut proposed = String::new();
    for entered in &file.entries {
        match &entered.what {
            ClaimEntry::Proposed(_) => proposed = written(&entered.what)?.1.to_hex(),
            ClaimEntry::Approved(decided) if decided.proposal != proposed => return Ok(false),
            _ => {}
        }
    }
    Ok(true)
}

/// Digest of the latest proposal, in hexadecimal, by which an approval names it.
pub(crate) fn current_proposal(file: &ClaimFile) -> Result<String, ConsoleError> {
    let proposed = file.entries.iter().rev().find(|entered| matches!(entered.what, ClaimEntry::Proposed(_)));
    Ok(written(&proposed.ok_or(ConsoleError::Unsound)?.what)?.1.to_hex())
}

/// Fines of the decisions of a case that are in force, the highest first.
pub(crate) fn fines(case: &Case) -> Vec<Fen> {
    case.penalties_in_force().into_iter().map(|penalty| penalty.fine).collect()
}

/// Whether the amount follows from the rules that the proposal names, whatever became of the decisions since.
pub(crate) fn adds_up(rules: &RuleSets, proposal: &Proposal, case: &Case) -> bool {
    let (rules, category) = (rules.of_digest(&proposal.rules), Category::of_code(&case.sheet.category));
    rules.zip(category).is_some_and(|(rules, category)| rewards::adds_up(&proposal.award, &rules.policy, category))
}

/// Whether a proposal follows from the decisions as they stand now.
#[must_use]
pub fn follows(rules: &RuleSets, proposal: &Proposal, case: &Case) -> bool {
    let (rules, category) = (rules.of_digest(&proposal.rules), Category::of_code(&case.sheet.category));
    let fits = |(rules, category): (&RuleSet, Category)| {
        rewards::follows_from(&proposal.award, &rules.policy, category, &fines(case))
    };
    rules.zip(category).is_some_and(fits)
}

/// Numbers of the documents that a reward rests on under these rules: the decisive one, and the others if their fines
/// are added up. None without a decision in force.
pub(crate) fn rests_on(rules: &RuleSet, case: &Case) -> Option<(String, Vec<String>)> {
    let mut documents = case.penalties_in_force().into_iter().map(|penalty| penalty.decision.document.clone());
    let first = documents.next()?;
    let also = if rules.policy.several_violations == SeveralFines::Sum { documents.collect() } else { Vec::new() };
    Some((first, also))
}

/// A claim before and after an entry.
pub(crate) struct ClaimChange<'a> {
    /// State before; none for a new claim.
    pub(crate) before: Option<&'a Claim>,
    pub(crate) after: &'a Claim,
}

/// Case and files that a decision on a claim rests on.
pub(crate) struct DecisionBasis<'a> {
    /// The case; storing the decision fails if it has changed since.
    pub(crate) case: &'a CaseFile,
    /// Files that belong to the decision.
    pub(crate) evidence: Vec<Upload>,
}

/// Builds the ledger entry of a recorded proposal; it withdraws an order that was issued.
pub(crate) fn proposal_entering(
    recorded: Recorded<ProposeReward>,
    version: u64,
    entered: &SignedEntry<ClaimEntry>,
    change: ClaimChange<'_>,
    case: &CaseFile,
) -> Result<NewLedgerEntry, ConsoleError> {
    let (action, attested) = recorded.attested();
    let at = RecordedEntry { claim: action.claim, number: place(action.number, version)?, digest: action.digest };
    let withdrawn = change.before.and_then(|before| before.order.as_ref()).map(|drawn| drawn.order.clone());
    let entering = entering(at, attested_register::written(&attested)?, entered, change.after)?;
    let resting_on = Some((LedgerKind::Cases, case.number, case.version()));
    Ok(NewLedgerEntry { resting_on, order: withdrawn.map_or(OrderChange::None, OrderChange::Withdrawn), ..entering })
}

/// Builds the ledger entry of a recorded decision.
pub(crate) fn decision_entering(
    recorded: Recorded<DecideReward>,
    version: u64,
    entered: &SignedEntry<ClaimEntry>,
    after: &Claim,
    basis: DecisionBasis<'_>,
) -> Result<NewLedgerEntry, ConsoleError> {
    let (action, attested) = recorded.attested();
    let at = RecordedEntry { claim: action.claim, number: place(action.number, version)?, digest: action.digest };
    let resting_on = Some((LedgerKind::Cases, basis.case.number, basis.case.version()));
    let evidence = basis.evidence.into_iter().map(Upload::into_digest_and_content).collect();
    Ok(NewLedgerEntry { resting_on, evidence, ..entering(at, attested_register::written(&attested)?, entered, after)? })
}

/// Builds the ledger entry of a recorded entry that follows a decision.
pub(crate) fn following_entering(
    recorded: Recorded<FollowReward>,
    version: u64,
    entered: &SignedEntry<ClaimEntry>,
    after: &Claim,
    order: OrderChange,
) -> Result<NewLedgerEntry, ConsoleError> {
    let (action, attested) = recorded.attested();
    let at = RecordedEntry { claim: action.claim, number: place(action.number, version)?, digest: action.digest };
    Ok(NewLedgerEntry { order, ..entering(at, attested_register::written(&attested)?, entered, after)? })
}

/// The values that the record of an entry contains: the claim, the entry's number in it, and its digest.
struct RecordedEntry {
    claim: u64,
    number: u64,
    digest: Digest,
}

fn entering(
    at: RecordedEntry,
    attested: String,
    entered: &SignedEntry<ClaimEntry>,
    after: &Claim,
) -> Result<NewLedgerEntry, ConsoleError> {
    Ok(NewLedgerEntry {
        kind: LedgerKind::Claims,
        ledger: at.claim,
        number: at.number,
        on: entered.on,
        author: entered.by.clone(),
        entry: checked(&entered.what, at.digest)?,
        attested,
        state: after.state.code(),
        unit: None,
        documents: documents(after),
        resting_on: None,
        evidence: Vec::new(),
        event: None,
        order: OrderChange::None,
    })
}

/// Keys that this claim alone may hold. Each decision that it rests on earns one reward, or one for each sharer, even
/// after it was withdrawn or moved; the other key is the order that was issued.
fn documents(claim: &Claim) -> Vec<String> {
    let share = share_of(&claim.proposal.award);
    let decisions = std::iter::once(&claim.proposal.document).chain(&claim.proposal.also);
    let keys = decisions.map(|document| format!("{} #{share}", Decision::document_key(document)));
    keys.chain(claim.order.as_ref().map(|drawn| order_document(&drawn.order))).collect()
}

fn order_document(order: &str) -> String {
    format!("order:{order}")
}

/// Place of an award among those that share the reward.
fn share_of(award: &Award) -> u32 {
    let place = award.lines.iter().find_map(|line| match line {
        Line::Joint { place, .. } => Some(*place),
        _ => None,
    });
    place.unwrap_or(Share::WHOLE.place)
}
