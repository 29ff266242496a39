//! One claim before an approver: what it follows from, the chain, and the decision.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::case::{self, Case, Evidence};
use casework::claim::{Answer, Claim, Consent, Decided, Entry, Part, Proposal, Refused, State};
use casework::entered::{BadText, Entered};
use maud::{Markup, html};
use model::{Fen, Role};
use recorder_protocol::{DecideReward, ReadClaim};

use super::at::At;
use super::award_words::{self, difference, explained, state};
use super::frame::Idle;
use super::guard::see_other;
use super::{case_words, cases, chain, consent, fields, reward, say};
use crate::budget::{self, Year};
use crate::claims::{self, ClaimFile};
use crate::console::Console;
use crate::dossiers::{self, CaseFile};
use crate::fault::Fault;
use crate::sessions::Session;

/// What an approver decides on.
pub(super) struct Basis {
    pub(super) claim: ClaimFile,
    pub(super) case: CaseFile,
    /// Whether decision and rules still give what is proposed.
    sound: Result<(), Unsound>,
}

/// Why a proposal must go back.
enum Unsound {
    /// A decision was withdrawn, changed, or is another now.
    Decision,
    /// A decision is under review.
    Contested,
    /// The amount, or who must approve it, does not follow from the rules that it names.
    Amount,
}

pub(super) fn read(console: &Console, session: &Session, role: Role, number: u64) -> Result<Basis, Fault> {
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ReadClaim { claim: number })?;
    let _ = recorded.use_up();
    let claim = console.books.claim(number)?.ok_or(Fault::NotFound)?;
    let case = console.books.case(claim.now.proposal.case)?.ok_or(Fault::NotFound)?;
    let sound = sound(console, &claim.now.proposal, &case.now);
    Ok(Basis { claim, case, sound })
}

/// Computes the proposal again: whoever could write the register must not set an amount.
fn sound(console: &Console, proposal: &Proposal, case: &Case) -> Result<(), Unsound> {
    let rules = &console.books.rules.rewards;
    if case.is_contested() {
        return Err(Unsound::Contested);
    }
    let policy = rules.of_digest(&proposal.rules).map(|set| &set.policy).ok_or(Unsound::Amount)?;
    let special = proposal.award.is_special();
    let chain = proposal.approvers >= policy.approvers(special)
        && (proposal.needs_consent || !special || !policy.approval.special_consent_document);
    if !chain || !claims::adds_up(rules, proposal, case) {
        return Err(Unsound::Amount);
    }
    // Another decision with a higher fine is another reward: the proposal goes back.
    let decisive = case.decisive().is_none_or(|penalty| penalty.decision.document == proposal.document);
    if decisive && claims::follows(rules, proposal, case) { Ok(()) } else { Err(Unsound::Decision) }
}

/// One claim.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let (basis, year) = at
        .block(move |console| {
            let year = budget::year(&console.books, console.clock.today().year())?;
            Ok((read(console, &session, role, number)?, year))
        })
        .await?;
    let now = &basis.claim.now;
    let chain = chain::steps(at, &basis.claim, &basis.case)?;
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p.state #claim-state { (state(at, now.state)) }
        article.message {
            p {
                a href=(at.path(&format!("approvals/cases/{}", basis.case.number))) {
                    (say!(at, "case-number", number = basis.case.number))
                }
                " · " (case_words::state(at, basis.case.now.state))
            }
            (cases::sheet(at, &basis.case.now.sheet))
        }
        @for penalty in &basis.case.now.penalties { (reward::decided(at, penalty)) }
        @if now.state == State::Proposed || now.state == State::Agreed { (reward::not_final(at, &basis.case.now)) }
        h2 { (say!(at, "approval-proposed")) }
        (explained(at, &now.proposal.award))
        @if !now.proposal.grounds.is_empty() {
            p { (say!(at, "reward-grounds")) }
            p.plain-text { (now.proposal.grounds) }
        }
        (difference(at, now, &now.proposal.award))
        (chain::table(at, &chain))
        (what_next(at, &basis, year)?)
        h2 { (say!(at, "case-history")) }
        ul.reports { @for entry in &basis.claim.entries { li { (done(at, number, entry)) } } }
        p.actions {
            a.button.second href=(at.path(&format!("approvals/claims/{number}/form"))) { (say!(at, "approval-form")) }
            a.button.second href=(at.path("approvals")) { (say!(at, "back-to-list")) }
        }
    };
    Ok(at.respond(status, &say!(at, "claim-number", number = number), Idle::Leave, &body))
}

