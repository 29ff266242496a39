//! Handling a report: triage, verification, links to its case and its reward.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::reports::{HandlingStep, ReportStage};
use casework::rewards::{ClaimEntry, ClaimStage};
use console_services::reports::handling::{HandlingFile, ReportHandling, officers, read_handling};
use console_services::reports::take_step::{StepRequest, StepTaken, take_step};
use console_services::rewards::claim_file::{ClaimFile, follows};
use maud::{Markup, html};
use model::Fen;
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{TextField, Typed};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::reports::clocks;
use crate::pages::reports::labels::{done, origin_name, refused_step, stage, step_name};
use crate::pages::{cases, rewards};

/// The report's stage, history and links, and the forms for its next steps.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let number = at.number()?;
    let (shown, officers) = blocking(move || Ok((read_handling(&actor, number)?, officers(&actor)?))).await?;
    let body = html! {
        @if let Some(problem) = &problem { (problem) }
        (kept(at, problem.is_some()))
        p.state #stage { (stage(at, shown.stage.code())) }
        @if shown.report.feed.is_some() { p.hint { (say!(at, "handling-told-feed")) } } @else { (told(at, shown.stage)) }
        (clocks::of_report(at, &shown.report))
        @if let Some(feed) = &shown.report.feed { p { (say!(at, "origin")) (say!(at, "colon")) (origin_name(at, feed)) } }
        (origin(at, &shown.handled))
        (history(at, &shown.handled))
        (onward(at, number, &shown))
        @if !shown.opened { p.warning { (say!(at, "handling-unopened")) } }
        (steps(at, number, &shown, &officers))
        p.actions {
            a.button.second href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) }
        }
    };
    Ok(at.respond(status, &say!(at, "handling-title", number = number), Idle::Leave, &body))
}

/// The note of a refused step, shown because the step's own form may be gone.
fn kept(at: &RequestContext, refused: bool) -> Markup {
    let note = at.sent().field("note").map(str::trim).filter(|note| refused && !note.is_empty());
    html! {
        @if let Some(note) = note {
            p.hint { (say!(at, "handling-kept")) }
            article.message #kept { p.plain-text { (note) } }
        }
    }
}

/// A hint about what the reporter sees at this stage.
fn told(at: &RequestContext, stage: ReportStage) -> Markup {
    let text = match stage {
        ReportStage::New | ReportStage::Verifying | ReportStage::Drafted | ReportStage::Confirmed => {
            say!(at, "handling-told-nothing")
        }
        ReportStage::NotOurs | ReportStage::NotEffective | ReportStage::NotConfirmed | ReportStage::Minor => {
            say!(at, "handling-told-outcome")
        }
        ReportStage::Known => say!(at, "handling-told-known"),
        ReportStage::Joined => say!(at, "handling-told-joined"),
        ReportStage::Proposed | ReportStage::Returned => say!(at, "handling-told-reward"),
        ReportStage::Approved => say!(at, "handling-told-approved"),
    };
    html! { p.hint { (text) } }
}

/// The channel of a report entered by hand, who handles it, and the reports that it is joined with.
fn origin(at: &RequestContext, handled: &HandlingFile) -> Markup {
    let now = &handled.now;
    html! {
        @if let Some(entry) = &now.by_hand {
            p {
                (say!(at, "origin")) (say!(at, "colon")) (origin_name(at, entry.origin.code())) " · "
                @if entry.vouched { (say!(at, "vouched-yes")) } @else { strong { (say!(at, "vouched-no")) } }
            }
        }
        @if let Some(to) = &now.given_to { p { (say!(at, "step-given-to", account = to.as_str())) } }
        @if let Some((first, joint)) = now.joined {
            p {
                a href=(at.path(&format!("reports/{first}/handling"))) { (say!(at, "report-number", number = first)) }
                " · " @if joint { (say!(at, "joined-joint")) } @else { (say!(at, "joined-later")) }
            }
        }
        @for (report, joint) in &now.merged {
            p {
                a href=(at.path(&format!("reports/{report}/handling"))) { (say!(at, "report-number", number = report.to_string())) }
                " · " @if *joint { (say!(at, "merged-joint")) } @else { (say!(at, "merged-later")) }
            }
        }
    }
}

