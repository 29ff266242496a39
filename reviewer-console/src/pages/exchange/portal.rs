//! The portal as the auditor sees it: how far the bundles are, and confirming that it was made anew or restored.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::exchange::bundle_status::{accept_portal, bundle_status};
use maud::html;
use serde::Deserialize;

use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::exchange::fragments::status;

#[derive(Deserialize)]
struct AcceptForm {
    epoch: String,
}

/// How far the bundles are; a button if the portal has another epoch.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, code: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let found = blocking(move || bundle_status(&actor)).await?;
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "portal-lead")) }
        @if let Some(epoch) = &found.proposed {
            section.card #new-epoch {
                h2 { (say!(at, "portal-new")) }
                p { (say!(at, "portal-new-text")) }
                p.key { (epoch) }
                (at.form("portal", &html! {
                    input type="hidden" name="epoch" value=(epoch);
                    button type="submit" { (say!(at, "portal-accept")) }
                }))
            }
        }
        (status(at, &found))
        dl {
            dt { (say!(at, "portal-epoch")) }
            dd.key { (found.portal_epoch.as_deref().unwrap_or("—")) }
            dt { (say!(at, "portal-own-epoch")) }
            dd.key { (found.epoch) }
        }
        p.hint { (say!(at, "portal-own-hint")) }
    };
    Ok(at.respond(code, &say!(at, "portal-title"), Idle::Leave, &body))
}

/// Confirms the portal's new epoch.
pub(crate) async fn accept(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, AcceptForm { epoch }) = (at.actor()?, at.read_form()?);
    if blocking(move || accept_portal(&actor, &epoch)).await? {
        return Ok(see_other(&at.path("portal")));
    }
    show(&at, StatusCode::CONFLICT, Some(problem!(at, "portal-other"))).await
}
