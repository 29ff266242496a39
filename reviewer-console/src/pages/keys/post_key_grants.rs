//! Granting the post's keys to a new officer. Only an officer who has the keys can do it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::accounts::administration::accounts;
use console_services::keys::post_key_grants::{grant_post_keys, recipient};
use maud::html;
use model::{Digest, Role};
use register::Account;
use serde::Deserialize;

use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::accounts::labels::grouped;

/// The officers, and for each whether they have the post's keys.
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
                        // The administrator knows the first password, and could open what is sealed to its key.
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

#[derive(Deserialize)]
struct GrantForm {
    account: String,
    /// Digest of the public key that the page showed.
    recipient: Digest,
}

/// Seals the post's keys to the new officer; 409 if the account has changed since the page was shown.
pub(crate) async fn grant(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let GrantForm { account, recipient } = at.read_form()?;
    if blocking(move || grant_post_keys(&actor, &account, recipient)).await? {
        return Ok(see_other(&at.path("officers")));
    }
    show(&at, StatusCode::CONFLICT, Some(problem!(at, "officers-changed"))).await
}