/// What this person may do now, or why not.
fn what_next(at: &At, basis: &Basis, year: Year) -> Result<Markup, Fault> {
    let (now, account) = (&basis.claim.now, at.session()?.account.as_str());
    let own = |part| own(at, basis, account, part);
    Ok(html! {
        @match now.state {
            State::Proposed | State::Agreed => {
                (unsound(at, &basis.sound))
                @if let Some(why) = own(Part::Approve) { p.warning { (why) } } @else { (budget_of(at, basis, year)) (forms(at, basis)) }
            }
            State::Reconsidering => {
                @let by = at.console.books.answer_by(now)?;
                p.hint { (say!(at, "answer-lead")) }
                p { span.new[by < at.console.clock.today()] { (say!(at, "answer-by", day = by.to_string())) } }
                @if let Some(why) = own(Part::Answer) { p.warning { (why) } } @else { (answer_form(at, basis)) }
            }
            State::Returned => {}
            _ => { @if basis.sound.is_err() { p.warning { (say!(at, "claim-decision-changed-since")) } } }
        }
    })
}

/// Why this person may not take a part in it; none where they may.
fn own(at: &At, basis: &Basis, account: &str, part: Part) -> Option<String> {
    if has_decided(&basis.case, account) {
        return Some(say!(at, "claim-own-decision"));
    }
    if basis.claim.now.may_act(account, part) {
        return None;
    }
    let taken = basis.claim.now.acts.iter().find(|(by, _, _)| by == account).map(|(_, part, _)| *part);
    Some(match taken {
        Some(Part::Propose) => say!(at, "claim-own-proposed"),
        Some(Part::Approve) => say!(at, "claim-own-approved"),
        _ => say!(at, "claim-own"),
    })
}

