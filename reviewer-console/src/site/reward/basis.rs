//! What a proposal is made of: read each once that is recorded, and held against what went before.

use casework::case::Penalty;
use casework::claim::{self, State};
use casework::policy::{RuleSet, SameDay};
use casework::report::Category;
use casework::reward::Share;
use casework::triage::Stage;
use model::{Line, Role};
use recorder_protocol::{ReadCase, ReadClaim};

use crate::claims::rests_on;
use crate::console::Console;
use crate::dossiers::CaseFile;
use crate::fault::Fault;
use crate::sessions::Session;
use crate::site::handling::{self, Shown};

/// What a proposal is made of.
pub(super) struct Basis {
    pub(super) shown: Shown,
    pub(super) case: CaseFile,
    /// The decisions that stand, the one with the highest fine first.
    pub(super) penalties: Vec<Penalty>,
    /// Their document numbers: the decisive one, and those whose fines are added.
    pub(super) documents: (String, Vec<String>),
    pub(super) rules: RuleSet,
    pub(super) category: Category,
    /// This report's share among those that tell of the same.
    pub(super) share: Share,
}

/// Why nothing can be proposed.
pub(super) enum NotYet {
    /// Not confirmed, or proposed already.
    Stage(String),
    /// The claim is before an approver, or being looked at again.
    Claim(State),
    /// There is no penalty decision that stands.
    NoDecision,
    /// A decision is under review: what becomes of the fine is not known.
    Contested,
    /// No rules were in force when the report came.
    NoRules,
    /// Its channel earns nothing, or nobody vouched for its entry.
    Origin,
    /// Its channel is not known to this session.
    Unopened,
    /// It shares the reward of an earlier report, whose own was not proposed yet.
    First(u64),
    /// Of reports of one day these rules reward the first alone.
    FirstOnly(u64),
}

/// Reads report, case and claim, each once that is recorded.
pub(super) fn read(
    console: &Console,
    session: &Session,
    role: Role,
    number: u64,
) -> Result<Result<Basis, NotYet>, Fault> {
    let shown = handling::read(console, session, role, number)?;
    let now = &shown.handled.now;
    let joint = now.joined.filter(|(_, joint)| *joint && now.stage == Stage::Joined);
    if let Some(file) = &shown.claim {
        if matches!(file.now.state, State::Proposed | State::Agreed | State::Reconsidering) {
            return Ok(Err(NotYet::Claim(file.now.state)));
        }
    } else if now.stage != Stage::Confirmed && joint.is_none() {
        return Ok(Err(NotYet::Stage(now.stage.code().to_owned())));
    }
    let (file, share, claimed) = if let Some((first, _)) = now.joined {
        let Some((case, share, document)) = shared(console, session, role, (first, number))? else {
            return Ok(Err(NotYet::First(first)));
        };
        (Some(case), share, Some(document))
    } else {
        let case = now.case.map(|case| console.books.case(case)).transpose()?.flatten();
        (case, share_of(&now.sharers(), None), None)
    };
    let Some(file) = file else { return Ok(Err(NotYet::NoDecision)) };
    let mut client = console.recorder.connect()?;
    let _ = client.record(&session.person(role), ReadCase { case: file.number })?.0.use_up();
    if let Some(claim) = &shown.claim {
        let _ = client.record(&session.person(role), ReadClaim { claim: claim.number })?.0.use_up();
    }
    let received = shown.report.letters.first().ok_or(Fault::NotFound)?.received_on;
    let Some(rules) = rules(console, &shown, received)? else { return Ok(Err(NotYet::NoRules)) };
    let penalties: Vec<Penalty> = file.now.standing().into_iter().cloned().collect();
    if file.now.is_contested() {
        return Ok(Err(NotYet::Contested));
    }
    // An award whose decision was revoked since is corrected to nothing.
    let before = shown.claim.as_ref().map(|file| &file.now.proposal);
    let before = before.map(|proposal| (proposal.document.clone(), proposal.also.clone()));
    let Some(documents) = rests_on(&rules, &file.now).or(before) else { return Ok(Err(NotYet::NoDecision)) };
    // Shares of one reward follow from one decision.
    if let (Some(document), Some((first, _))) = (claimed, now.joined) {
        if document != documents.0 {
            return Ok(Err(NotYet::First(first)));
        }
        if rules.policy.same_day == SameDay::FirstOnly {
            return Ok(Err(NotYet::FirstOnly(first)));
        }
    }
    let share = if rules.policy.same_day == SameDay::FirstOnly { Share::WHOLE } else { share };
    match crate::handling::may_earn(console, session, &shown.report, now) {
        None => return Ok(Err(NotYet::Unopened)),
        Some(false) => return Ok(Err(NotYet::Origin)),
        Some(true) => {}
    }
    let category = Category::of_code(&file.now.sheet.category).ok_or(Fault::NotFound)?;
    Ok(Ok(Basis { shown, case: file, penalties, documents, rules, category, share }))
}

/// The rules of the day on which the report was received; once there is a claim, those that it names.
fn rules(console: &Console, shown: &Shown, received: model::Day) -> Result<Option<RuleSet>, Fault> {
    match &shown.claim {
        Some(file) => console.books.rules_of(&file.now.proposal).cloned().map(Some),
        None => Ok(console.books.rules.rewards.in_force(received).cloned()),
    }
}

/// The case of the first report of several that share a reward, the share of a later one, and the
/// decision that the first one's claim rests on. None before that claim: who shares, and what, is
/// settled with it, and a report that joins later changes no amount that was approved.
fn shared(
    console: &Console,
    session: &Session,
    role: Role,
    (first, number): (u64, u64),
) -> Result<Option<(CaseFile, Share, String)>, Fault> {
    let first = handling::read(console, session, role, first)?;
    let sharers = first.handled.now.sharers();
    let (Some(case), Some(claim)) = (first.case, first.claim) else { return Ok(None) };
    let share = share_of(&sharers, Some(number));
    let proposal: claim::Proposal = claim.now.proposal;
    let settled = proposal
        .award
        .lines
        .iter()
        .any(|line| matches!(line, Line::Joint { reporters, place: 1, .. } if *reporters == share.reporters));
    Ok((settled && share.place > 1).then_some((case, share, proposal.document)))
}

/// The place of a report among those who share, the first one's being 1.
fn share_of(later: &[u64], number: Option<u64>) -> Share {
    let place = number.and_then(|number| later.iter().position(|other| *other == number)).map_or(0, |at| at + 1);
    let count = |many: usize| u32::try_from(many + 1).unwrap_or(u32::MAX);
    Share { reporters: count(later.len()), place: count(place) }
}
