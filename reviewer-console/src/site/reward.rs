//! Proposing a reward: computed from the penalty decision by the rules of the day on which the
//! report was received, explained line by line, then recorded for another person to approve.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{Penalty, Status};
use casework::claim::{self, Claim, Proposal};
use casework::entered::Entered;
use casework::money::Fen;
use casework::policy::RuleSet;
use casework::report::Category;
use casework::reward::{NoAward, Share, award};
use casework::triage::{Stage, Step};
use crypto::access::Role;
use crypto::award::{Award, Line};
use maud::{Markup, html};
use recording::{ProposeReward, ReadCase, ReadClaim};
use register::{Dossiers, NotEntered, Together};

use super::at::At;
use super::frame::Idle;
use super::handling::{self, Shown};
use super::handling_words::stage;
use super::{case_words, cases, fields, say};
use crate::console::Console;
use crate::dossiers::{self, CaseFile};
use crate::fault::Fault;
use crate::sessions::Session;

/// What a proposal is made of.
struct Basis {
    shown: Shown,
    case: CaseFile,
    penalty: Penalty,
    rules: RuleSet,
    category: Category,
    /// This report's share among those that tell of the same.
    share: Share,
}

/// Why nothing can be proposed.
enum NotYet {
    /// Not confirmed, or proposed already.
    Stage(String),
    /// There is no penalty decision that stands.
    NoDecision,
    /// The decision is under review: what becomes of the fine is not known.
    Contested,
    /// No rules were in force when the report came.
    NoRules,
    /// Its channel earns nothing, or nobody vouched for its entry.
    Origin,
    /// Its channel is not known to this session.
    Unopened,
    /// It shares the reward of an earlier report, whose own was not proposed yet.
    First(u64),
}

/// Reads report, case and claim, each once that is recorded.
fn basis(console: &Console, session: &Session, role: Role, number: u64) -> Result<Result<Basis, NotYet>, Fault> {
    let shown = handling::read(console, session, role, number)?;
    let now = &shown.handled.now;
    let returned = shown.claim.as_ref().is_some_and(|file| file.now.state == claim::State::Returned);
    let joint = now.joined.filter(|(_, joint)| *joint && now.stage == Stage::Joined);
    if now.stage != Stage::Confirmed && joint.is_none() && !returned {
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
    let Some(penalty) = file.now.decisive().cloned() else { return Ok(Err(NotYet::NoDecision)) };
    if penalty.status == Status::Contested {
        return Ok(Err(NotYet::Contested));
    }
    // Shares of one reward follow from one decision.
    if claimed.is_some_and(|document| document != penalty.decision.document) {
        return Ok(Err(NotYet::First(now.joined.map_or(number, |(first, _)| first))));
    }
    let received = shown.report.letters.first().ok_or(Fault::NotFound)?.received_on;
    match crate::handling::may_earn(console, session, &shown.report, now) {
        None => return Ok(Err(NotYet::Unopened)),
        Some(false) => return Ok(Err(NotYet::Origin)),
        Some(true) => {}
    }
    let Some(rules) = console.books.rules.rewards.in_force(received).cloned() else { return Ok(Err(NotYet::NoRules)) };
    let category = Category::of_code(&file.now.sheet.category).ok_or(Fault::NotFound)?;
    Ok(Ok(Basis { shown, case: file, penalty, rules, category, share }))
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
    let proposal = claim.now.proposal;
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

/// The page: the ordinary reward, and the way to a special one.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let basis = match at.block(move |console| basis(console, &session, role, number)).await? {
        Ok(basis) => basis,
        Err(not_yet) => return Ok(stopped(at, number, &not_yet)),
    };
    let ordinary = award(&basis.rules.policy, basis.category, basis.penalty.fine, None, basis.share);
    let ordinary = ordinary.map_err(Fault::inside)?;
    let special = basis.rules.policy.rewards(basis.category);
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        article.message { (cases::sheet(at, &basis.case.now.sheet)) }
        (decided(at, &basis.penalty))
        h2 { (say!(at, "reward-computed")) }
        (explained(at, &ordinary))
        (at.form(&format!("reports/{number}/reward"), &html! {
            input type="hidden" name="seen" value=(basis.shown.handled.seen());
            input type="hidden" name="claim-seen" value=(basis.shown.claim.as_ref().map_or(0, dossiers::File::seen));
            input type="hidden" name="document" value=(basis.penalty.decision.document);
            input type="hidden" name="fine" value=(basis.penalty.fine);
            @if special {
                details open[["special", "grounds"].iter().any(|name| at.sent().field(name).is_some_and(|typed| !typed.is_empty()))] {
                    summary { (say!(at, "reward-special")) }
                    p.hint { (say!(at, "reward-special-hint", cap = basis.rules.policy.special_cap_fen.to_string())) }
                    (fields::optional_line(at, "special", &say!(at, "reward-special-amount"), ""))
                    (fields::text(at, "grounds", "grounds", &say!(at, "reward-grounds"), true))
                }
            }
            p.actions {
                button type="submit" { (say!(at, "reward-propose")) }
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            }
        }))
    };
    Ok(at.respond(status, &say!(at, "reward-title", number = number), Idle::Leave, &body))
}

