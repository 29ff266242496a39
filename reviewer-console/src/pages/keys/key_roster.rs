//! Accounts' keys: the auditor confirms whose a key is, and revokes it. Until a key is confirmed the recorder accepts
//! nothing from its account.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::keys::key_roster::{RosterPerson, confirm_key, read_roster, revoke_key};
use maud::{Markup, html};
use register::Account;
use serde::Deserialize;

use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::accounts::labels::grouped;

/// The keys that wait for confirmation, and the roster.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let roster = blocking(move || read_roster(&actor)).await?;
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "keys-lead")) }
        h2 { (say!(at, "keys-waiting")) }
        @if roster.waiting.is_empty() { p.state { (say!(at, "keys-none-waiting")) } }
        ul.reports { @for account in &roster.waiting { li { (waiting_line(at, account)) } } }
        h2 { (say!(at, "keys-confirmed")) }
        ul.reports { @for person in &roster.people { li { (roster_line(at, person)) } } }
    };
    Ok(at.respond(status, &say!(at, "keys-title"), Idle::Leave, &body))
}

fn waiting_line(at: &RequestContext, account: &Account) -> Markup {
    html! {
        strong { (account.name) } " · " (at.role_names(&account.roles))
        p.key { (grouped(&account.verify_with)) }
        @if account.must_change {
            p.hint { (say!(at, "keys-not-yet")) }
        } @else {
            (at.form("keys/confirm", &html! {
                input type="hidden" name="account" value=(account.name);
                input type="hidden" name="key" value=(account.verify_with);
                button.second type="submit" { (say!(at, "keys-confirm")) }
            }))
        }
    }
}

fn roster_line(at: &RequestContext, person: &RosterPerson) -> Markup {
    html! {
        strong { (person.account) } " · " (say!(at, "keys-number", number = person.number)) " · " (at.role_names(&person.roles))
        p.key { (grouped(&String::from(person.key))) }
        @if person.confirmed {
            (at.form("keys/revoke", &html! {
                input type="hidden" name="account" value=(person.account);
                button.second type="submit" { (say!(at, "keys-revoke")) }
            }))
        } @else {
            p.hint { (say!(at, "keys-revoked")) }
        }
    }
}

#[derive(Deserialize)]
struct KeyForm {
    account: String,
    key: String,
}

#[derive(Deserialize)]
struct AccountForm {
    account: String,
}

/// Confirms the key that the auditor has compared; 409 if the account has another key by now, or still
/// its first password.
pub(crate) async fn confirm(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let KeyForm { account: name, key } = at.read_form()?;
    if blocking(move || confirm_key(&actor, &name, &key)).await? {
        return Ok(see_other(&at.path("keys")));
    }
    show(&at, StatusCode::CONFLICT, Some(problem!(at, "keys-changed"))).await
}

/// Revokes a key and ends its account's sessions; 409 for the auditor's own key.
pub(crate) async fn revoke(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, state) = (at.actor()?, at.state.clone());
    let AccountForm { account: name } = at.read_form()?;
    if blocking(move || revoke_key(&actor, &state.console.authentication.sessions, name)).await? {
        return Ok(see_other(&at.path("keys")));
    }
    show(&at, StatusCode::CONFLICT, Some(problem!(at, "keys-own"))).await
}