fn history(at: &RequestContext, handled: &HandlingFile) -> Markup {
    html! {
        @if handled.steps.is_empty() { p { (say!(at, "handling-none")) } }
        ul.reports {
            @for step in &handled.steps {
                li {
                    (done(at, &step.what))
                    p.hint { (say!(at, "entered-by", day = step.on.to_string(), account = step.by.as_str())) }
                    @if !step.what.note().is_empty() { p.plain-text { (step.what.note()) } }
                }
            }
        }
    }
}

/// Links to the pages where the work goes on: the case, the reward.
fn onward(at: &RequestContext, number: u64, shown: &ReportHandling) -> Markup {
    let now = &shown.handled.now;
    let decided = shown.case.as_ref().is_some_and(|file| file.now.decisive().is_some());
    let other = shown
        .claim
        .as_ref()
        .zip(shown.case.as_ref())
        .is_some_and(|(claim, case)| !follows(&at.rules().rewards, &claim.now.proposal, &case.now));
    let again = shown.claim.as_ref().is_some_and(|file| file.now.state == ClaimStage::Returned);
    let joint = now.stage == ReportStage::Joined && now.joined.is_some_and(|(_, joint)| joint);
    let propose = (now.stage == ReportStage::Confirmed && decided) || (joint && shown.claim.is_none()) || again;
    let button = |path: &str, name: String| {
        html! { a.button href=(at.path(&format!("reports/{number}/{path}"))) { (name) } }
    };
    html! {
        @if let Some(file) = &shown.case {
            p {
                a href=(at.path(&format!("cases/{}", file.number))) { (say!(at, "case-number", number = file.number)) }
                " · " (cases::labels::state(at, file.now.state))
            }
        }
        @if now.stage == ReportStage::Confirmed && now.case.is_none() {
            p { (say!(at, "sheet-waits")) " " a href=(at.path("cases/waiting")) { (say!(at, "waiting-go")) } }
        } @else if now.stage == ReportStage::Confirmed && !decided {
            p.hint { (say!(at, "reward-waits")) }
        }
        @if let Some(file) = &shown.claim { (claim_state(at, file)) }
        @if other { p.warning { (say!(at, "claim-decision-changed-since")) } }
        p.actions {
            @if propose { (button("reward", say!(at, "reward-go"))) }
            @if shown.claim.is_some() { (button("claim", say!(at, "claim-go"))) }
            @if now.stage == ReportStage::Verifying && shown.opened { (button("fact-sheet", say!(at, "sheet-go"))) }
            @if now.stage == ReportStage::Drafted { (button("draft", say!(at, "second-go"))) }
            @if matches!(now.stage, ReportStage::New | ReportStage::Verifying) && shown.opened {
                a.button.second href=(at.path(&format!("reports/{number}/same"))) { (say!(at, "same-go")) }
            }
            @if shown.opened && shown.report.feed.is_none() {
                a.button.second href=(at.path(&format!("reports/{number}/identity"))) { (say!(at, "identity-go")) }
            }
        }
    }
}

fn claim_state(at: &RequestContext, file: &ClaimFile) -> Markup {
    let returned = file.entries.last().and_then(|last| match &last.what {
        ClaimEntry::Returned { note } => Some(note.as_str()),
        _ => None,
    });
    html! {
        p #claim {
            (say!(at, "claim-number", number = file.number)) " · " (rewards::labels::state(at, file.now.state)) " · "
            (say!(at, "award-due", due = Fen(file.now.proposal.award.due_fen).to_string()))
        }
        @if let Some(why) = returned { p.warning { (say!(at, "claim-returned", why = why)) } }
    }
}

/// Codes of the steps that have a form on this page, in the order shown.
const FORMS: [&str; 9] =
    ["vouched", "verify", "given", "not-ours", "known", "not-effective", "not-confirmed", "minor", "reconsidered"];