fn stopped(at: &At, number: u64, not_yet: &NotYet) -> HttpResponse {
    let problem = match not_yet {
        NotYet::Stage(code) => say!(at, "handling-out-of-order", stage = stage(at, code)),
        NotYet::NoDecision => say!(at, "reward-waits"),
        NotYet::Contested => say!(at, "claim-contested"),
        NotYet::NoRules => say!(at, "reward-no-rules"),
        NotYet::Origin => say!(at, "reward-no-origin"),
        NotYet::Unopened => say!(at, "reward-unopened"),
        NotYet::First(first) => say!(at, "reward-first-first", number = first.to_string()),
    };
    let body = html! {
        p.problem #problem role="alert" { (problem) }
        p.actions { a.button href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "reward-title", number = number), Idle::Leave, &body)
}

/// A penalty decision in one line.
pub(crate) fn decided(at: &At, penalty: &Penalty) -> Markup {
    let decision = &penalty.decision;
    html! {
        p {
            (say!(at, "case-decision")) " · " (decision.document) " · " (decision.party) " · "
            (say!(at, "yuan", amount = penalty.fine.to_string())) " · " (decision.decided_on) " · "
            (case_words::status(at, penalty.status))
        }
    }
}

/// An award and how it was reached, in words.
pub(crate) fn explained(at: &At, award: &Award) -> Markup {
    html! {
        ul { @for line in &award.lines { li { (line_in_words(at, line)) } } }
        p.state #due { (say!(at, "award-due", due = Fen(award.due_fen).to_string())) }
        p.hint { (say!(at, "award-rules", policy = award.policy.as_str())) }
    }
}

fn line_in_words(at: &At, line: &Line) -> String {
    let yuan = |fen: &i64| Fen(*fen).to_string();
    match line {
        Line::Share { fine_fen, basis_points, share_fen } => {
            // 500 basis points are 5 %, 525 are 5.25 %.
            let percent = Fen(i64::from(*basis_points)).to_string();
            let percent = percent.trim_end_matches('0').trim_end_matches('.');
            say!(at, "award-share", fine = yuan(fine_fen), percent = percent, share = yuan(share_fen))
        }
        Line::Capped { cap_fen } => say!(at, "award-capped", cap = yuan(cap_fen)),
        Line::NoFine {} => say!(at, "award-no-fine"),
        Line::NotRewarded { .. } => say!(at, "award-not-rewarded"),
        Line::Special { amount_fen } => say!(at, "award-special", amount = yuan(amount_fen)),
        Line::Joint { reporters, place, share_fen } => {
            say!(at, "award-joint", count = reporters.to_string(), place = place.to_string(), share = yuan(share_fen))
        }
    }
}

/// What was typed beside the computed amount.
struct Typed {
    seen: u64,
    claim_seen: u64,
    document: String,
    fine: String,
    special: Option<Fen>,
    grounds: String,
}

/// Proposes.
pub(crate) async fn propose(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let count = |name: &str| at.field(name)?.parse().map_err(|_| Fault::NotUnderstood);
    let special = at.sent().field("special").map(str::trim).filter(|typed| !typed.is_empty());
    let Ok(special) = special.map(Fen::of_yuan).transpose() else {
        return show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "bad-amount"))).await;
    };
    let grounds = at.sent().field("grounds").unwrap_or_default().trim().replace("\r\n", "\n");
    if special.is_none() && !grounds.is_empty() {
        return show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "reward-no-amount"))).await;
    }
    let typed = Typed {
        seen: count("seen")?,
        claim_seen: count("claim-seen")?,
        document: at.field("document")?.to_owned(),
        fine: at.field("fine")?.to_owned(),
        special,
        grounds,
    };
    match at.block(move |console| propose_one(console, &session, role, number, typed)).await? {
        Proposed::Kept => Ok(proposed(&at, number)),
        Proposed::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "reward-conflict"))).await,
        Proposed::DocumentTaken => show(&at, StatusCode::CONFLICT, Some(say!(at, "reward-document-taken"))).await,
        Proposed::NotYet(not_yet) => Ok(stopped(&at, number, &not_yet)),
        Proposed::NoAward(no) => show(&at, StatusCode::BAD_REQUEST, Some(no_award(&at, &no))).await,
        Proposed::Refused(refused) => {
            let problem = match refused {
                claim::Refused::Text(casework::entered::BadText::Empty(_)) => say!(at, "reward-no-grounds"),
                claim::Refused::Text(bad) => case_words::bad_text(&at, bad),
                _ => say!(at, "reward-conflict"),
            };
            show(&at, StatusCode::BAD_REQUEST, Some(problem)).await
        }
    }
}

