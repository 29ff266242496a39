//! Proposing a reward: computed from the penalty decisions by the rules of the day on which the
//! report was received, explained line by line, then recorded for another person to approve. An award that
//! was approved is corrected the same way when a decision changed since.

mod basis;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use basis::{Basis, NotYet};
use casework::case::{Case, Penalty, Status};
use casework::claim::{self, Claim, Proposal};
use casework::entered::{BadText, Entered};
use casework::policy::{AddOnEvent, Exclusion, Policy};
use casework::reward::{Facts, NoAward, award};
use casework::triage::Step;
use maud::{Markup, html};
use model::{Award, Fen, Role};
use recorder_protocol::ProposeReward;
use register::{Dossiers, NotEntered, Together};

use super::at::At;
use super::award_words::{add_on_name, difference, exclusion_name, explained, state};
use super::frame::Idle;
use super::handling::{self, Shown};
use super::handling_words::stage;
use super::{case_words, cases, fields, say};
use crate::claims;
use crate::console::Console;
use crate::dossiers::{self, CaseFile};
use crate::fault::Fault;
use crate::sessions::Session;

/// The page: the ordinary reward, and the way to a special one.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let basis = match at.block(move |console| basis::read(console, &session, role, number)).await? {
        Ok(basis) => basis,
        Err(not_yet) => return Ok(stopped(at, number, &not_yet)),
    };
    let ordinary = award(&basis.rules.policy, &basis.facts()).map_err(Fault::inside)?;
    let granted = basis.shown.claim.as_ref().and_then(|file| file.now.granted.as_ref());
    let same = granted.is_some_and(|(granted, _)| granted.award == ordinary);
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        article.message { (cases::sheet(at, &basis.case.now.sheet)) }
        @for penalty in &basis.penalties { (decided(at, penalty)) }
        (not_final(at, &basis.case.now))
        @if basis.penalties.is_empty() { p.warning { (say!(at, "correction-no-decision")) } }
        h2 { (say!(at, "reward-computed")) }
        (explained(at, &ordinary))
        @if let Some(file) = &basis.shown.claim { (difference(at, &file.now, &ordinary)) }
        @if same { p.state #same { (say!(at, "correction-none")) } }
        (form(at, number, &basis, same))
    };
    Ok(at.respond(status, &say!(at, "reward-title", number = number), Idle::Leave, &body))
}

impl Basis {
    /// The facts of an ordinary award.
    fn facts(&self) -> Facts {
        let fines = self.penalties.iter().map(|penalty| penalty.fine).collect();
        Facts { fines, share: self.share, ..Facts::of(self.category, Fen(0)) }
    }

    /// What the page shows of the decisions, to notice that they changed meanwhile.
    fn decisions(&self) -> String {
        let one = |penalty: &Penalty| format!("{} {}", penalty.decision.document, penalty.fine);
        self.penalties.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

fn form(at: &At, number: u64, basis: &Basis, same: bool) -> Markup {
    let policy = &basis.rules.policy;
    let opened = ["special", "grounds", "excluded"]
        .iter()
        .any(|name| at.sent().field(name).is_some_and(|typed| !typed.is_empty()));
    html! {
        (at.form(&format!("reports/{number}/reward"), &html! {
            input type="hidden" name="seen" value=(basis.shown.handled.seen());
            input type="hidden" name="claim-seen" value=(basis.shown.claim.as_ref().map_or(0, dossiers::File::seen));
            input type="hidden" name="decisions" value=(basis.decisions());
            @if policy.rewards(basis.category) {
                details open[opened] {
                    summary { (say!(at, "reward-otherwise")) }
                    p.hint { (say!(at, "reward-special-hint", cap = policy.special_cap_fen.to_string())) }
                    (fields::optional_line(at, "special", &say!(at, "reward-special-amount"), ""))
                    (fields::text(at, "grounds", "grounds", &say!(at, "reward-grounds"), true))
                    @for event in add_ons(policy) {
                        (fields::check(at, event.code(), &add_on_name(at, event)))
                    }
                    @if !policy.exclusions.is_empty() {
                        (fields::optional_choice(at, "excluded", &say!(at, "reward-excluded"), &exclusions(at, policy)))
                        p.hint { (say!(at, "reward-excluded-hint")) }
                    }
                }
            }
            p.actions {
                button.second[same] type="submit" { (say!(at, "reward-propose")) }
                a.button.second href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) }
            }
        }))
    }
}

fn exclusions(at: &At, policy: &Policy) -> Vec<(String, String)> {
    let known = policy.exclusions.iter().filter_map(|code| Exclusion::of_code(code));
    known.map(|one| (one.code().to_owned(), exclusion_name(at, one))).collect()
}

fn add_ons(policy: &Policy) -> Vec<AddOnEvent> {
    policy.add_ons.iter().filter_map(|one| AddOnEvent::of_code(&one.event)).collect()
}