/// A form for each possible next step that needs no page of its own.
fn steps(at: &RequestContext, number: u64, shown: &ReportHandling, officers: &[String]) -> Markup {
    let possible = shown.handled.now.possible();
    let (me, today) = (at.session().map_or("", |session| session.account.as_str()), at.today());
    let entry = shown.handled.now.by_hand.as_ref();
    let vouches = entry.is_some_and(|entry| entry.by != me && entry.on == today);
    let offered = |code: &&&str| match **code {
        "vouched" => possible.contains(*code) && vouches,
        "given" => possible.contains(*code),
        _ => possible.contains(*code) && shown.opened,
    };
    let tried = at.sent().field("step").unwrap_or_default();
    html! {
        @for code in FORMS.iter().filter(offered) {
            details open[*code == tried] {
                summary { (step_name(at, code)) }
                (at.form(&format!("reports/{number}/handling"), &html! {
                    input type="hidden" name="expected-version" value=(shown.handled.version());
                    input type="hidden" name="step" value=(code);
                    (inputs(at, code, *code == tried, officers))
                    p.actions { button type="submit" { (say!(at, "record-this", what = step_name(at, code))) } }
                }))
            }
        }
    }
}

fn inputs(at: &RequestContext, code: &str, tried: bool, officers: &[String]) -> Markup {
    let note = || fields::text(at, &format!("note-{code}"), TextField::Note, &say!(at, "handling-note"), tried);
    let officers: Vec<(String, String)> = officers.iter().map(|name| (name.clone(), name.clone())).collect();
    match code {
        "vouched" => html! { p.hint { (say!(at, "vouched-hint")) } },
        "given" => fields::choice(at, "to", &say!(at, "given-to"), &officers),
        "known" => html! {
            p.hint { (say!(at, "known-hint")) }
            (fields::line(at, "case", &say!(at, "known-case"), ""))
            (note())
        },
        "minor" => html! { p.hint { (say!(at, "minor-hint")) } (note()) },
        _ => note(),
    }
}

/// The fields of all forms; each kind of step uses some of them.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct StepForm {
    expected_version: u64,
    #[serde(default)]
    step: String,
    #[serde(default)]
    note: Typed,
    /// Account of the officer who is to handle the report.
    #[serde(default)]
    to: String,
    /// Number of the case that the report is known from.
    #[serde(default)]
    case: Typed,
}

/// Records a step. 400 for a form that is wrong or refused by the rules, 409 where the report has changed, is not
/// opened, or is known only from a later case.
pub(crate) async fn take(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let actor = at.officer()?;
    let number = at.number()?;
    let form: StepForm = at.read_form()?;
    let expected_version = form.expected_version;
    let step = match step_of(&at, form) {
        Ok(step) => step,
        Err(problem) => return show(&at, StatusCode::BAD_REQUEST, Some(problem)).await,
    };
    let request = StepRequest { report: number, expected_version, step };
    match blocking(move || take_step(&actor, request)).await? {
        StepTaken::Kept => Ok(see_other(&at.path(&format!("reports/{number}/handling")))),
        StepTaken::Conflict => show(&at, StatusCode::CONFLICT, Some(problem!(at, "handling-conflict"))).await,
        StepTaken::Unopened => show(&at, StatusCode::CONFLICT, Some(problem!(at, "handling-unopened"))).await,
        StepTaken::NoCase => show(&at, StatusCode::BAD_REQUEST, Some(problem!(at, "known-case-unknown"))).await,
        StepTaken::KnownFromLater => show(&at, StatusCode::CONFLICT, Some(problem!(at, "known-from-later"))).await,
        StepTaken::NoOfficer => show(&at, StatusCode::BAD_REQUEST, Some(problem!(at, "given-unknown"))).await,
        StepTaken::Refused(refused) => show(&at, StatusCode::BAD_REQUEST, Some(refused_step(&at, refused))).await,
    }
}

fn step_of(at: &RequestContext, form: StepForm) -> Result<HandlingStep, Problem> {
    let note = String::from(form.note);
    Ok(match form.step.as_str() {
        "vouched" => HandlingStep::Vouched {},
        "given" if form.to.is_empty() => return Err(problem!(at, "given-nobody")),
        "given" => HandlingStep::Given { to: form.to },
        "verify" => HandlingStep::Verify { note, filed: None },
        "not-ours" => HandlingStep::NotOurs { note, filed: None },
        "not-effective" => HandlingStep::NotEffective { note, filed: None },
        "not-confirmed" => HandlingStep::NotConfirmed { note },
        "minor" => HandlingStep::Minor { note },
        "reconsidered" => HandlingStep::Reconsidered { note },
        "known" => {
            let case = form.case.parse().map_err(|_| problem!(at, "known-case-number"))?;
            HandlingStep::Known { case, note, filed: None }
        }
        _ => return Err(problem!(at, "not-understood-text")),
    })
}
