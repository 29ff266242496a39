//! Claims as the rules see them: read by replaying their entries, entered only with the recorder's
//! permission, and held against the case and the rules that they name.

use casework::case::{Case, Decision};
use casework::claim::{self, Claim, Proposal};
use casework::entered::Entered;
use casework::policy::{RuleSet, RuleSets, Several};
use casework::report::Category;
use casework::reward::{self, Share};
use model::{Award, Day, Fen, LetterDigest, Line, Role};
use recorder_protocol::{Act, DecideReward, FollowReward, ProposeReward, Recorded};
use register::{Dossier, Dossiers, Entering, NotEntered, OrderChange};

use crate::books::{self, Books};
use crate::dossiers::{CaseFile, File, checked, place, written};
use crate::fault::Fault;
use crate::recorder::Recorder;
use crate::sessions::Session;

/// A claim.
pub(crate) type ClaimFile = File<Claim, claim::Entry>;

impl Books {
    /// A claim by its number.
    pub(crate) fn claim(&self, number: u64) -> Result<Option<ClaimFile>, Fault> {
        self.register.dossier(Dossiers::Claims, number)?.map(|dossier| self.claim_of(dossier)).transpose()
    }

    /// The claim that an order belongs to. For finance, who sees nothing of it: only whether the order follows.
    pub(crate) fn claim_of_order(&self, order: &str) -> Result<Option<ClaimFile>, Fault> {
        let number = self.register.dossier_of_document(Dossiers::Claims, &order_document(order))?;
        number.map(|number| self.claim(number)).transpose().map(Option::flatten)
    }

    /// A stored claim, replayed.
    pub(crate) fn claim_of(&self, dossier: Dossier) -> Result<ClaimFile, Fault> {
        let claim = dossier.number;
        let entries = self.entered(dossier, |number, what: &claim::Entry, digest| {
            let entry = what.code().to_owned();
            match what {
                claim::Entry::Proposed(_) => Act::ProposeReward(ProposeReward { claim, number, digest }),
                what if what.decides() => Act::DecideReward(DecideReward { claim, number, entry, digest }),
                _ => Act::FollowReward(FollowReward { claim, number, entry, digest }),
            }
        })?;
        Ok(File { number: claim, now: Claim::replay(&entries).map_err(Fault::inside)?, entries })
    }

    /// The rules that a proposal names.
    pub(crate) fn rules_of(&self, proposal: &Proposal) -> Result<&RuleSet, Fault> {
        self.rules.rewards.of_digest(&proposal.rules).ok_or(Fault::Unsound)
    }

    /// Whether what was granted still follows from the decisions, none of which is under review. Nothing is
    /// offered, drawn or paid while it does not.
    pub(crate) fn stands(&self, claim: &Claim, case: &Case) -> bool {
        let granted = claim.granted.as_ref().map(|(granted, _)| granted);
        !case.is_contested() && granted.is_some_and(|granted| follows(&self.rules.rewards, granted, case))
    }

    /// What was granted, if every approval names the proposal that stood before it and the amount follows
    /// from the rules: whoever can write the register must not promise money.
    pub(crate) fn granted<'a>(&self, file: &'a ClaimFile, case: &Case) -> Result<&'a Proposal, Fault> {
        let (proposal, _) = file.now.granted.as_ref().ok_or(Fault::Unsound)?;
        let rules = self.rules_of(proposal)?;
        let enough = proposal.approvers >= rules.policy.approvers(proposal.award.is_special());
        if is_what_was_approved(file)? && enough && adds_up(&self.rules.rewards, proposal, case) {
            Ok(proposal)
        } else {
            Err(Fault::Unsound)
        }
    }
}

/// Whether every approval names the proposal that stands before it.
fn is_what_was_approved(file: &ClaimFile) -> Result<bool, Fault> {
    let mut proposed = String::new();
    for entered in &file.entries {
        match &entered.what {
            claim::Entry::Proposed(_) => proposed = written(&entered.what)?.1.to_hex(),
            claim::Entry::Approved(decided) if decided.proposal != proposed => return Ok(false),
            _ => {}
        }
    }
    Ok(true)
}

/// The digest by which an approval names the proposal that stands.
pub(crate) fn standing_proposal(file: &ClaimFile) -> Result<String, Fault> {
    let proposed = file.entries.iter().rev().find(|entered| matches!(entered.what, claim::Entry::Proposed(_)));
    Ok(written(&proposed.ok_or(Fault::Unsound)?.what)?.1.to_hex())
}

/// The fines of the decisions of a case that stand, the highest first.
pub(crate) fn fines(case: &Case) -> Vec<Fen> {
    case.standing().into_iter().map(|penalty| penalty.fine).collect()
}

/// Whether the amount follows from the rules that the proposal names, whatever became of the decisions since.
pub(crate) fn adds_up(rules: &RuleSets, proposal: &Proposal, case: &Case) -> bool {
    let (rules, category) = (rules.of_digest(&proposal.rules), Category::of_code(&case.sheet.category));
    rules.zip(category).is_some_and(|(rules, category)| reward::adds_up(&proposal.award, &rules.policy, category))
}

/// Whether it follows from the decisions as they stand now.
pub(crate) fn follows(rules: &RuleSets, proposal: &Proposal, case: &Case) -> bool {
    let (rules, category) = (rules.of_digest(&proposal.rules), Category::of_code(&case.sheet.category));
    let fits = |(rules, category): (&RuleSet, Category)| {
        reward::follows(&proposal.award, &rules.policy, category, &fines(case))
    };
    rules.zip(category).is_some_and(fits)
}