/// What the year's budget comes to with this award.
fn budget_of(at: &At, basis: &Basis, year: Year) -> Markup {
    let now = &basis.claim.now;
    let more = Fen((now.proposal.award.due_fen - now.paid_so_far().0).max(0) - now.outstanding().0);
    let Some(budget) = year.budget else {
        return html! { p.warning #budget { (say!(at, "budget-none")) } };
    };
    let text = say!(
        at,
        "budget-line",
        budget = budget.to_string(),
        paid = year.paid.to_string(),
        committed = year.committed.to_string()
    );
    html! {
        p.hint #budget { (text) }
        @if year.is_over_with(more) { p.warning #over-budget { (say!(at, "budget-over")) } }
    }
}

fn unsound(at: &At, sound: &Result<(), Unsound>) -> Markup {
    html! {
        @match sound {
            Ok(()) => {}
            Err(Unsound::Decision) => p.warning { (say!(at, "claim-decision-changed")) },
            Err(Unsound::Contested) => p.warning { (say!(at, "claim-contested")) },
            Err(Unsound::Amount) => p.warning { (say!(at, "claim-amount-wrong")) },
        }
    }
}

/// Whether somebody entered a decision or what a review made of it: they set what the reward follows
/// from.
fn has_decided(case: &CaseFile, account: &str) -> bool {
    let sets = |what: &case::Entry| matches!(what, case::Entry::Decided(_) | case::Entry::Reviewed { .. });
    case.entries.iter().any(|entered| entered.by == account && sets(&entered.what))
}

fn forms(at: &At, basis: &Basis) -> Markup {
    let path = format!("approvals/claims/{}", basis.claim.number);
    let seen = html! { input type="hidden" name="seen" value=(basis.claim.seen()); };
    let now = &basis.claim.now;
    let consents = now.is_last_approval() && now.proposal.needs_consent;
    let fields = html! {
        (seen)
        input type="hidden" name="entry" value="approved";
        @if consents {
            p.hint { (say!(at, "consent-hint")) }
            (fields::line(at, "document", &say!(at, "consent-document"), ""))
            div.field {
                label for="consent" { (say!(at, "consent-file")) }
                input #consent name="consent" type="file" required autocomplete="off";
            }
        }
        @if now.is_last_approval() { p.hint { (say!(at, "claim-approve-hint")) } } @else { p.hint { (say!(at, "claim-agree-hint")) } }
        p.actions { button #approve type="submit" { (say!(at, "claim-approve")) } }
    };
    html! {
        @if basis.sound.is_ok() {
            @if consents { (at.form_with_files(&path, &fields)) } @else { (at.form(&path, &fields)) }
        }
        details open[at.sent().field("entry") == Some("returned")] {
            summary { (say!(at, "claim-return")) }
            (at.form(&path, &html! {
                (seen)
                input type="hidden" name="entry" value="returned";
                (fields::text(at, "note", "note", &say!(at, "claim-why"), true))
                p.actions { button.second type="submit" { (say!(at, "record")) } }
            }))
        }
    }
}

fn answer_form(at: &At, basis: &Basis) -> Markup {
    let options: Vec<(String, String)> =
        Answer::ALL.iter().map(|(one, code)| ((*code).to_owned(), award_words::answer(at, *one))).collect();
    at.form(
        &format!("approvals/claims/{}", basis.claim.number),
        &html! {
            input type="hidden" name="seen" value=(basis.claim.seen());
            input type="hidden" name="entry" value="answered";
            (fields::choice(at, "answer", &say!(at, "answer-what-came"), &options))
            (fields::text(at, "note", "note", &say!(at, "claim-why"), true))
            p.actions { button type="submit" { (say!(at, "record")) } }
        },
    )
}

fn done(at: &At, number: u64, entered: &Entered<Entry>) -> Markup {
    html! {
        (award_words::done(at, entered))
        @if let Some(path) = consent::path(number, &entered.what) { p { a href=(at.path(&path)) { (say!(at, "consent-read")) } } }
    }
}

/// Approves, sends back, or answers a request to look again.
pub(crate) async fn decide(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let seen: u64 = at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let what = typed(&at)?;
    let files = at.sent().files().iter().map(|file| (file.digest.clone(), file.content.to_vec())).collect();
    match at.block(move |console| decide_one(console, &session, role, (number, seen), (what, files))).await? {
        Outcome::Kept => Ok(see_other(&at.path(&format!("approvals/claims/{number}")))),
        Outcome::Conflict => show(&at, StatusCode::CONFLICT, Some(say!(at, "case-conflict"))).await,
        Outcome::Refused(refused) => {
            let problem = match refused {
                // The page says which part it was.
                Refused::ActsTwice => return show(&at, StatusCode::CONFLICT, None).await,
                Refused::NoConsent | Refused::Text(BadText::Empty("document")) => say!(at, "consent-missing"),
                Refused::Text(bad) => case_words::bad_text(&at, bad),
                _ => say!(at, "claim-decided-already"),
            };
            show(&at, StatusCode::CONFLICT, Some(problem)).await
        }
    }
}

fn typed(at: &At) -> Result<Entry, Fault> {
    let note = || Ok::<_, Fault>(at.field("note")?.trim().replace("\r\n", "\n"));
    match at.field("entry")? {
        "approved" => {
            let file = at.sent().files().first().map(|file| Evidence {
                name: file.name.clone(),
                size: file.content.len() as u64,
                digest: file.digest.clone(),
            });
            let document = at.sent().field("document").unwrap_or_default().trim().to_owned();
            let consent = file.map(|file| Consent { document, file });
            // The proposal's digest is filled in when it was read.
            Ok(Entry::Approved(Decided { proposal: String::new(), consent }))
        }
        "returned" => Ok(Entry::Returned { note: note()? }),
        "answered" => {
            let answer = Answer::of_code(at.field("answer")?).ok_or(Fault::NotUnderstood)?;
            // Likewise the last day.
            Ok(Entry::Answered { answer, note: note()?, last_day: None })
        }
        _ => Err(Fault::NotUnderstood),
    }
}

enum Outcome {
    Kept,
    Conflict,
    Refused(Refused),
}

type Files = Vec<(String, Vec<u8>)>;

fn decide_one(
    console: &Console,
    session: &Session,
    role: Role,
    (number, seen): (u64, u64),
    (what, files): (Entry, Files),
) -> Result<Outcome, Fault> {
    let basis = read(console, session, role, number)?;
    let approves = matches!(what, Entry::Approved(_));
    let what = completed(console, &basis, what)?;
    let entered = Entered { by: session.account.clone(), on: console.clock.today(), what };
    let after = match basis.claim.now.clone().after(&entered) {
        Ok(_) if has_decided(&basis.case, &session.account) => return Ok(Outcome::Refused(Refused::ActsTwice)),
        Ok(after) => after,
        Err(refused) => return Ok(Outcome::Refused(refused)),
    };
    if basis.claim.seen() != seen || (approves && basis.sound.is_err()) {
        return Ok(Outcome::Conflict);
    }
    keep(console, session, role, (&basis, files), &entered, &after)
}

fn keep(
    console: &Console,
    session: &Session,
    role: Role,
    (basis, files): (&Basis, Files),
    entered: &Entered<Entry>,
    after: &Claim,
) -> Result<Outcome, Fault> {
    let (_, digest) = dossiers::written(&entered.what)?;
    let (number, entry) = (basis.claim.seen() + 1, entered.what.code().to_owned());
    let deed = DecideReward { claim: basis.claim.number, number, entry, digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let entering = claims::decision_entering(recorded, basis.claim.seen(), entered, after, (&basis.case, files))?;
    Ok(if console.register.enter(entering)?.is_ok() { Outcome::Kept } else { Outcome::Conflict })
}

/// With what follows from the claim and is not typed: the digest of the proposal that stands, the last day
/// after a request was answered.
fn completed(console: &Console, basis: &Basis, what: Entry) -> Result<Entry, Fault> {
    Ok(match what {
        Entry::Approved(decided) => {
            // What is not asked for is not kept.
            let now = &basis.claim.now;
            let asked = now.is_last_approval() && now.proposal.needs_consent;
            let consent = decided.consent.filter(|_| asked);
            Entry::Approved(Decided { proposal: claims::standing_proposal(&basis.claim)?, consent })
        }
        Entry::Answered { answer, note, .. } => {
            let clocks = console.books.rules_of(&basis.claim.now.proposal)?.policy.clocks;
            let last_day = Some(console.clock.today().plus_days(clocks.claim_within_days));
            Entry::Answered { answer, note, last_day }
        }
        other => other,
    })
}