fn stopped(at: &At, number: u64, not_yet: &NotYet) -> HttpResponse {
    let problem = match not_yet {
        NotYet::Stage(code) => say!(at, "handling-out-of-order", stage = stage(at, code)),
        NotYet::Claim(now) => say!(at, "handling-out-of-order", stage = state(at, *now)),
        NotYet::NoDecision => say!(at, "reward-waits"),
        NotYet::Contested => say!(at, "claim-contested"),
        NotYet::NoRules => say!(at, "reward-no-rules"),
        NotYet::Origin => say!(at, "reward-no-origin"),
        NotYet::Unopened => say!(at, "reward-unopened"),
        NotYet::First(first) => say!(at, "reward-first-first", number = first.to_string()),
        NotYet::FirstOnly(first) => say!(at, "reward-first-only", number = first.to_string()),
    };
    let body = html! {
        p.problem #problem role="alert" { (problem) }
        p.actions { a.button href=(at.path(&format!("reports/{number}/handling"))) { (say!(at, "back-to-handling")) } }
    };
    at.respond(StatusCode::CONFLICT, &say!(at, "reward-title", number = number), Idle::Leave, &body)
}

/// A word of warning where a decision may still change.
pub(crate) fn not_final(at: &At, case: &Case) -> Markup {
    let open = case.standing().iter().any(|penalty| penalty.status != Status::Final);
    html! { @if open { p.warning { (say!(at, "claim-not-final")) } } }
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

/// What was typed beside the computed amount.
struct Typed {
    seen: u64,
    claim_seen: u64,
    decisions: String,
    special: Option<Fen>,
    grounds: String,
    excluded: Option<Exclusion>,
    ticked: Vec<AddOnEvent>,
}

/// Proposes.
pub(crate) async fn propose(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let typed = match typed(&at)? {
        Ok(typed) => typed,
        Err(problem) => return show(&at, StatusCode::BAD_REQUEST, Some(problem)).await,
    };
    match at.block(move |console| propose_one(console, &session, role, number, typed)).await? {
        Proposed::Kept => Ok(proposed(&at, number)),
        Proposed::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "reward-conflict"))).await,
        Proposed::DocumentTaken => show(&at, StatusCode::CONFLICT, Some(say!(at, "reward-document-taken"))).await,
        Proposed::NotYet(not_yet) => Ok(stopped(&at, number, &not_yet)),
        Proposed::NoAward(no) => show(&at, StatusCode::BAD_REQUEST, Some(no_award(&at, &no))).await,
        Proposed::Refused(refused) => {
            let problem = match refused {
                claim::Refused::Text(BadText::Empty(_)) => say!(at, "reward-no-grounds"),
                claim::Refused::Text(bad) => case_words::bad_text(&at, bad),
                claim::Refused::Same => say!(at, "correction-none"),
                claim::Refused::ActsTwice => say!(at, "claim-own"),
                _ => say!(at, "reward-conflict"),
            };
            show(&at, StatusCode::BAD_REQUEST, Some(problem)).await
        }
    }
}

fn typed(at: &At) -> Result<Result<Typed, String>, Fault> {
    let count = |name: &str| at.field(name)?.parse().map_err(|_| Fault::NotUnderstood);
    let chosen = |name: &str| at.sent().field(name).map(str::trim).filter(|typed| !typed.is_empty());
    let Ok(special) = chosen("special").map(Fen::of_yuan).transpose() else {
        return Ok(Err(say!(at, "bad-amount")));
    };
    let grounds = at.sent().field("grounds").unwrap_or_default().trim().replace("\r\n", "\n");
    if special.is_none() && !grounds.is_empty() {
        return Ok(Err(say!(at, "reward-no-amount")));
    }
    let excluded = chosen("excluded").map(|code| Exclusion::of_code(code).ok_or(Fault::NotUnderstood)).transpose()?;
    let ticked = AddOnEvent::ALL.iter().copied().filter(|event| at.sent().field(event.code()).is_some()).collect();
    let decisions = at.field("decisions")?.to_owned();
    let (seen, claim_seen) = (count("seen")?, count("claim-seen")?);
    Ok(Ok(Typed { seen, claim_seen, decisions, special, grounds, excluded, ticked }))
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
    let basis = match basis::read(console, session, role, number)? {
        Ok(basis) => basis,
        Err(not_yet) => return Ok(Proposed::NotYet(not_yet)),
    };
    let claim_seen = basis.shown.claim.as_ref().map_or(0, dossiers::File::seen);
    if typed.decisions != basis.decisions()
        || typed.seen != basis.shown.handled.seen()
        || typed.claim_seen != claim_seen
    {
        return Ok(Proposed::Conflict);
    }
    let (special, excluded, add_ons) = (typed.special, typed.excluded, typed.ticked);
    let award = match award(&basis.rules.policy, &Facts { special, excluded, add_ons, ..basis.facts() }) {
        Ok(award) => award,
        Err(no) => return Ok(Proposed::NoAward(no)),
    };
    let what = claim::Entry::Proposed(Box::new(proposal(&basis, award, typed.grounds)));
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

fn proposal(basis: &Basis, award: Award, grounds: String) -> Proposal {
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
    let before = shown.claim.as_ref().map(|file| &file.now);
    let entering = claims::proposal_entering(recorded, seen, entered, (before, after), case)?;
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
        NoAward::Excluded => say!(at, "reward-excluded-special"),
        NoAward::Negative | NoAward::Overflow(_) | NoAward::NoRule(_) | NoAward::NoShare => say!(at, "bad-fine"),
    }
}