enum Proposed {
    Kept,
    Conflict,
    /// Another reward rests on this decision.
    DocumentTaken,
    NotYet(NotYet),
    NoAward(NoAward),
    Refused(claim::Refused),
}

fn propose_one(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    number: u64,
    typed: Typed,
) -> Result<Proposed, Fault> {
    let basis = match basis(console, session, role, number)? {
        Ok(basis) => basis,
        Err(not_yet) => return Ok(Proposed::NotYet(not_yet)),
    };
    let decision = typed.document == basis.penalty.decision.document && typed.fine == basis.penalty.fine.to_string();
    let claim_seen = basis.shown.claim.as_ref().map_or(0, dossiers::File::seen);
    if !decision || typed.seen != basis.shown.handled.seen() || typed.claim_seen != claim_seen {
        return Ok(Proposed::Conflict);
    }
    let award = match award(&basis.rules.policy, basis.category, basis.penalty.fine, typed.special, basis.share) {
        Ok(award) => award,
        Err(no) => return Ok(Proposed::NoAward(no)),
    };
    let proposal = Proposal {
        case: basis.case.number,
        document: basis.penalty.decision.document,
        rules: basis.rules.digest,
        award,
        grounds: typed.grounds,
    };
    let what = claim::Entry::Proposed(Box::new(proposal));
    let entered = Entered { by: session.account.clone(), on: console.clock.today(), what };
    let after = match &basis.shown.claim {
        Some(file) => file.now.clone().after(&entered),
        None => Claim::proposed(&entered),
    };
    match after {
        Ok(after) => keep(console, session, role, (&basis.shown, &basis.case), &entered, &after),
        Err(refused) => Ok(Proposed::Refused(refused)),
    }
}

/// The first proposal is also a step of the report's handling; both are kept, or neither.
fn keep(
    console: &Console,
    session: &Session,
    role: Role,
    (shown, case): (&Shown, &CaseFile),
    entered: &Entered<claim::Entry>,
    after: &Claim,
) -> Result<Proposed, Fault> {
    let claim = match &shown.claim {
        Some(file) => file.number,
        None => console.register.next_dossier(Dossiers::Claims)?,
    };
    let (_, digest) = dossiers::written(&entered.what)?;
    let seen = shown.claim.as_ref().map_or(0, dossiers::File::seen);
    let deed = ProposeReward { claim, number: seen + 1, digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let entering = dossiers::proposal_entering(recorded, seen, entered, after, case)?;
    let kept = if shown.claim.is_some() {
        console.register.enter(entering)?
    } else {
        let step = Entered { by: entered.by.clone(), on: entered.on, what: Step::Proposed { claim } };
        let steps = vec![handling::permit(console, session, role, shown, &step)?];
        console.register.take(Together { steps, entering: vec![entering], ..Together::default() })?
    };
    Ok(match kept {
        Ok(()) => Proposed::Kept,
        Err(NotEntered::Meanwhile) => Proposed::Conflict,
        Err(NotEntered::DocumentTaken) => Proposed::DocumentTaken,
    })
}

fn proposed(at: &At, number: u64) -> HttpResponse {
    let body = html! {
        p.state #proposed { (say!(at, "reward-proposed")) }
        p.actions {
            a.button href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
        }
    };
    at.page(&say!(at, "reward-title", number = number), &body)
}

fn no_award(at: &At, no: &NoAward) -> String {
    match no {
        NoAward::AboveSpecialCap(cap) => say!(at, "reward-above-special", cap = cap.to_string()),
        NoAward::NotMore(ordinary) => say!(at, "reward-not-more", due = ordinary.to_string()),
        NoAward::NotRewarded => say!(at, "award-not-rewarded"),
        NoAward::Fine(_) | NoAward::NoShare => say!(at, "bad-fine"),
    }
}
