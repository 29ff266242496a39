//! Colleagues: an officer hands the post's keys to a new one. Nobody else can.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::accounts::administration::accounts;
use console_services::error::ConsoleError;
use console_services::keys::post_key_grants::{grant_post_keys, recipient};
use maud::html;
use model::{Digest, Role};
use register::Account;

use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::accounts::labels::grouped;

/// The page.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let accounts = blocking(move || accounts(&actor)).await?;
    let officers: Vec<&Account> =
        accounts.iter().filter(|account| !account.closed && account.roles.contains(&Role::Officer)).collect();
    let own = &at.session()?.account;
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "officers-lead")) }
        ul.reports {
            @for account in officers {
                li {
                    strong { (account.name) } " · "
                    @if account.post_keys.is_some() {
                        (say!(at, "officers-has-keys"))
                    } @else if account.name == *own {
                        (say!(at, "officers-own"))
                    } @else if account.must_change {
                        // Whoever knows the first password could open what is sealed to it.
                        (say!(at, "officers-not-yet"))
                    } @else {
                        (say!(at, "officers-waits"))
                        p.key { (grouped(&account.verify_with)) }
                        (at.form("officers/grant", &html! {
                            input type="hidden" name="account" value=(account.name);
                            input type="hidden" name="recipient" value=(recipient(account).to_hex());
                            button.second type="submit" { (say!(at, "officers-grant")) }
                        }))
                    }
                }
            }
        }
    };
    Ok(at.respond(status, &say!(at, "officers-title"), Idle::Leave, &body))
}

/// Hands the keys over.
pub(crate) async fn grant(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let name = at.field("account")?.to_owned();
    let seen: Digest = at.field("recipient")?.parse().map_err(|_| ConsoleError::NotUnderstood)?;
    if blocking(move || grant_post_keys(&actor, &name, seen)).await? {
        return Ok(see_other(&at.path("officers")));
    }
    show(&at, StatusCode::CONFLICT, Some(problem!(at, "officers-changed"))).await
}