/// The document numbers that a reward of these rules rests on: the decisive one, and the others where
/// their fines are added up.
pub(crate) fn rests_on(rules: &RuleSet, case: &Case) -> Option<(String, Vec<String>)> {
    let mut documents = case.standing().into_iter().map(|penalty| penalty.decision.document.clone());
    let first = documents.next()?;
    let also = if rules.policy.several_violations == Several::Sum { documents.collect() } else { Vec::new() };
    Some((first, also))
}

/// The proposal of a reward, once that is recorded.
pub(crate) fn proposal_entering(
    recorded: Recorded<ProposeReward>,
    seen: u64,
    entered: &Entered<claim::Entry>,
    (before, after): (Option<&Claim>, &Claim),
    case: &CaseFile,
) -> Result<Entering, Fault> {
    let (deed, attested) = recorded.attested();
    let at = (deed.claim, place(deed.number, seen)?, deed.digest);
    let withdrawn = before.and_then(|before| before.drawn.as_ref()).map(|drawn| drawn.order.clone());
    let entering = entering(at, books::written(&attested)?, entered, after)?;
    let resting_on = Some((Dossiers::Cases, case.number, case.seen()));
    Ok(Entering { resting_on, order: withdrawn.map_or(OrderChange::None, OrderChange::Withdrawn), ..entering })
}

/// A decision on a claim, once that is recorded. `case`: where it must not have changed since.
pub(crate) fn decision_entering(
    recorded: Recorded<DecideReward>,
    seen: u64,
    entered: &Entered<claim::Entry>,
    after: &Claim,
    (case, evidence): (&CaseFile, Vec<(String, Vec<u8>)>),
) -> Result<Entering, Fault> {
    let (deed, attested) = recorded.attested();
    let at = (deed.claim, place(deed.number, seen)?, deed.digest);
    let resting_on = Some((Dossiers::Cases, case.number, case.seen()));
    Ok(Entering { resting_on, evidence, ..entering(at, books::written(&attested)?, entered, after)? })
}

/// An officer at work on claims.
#[derive(Clone, Copy)]
pub(crate) struct Clerk<'a> {
    pub(crate) books: &'a Books,
    pub(crate) recorder: &'a Recorder,
    pub(crate) session: &'a Session,
    pub(crate) today: Day,
}

/// Records and enters what follows a decision. Nothing where somebody else was faster, or the order that
/// it withdraws was paid meanwhile.
pub(crate) fn follow(
    clerk: Clerk<'_>,
    file: &ClaimFile,
    what: claim::Entry,
    order: OrderChange,
) -> Result<Result<Claim, NotFollowed>, Fault> {
    let Clerk { books, recorder, session, today } = clerk;
    let entered = Entered { by: session.account.clone(), on: today, what };
    let after = match file.now.clone().after(&entered) {
        Ok(after) => after,
        Err(refused) => return Ok(Err(NotFollowed::Refused(refused))),
    };
    let (_, digest) = written(&entered.what)?;
    let (number, entry) = (file.seen() + 1, entered.what.code().to_owned());
    let deed = FollowReward { claim: file.number, number, entry, digest };
    let (recorded, _) = recorder.connect()?.record(&session.person(Role::Officer), deed)?;
    let kept = books.register.enter(following(recorded, file.seen(), &entered, &after, order)?)?;
    Ok(kept.map(|()| after).map_err(|_: NotEntered| NotFollowed::Meanwhile))
}

/// Why nothing was entered.
pub(crate) enum NotFollowed {
    Refused(claim::Refused),
    Meanwhile,
}

fn following(
    recorded: Recorded<FollowReward>,
    seen: u64,
    entered: &Entered<claim::Entry>,
    after: &Claim,
    order: OrderChange,
) -> Result<Entering, Fault> {
    let (deed, attested) = recorded.attested();
    let at = (deed.claim, place(deed.number, seen)?, deed.digest);
    Ok(Entering { order, ..entering(at, books::written(&attested)?, entered, after)? })
}

fn entering(
    (claim, number, digest): (u64, u64, LetterDigest),
    attested: String,
    entered: &Entered<claim::Entry>,
    after: &Claim,
) -> Result<Entering, Fault> {
    Ok(Entering {
        series: Dossiers::Claims,
        dossier: claim,
        number,
        on: entered.on,
        author: entered.by.clone(),
        entry: checked(&entered.what, digest)?,
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

/// What belongs to this claim alone: each decision that it rests on earns one reward, or one for each who
/// shares it, also after it was withdrawn or moved; and the order that is out.
fn documents(claim: &Claim) -> Vec<String> {
    let share = share_of(&claim.proposal.award);
    let decisions = std::iter::once(&claim.proposal.document).chain(&claim.proposal.also);
    let keys = decisions.map(|document| format!("{} #{share}", Decision::document_key(document)));
    keys.chain(claim.drawn.as_ref().map(|drawn| order_document(&drawn.order))).collect()
}

fn order_document(order: &str) -> String {
    format!("order:{order}")
}

/// An award's place among those who share the reward.
fn share_of(award: &Award) -> u32 {
    let place = award.lines.iter().find_map(|line| match line {
        Line::Joint { place, .. } => Some(*place),
        _ => None,
    });
    place.unwrap_or(Share::WHOLE.place)
}
