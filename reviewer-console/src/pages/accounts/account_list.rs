//! Accounts, for administrators: creating, resetting and closing them. An administrator can neither read the post's
//! keys nor give them to anybody.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::accounts::Password;
use console_services::accounts::administration::{
    self, AccountChanged, AccountMade, NewAccount, close_account, make_account, reset_account,
};
use maud::{Markup, html};
use model::Role;
use register::Account;
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::Typed;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;

/// All accounts, and the form for a new one.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &RequestContext, status: StatusCode, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let accounts = blocking(move || administration::accounts(&actor)).await?;
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        ul.reports { @for account in &accounts { li { (line(at, account)) } } }
        h2 { (say!(at, "accounts-new")) }
        (at.form("accounts/make", &html! {
            div.field {
                label for="account" { (say!(at, "account")) }
                input #account name="account" type="text" required maxlength="32" autocomplete="off" spellcheck="false" autocapitalize="off";
                p.hint { (say!(at, "accounts-name-hint")) }
            }
            (fields::optional_line(at, "unit", &say!(at, "accounts-unit"), &say!(at, "accounts-unit-hint")))
            fieldset.field {
                legend { (say!(at, "accounts-roles")) }
                @for role in Role::ALL {
                    label.check {
                        input type="checkbox" name="role" value=(role.code());
                        " " (at.role_name(*role))
                    }
                }
                p.hint { (say!(at, "accounts-roles-hint")) }
            }
            p.actions { button type="submit" { (say!(at, "accounts-make")) } }
        }))
    };
    Ok(at.respond(status, &say!(at, "accounts-title"), Idle::Leave, &body))
}

fn line(at: &RequestContext, account: &Account) -> Markup {
    html! {
        strong { (account.name) } " · " (at.role_names(&account.roles))
        @if let Some(unit) = &account.unit { " · " (unit) }
        @if account.closed {
            p.hint { (say!(at, "accounts-closed")) }
        } @else {
            @if account.must_change { p.hint { (say!(at, "accounts-first-password")) } }
            details {
                summary { (say!(at, "accounts-change")) }
                p.hint { (say!(at, "accounts-reset-hint")) }
                (button(at, "accounts/reset", account, &say!(at, "accounts-reset")))
                p.hint { (say!(at, "accounts-close-hint")) }
                (button(at, "accounts/close", account, &say!(at, "accounts-close")))
            }
        }
    }
}

fn button(at: &RequestContext, action: &str, account: &Account, label: &str) -> Markup {
    at.form(
        action,
        &html! {
            input type="hidden" name="account" value=(account.name);
            button.second type="submit" { (label) }
        },
    )
}

/// Shows a first password; it is shown only this once.
fn first_password(at: &RequestContext, name: &str, password: &Password) -> HttpResponse {
    let body = html! {
        p { (say!(at, "first-password-lead", account = name)) }
        p.key #first-password { (password.expose()) }
        p { (say!(at, "first-password-next")) }
        p.actions { a.button href=(at.path("accounts")) { (say!(at, "go-on")) } }
    };
    at.page(&say!(at, "first-password-title"), &body)
}

#[derive(Deserialize)]
struct NewAccountForm {
    account: Typed,
    #[serde(default)]
    role: Vec<Role>,
    #[serde(default)]
    unit: Typed,
}

#[derive(Deserialize)]
struct AccountForm {
    account: String,
}

/// Creates an account and shows its first password. 400 for a bad name or unit, no role, or roles that conflict; 409
/// for a name that is taken.
pub(crate) async fn make(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let form: NewAccountForm = at.read_form()?;
    let name = String::from(form.account);
    let unit = Some(String::from(form.unit)).filter(|unit| !unit.is_empty());
    let new = NewAccount { name: name.clone(), roles: form.role, unit };
    let _turn = at.console().authentication.hashing_turn(at.audience()).await?;
    let (status, problem) = match blocking(move || make_account(&actor, new)).await? {
        AccountMade::Made(password) => return Ok(first_password(&at, &name, &password)),
        AccountMade::BadName => (StatusCode::BAD_REQUEST, problem!(at, "accounts-bad-name")),
        AccountMade::NoRole => (StatusCode::BAD_REQUEST, problem!(at, "accounts-no-role")),
        AccountMade::BadUnit => (StatusCode::BAD_REQUEST, problem!(at, "accounts-bad-unit")),
        AccountMade::Conflict(one, other) => {
            let problem = problem!(at, "accounts-conflict", one = at.role_name(one), other = at.role_name(other));
            (StatusCode::BAD_REQUEST, problem)
        }
        AccountMade::Taken => (StatusCode::CONFLICT, problem!(at, "accounts-taken")),
    };
    show(&at, status, Some(problem)).await
}

/// Gives a new first password; the account's keys are new too, and must be confirmed again.
pub(crate) async fn reset(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, state) = (at.actor()?, at.state.clone());
    let AccountForm { account: name } = at.read_form()?;
    let wanted = name.clone();
    let _turn = at.console().authentication.hashing_turn(at.audience()).await?;
    match blocking(move || reset_account(&actor, &state.console.authentication.sessions, wanted)).await? {
        AccountChanged::Changed(password) => Ok(first_password(&at, &name, &password)),
        other => refused(&at, &other).await,
    }
}

/// Closes an account: its keys are erased, its sessions end, and its name is never used again.
pub(crate) async fn close(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, state) = (at.actor()?, at.state.clone());
    let AccountForm { account: name } = at.read_form()?;
    match blocking(move || close_account(&actor, &state.console.authentication.sessions, name)).await? {
        AccountChanged::Changed(()) => Ok(see_other(&at.path("accounts"))),
        other => refused(&at, &other).await,
    }
}

async fn refused<T>(at: &RequestContext, why: &AccountChanged<T>) -> Result<HttpResponse, PageError> {
    let problem = match why {
        AccountChanged::Own => problem!(at, "accounts-own"),
        AccountChanged::LastKeys => problem!(at, "accounts-last-keys"),
        AccountChanged::Changed(_) | AccountChanged::Conflict => problem!(at, "accounts-changed"),
    };
    show(at, StatusCode::CONFLICT, Some(problem)).await
}
