//! A second pair of eyes on a fact sheet whose reporter is an insider: another officer, who has opened
//! the report too, lets it cross or asks for another one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::triage::{Handling, Stage, Step};
use maud::html;
use register::Together;

use super::at::At;
use super::fact_sheet::{Crossed, cross_one, crossed_page, group, held_against, repeats, said};
use super::frame::Idle;
use super::guard::see_other;
use super::handling_words::stage;
use super::{cases, fields, handling, say};
use crate::fault::Fault;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let reading = std::sync::Arc::clone(&session);
    let shown = at.block(move |console| handling::read(console, &reading, role, number)).await?;
    let Handling { draft, stage: now, .. } = &shown.handled.now;
    let (title, back) = (say!(at, "second-title", number = number), format!("reports/{number}/handling"));
    let Some((sheet, urgent, by)) = draft.as_ref().filter(|_| *now == Stage::Drafted) else {
        let body = html! {
            p.problem #problem role="alert" {
                (say!(at, "handling-out-of-order", stage = stage(at, now.code())))
            }
            p.actions { a.button href=(at.path(&back)) { (say!(at, "back-to-handling")) } }
        };
        return Ok(at.respond(StatusCode::CONFLICT, &title, Idle::Leave, &body));
    };
    let against = match said(at, &session, &group(&shown)) {
        Ok((said, _)) => Ok(held_against(at, sheet, said).await?),
        Err(why) => Err(why),
    };
    let own = *by == session.account;
    let hidden = html! { input type="hidden" name="seen" value=(shown.handled.seen()); };
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "second-lead", account = by.as_str())) }
        article.message { (cases::sheet(at, sheet)) }
        @if *urgent { p { strong { (say!(at, "sheet-urgent-yes")) } } }
        @match &against {
            Ok(repeated) => (repeats(at, repeated)),
            Err(why) => p.warning { (why) },
        }
        @if own { p.warning { (say!(at, "second-own")) } }
        @if !own && against.is_ok() {
            (at.form(&format!("reports/{number}/draft"), &html! {
                (hidden)
                input type="hidden" name="step" value="crossed";
                (fields::check(at, "looked", &say!(at, "sheet-looked")))
                p.actions { button type="submit" { (say!(at, "sheet-cross")) } }
            }))
        }
        details open[at.sent().field("step") == Some("redraft")] {
            summary { (say!(at, "second-return")) }
            (at.form(&format!("reports/{number}/draft"), &html! {
                (hidden)
                input type="hidden" name="step" value="redraft";
                (fields::text(at, "note", "note", &say!(at, "second-why"), true))
                p.actions { button.second type="submit" { (say!(at, "second-return")) } }
            }))
        }
        p.actions { a.button.second href=(at.path(&back)) { (say!(at, "back-to-handling")) } }
    };
    Ok(at.respond(status, &title, Idle::Leave, &body))
}

/// Lets it cross, or sends it back.
pub(crate) async fn decide(at: At) -> Result<HttpResponse, Fault> {
    if at.is_carried() {
        return show(&at, StatusCode::OK, None).await;
    }
    let (session, role) = at.officer()?;
    let number = at.number()?;
    let seen: u64 = at.field("seen")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let crosses = at.field("step")? == "crossed";
    if crosses {
        let (reader, asks) = (std::sync::Arc::clone(&session), role);
        let shown = at.block(move |console| handling::read(console, &reader, asks, number)).await?;
        if let Err(problem) = said(&at, &session, &group(&shown)) {
            return show(&at, StatusCode::CONFLICT, Some(problem)).await;
        }
        if at.sent().field("looked").is_none() {
            return show(&at, StatusCode::BAD_REQUEST, Some(say!(at, "sheet-look"))).await;
        }
    }
    let note = at.sent().field("note").unwrap_or_default().trim().replace("\r\n", "\n");
    let step = if crosses { Step::Crossed {} } else { Step::Redraft { note } };
    let done = at
        .block(move |console| {
            let shown = handling::read(console, &session, role, number)?;
            let entered = handling::entered(console, &session, step);
            // Without a draft there is nothing that this step could let across.
            if shown.handled.seen() != seen || shown.handled.now.stage != Stage::Drafted {
                return Ok(Ok(Crossed::Conflict));
            }
            if let Err(refused) = shown.handled.now.clone().after(&entered) {
                return Ok(Err(refused));
            }
            let draft = shown.handled.now.draft.clone();
            if let (true, Some((sheet, urgent, _))) = (crosses, draft) {
                let step = Some((number, seen, entered.what));
                return Ok(Ok(cross_one(console, &session, role, step, (sheet, urgent))?));
            }
            let steps = vec![handling::permit(console, &session, role, &shown, &entered)?];
            let kept = console.register.take(Together { steps, ..Together::default() })?;
            Ok(Ok(if kept.is_ok() { Crossed::Drafted } else { Crossed::Conflict }))
        })
        .await?;
    match done {
        Ok(Crossed::Conflict) => show(&at, StatusCode::CONFLICT, Some(say!(at, "handling-conflict"))).await,
        Ok(Crossed::Drafted) => Ok(see_other(&at.path(&format!("reports/{number}/handling")))),
        Ok(how) => Ok(crossed_page(&at, Some(number), &how)),
        Err(refused) => show(&at, StatusCode::BAD_REQUEST, Some(handling::problem(&at, refused))).await,
    }
}
