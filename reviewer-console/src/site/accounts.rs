//! Accounts, for administrators: made, given a new first password, closed. An administrator can
//! neither read nor give anybody the post's keys.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};
use model::Role;
use opening::Password;
use recorder_protocol::{CloseAccount, Deed, MakeAccount, Recorded, ResetAccount};
use register::Account;

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::{fields, say};
use crate::console::Console;
use crate::fault::Fault;
use crate::people::{self, PeopleError};
use crate::roles::conflict;
use crate::sessions::Session;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let accounts = at.block(|console| Ok(console.register.accounts()?)).await?;
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
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

fn line(at: &At, account: &Account) -> Markup {
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

fn button(at: &At, action: &str, account: &Account, label: &str) -> Markup {
    at.form(
        action,
        &html! {
            input type="hidden" name="account" value=(account.name);
            button.second type="submit" { (label) }
        },
    )
}

/// Shows a first password, once.
fn first_password(at: &At, name: &str, password: &Password) -> HttpResponse {
    let body = html! {
        p { (say!(at, "first-password-lead", account = name)) }
        p.key #first-password { (password.expose()) }
        p { (say!(at, "first-password-next")) }
        p.actions { a.button href=(at.path("accounts")) { (say!(at, "go-on")) } }
    };
    at.page(&say!(at, "first-password-title"), &body)
}

/// Makes an account.
pub(crate) async fn make(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let name = at.field("account")?.trim().to_owned();
    let roles: Option<Vec<Role>> = at.sent().all("role").iter().map(|code| Role::of_code(code)).collect();
    let roles = roles.ok_or(Fault::NotUnderstood)?;
    let unit = Some(at.sent().field("unit").unwrap_or_default().trim().to_owned()).filter(|unit| !unit.is_empty());
    let refused = match conflict(&roles) {
        _ if people::check_name(&name).is_err() => Some(say!(at, "accounts-bad-name")),
        _ if roles.is_empty() => Some(say!(at, "accounts-no-role")),
        None if !people::unit_fits(&roles, unit.as_deref()) => Some(say!(at, "accounts-bad-unit")),
        Some((one, other)) => Some(say!(at, "accounts-conflict", one = at.role_name(one), other = at.role_name(other))),
        None => None,
    };
    if let Some(problem) = refused {
        return show(&at, StatusCode::BAD_REQUEST, Some(problem)).await;
    }
    let wanted = name.clone();
    let _turn = at.console.hashing_turn(at.door()).await?;
    let made = at.block(move |console| make_one(console, &session, role, &wanted, (roles, unit))).await?;
    match made {
        Some(password) => Ok(first_password(&at, &name, &password)),
        None => show(&at, StatusCode::CONFLICT, Some(say!(at, "accounts-taken"))).await,
    }
}

fn make_one(
    console: &Console,
    session: &Session,
    role: Role,
    name: &str,
    (roles, unit): (Vec<Role>, Option<String>),
) -> Result<Option<Password>, Fault> {
    if console.register.accounts()?.iter().any(|account| account.name == name) {
        return Ok(None);
    }
    let deed = MakeAccount { account: name.to_owned(), roles, unit: unit.clone().unwrap_or_default() };
    let recorded = recorded(console, session, role, deed)?;
    let (MakeAccount { account, roles, .. }, _) = recorded.use_up();
    let password = Password::generate().map_err(Fault::inside)?;
    let made = people::make(&account, &roles, unit.as_deref(), &password, None).map_err(Fault::inside)?;
    Ok(console.register.make_accounts(&[made])?.is_ok().then_some(password))
}

/// Gives a new first password; the account's keys are new too, and must be confirmed again.
pub(crate) async fn reset(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let name = at.field("account")?.to_owned();
    let wanted = name.clone();
    let _turn = at.console.hashing_turn(at.door()).await?;
    if last_holder(&at, &name).await? {
        return show(&at, StatusCode::CONFLICT, Some(say!(at, "accounts-last-keys"))).await;
    }
    let password = at
        .block(move |console| {
            let before = console.register.account(&wanted)?.ok_or(Fault::NotFound)?;
            let recorded = recorded(console, &session, role, ResetAccount { account: wanted })?;
            let (ResetAccount { account }, _) = recorded.use_up();
            let password = Password::generate().map_err(Fault::inside)?;
            let made = people::make(&account, &before.roles, before.unit.as_deref(), &password, None);
            let made = made.map_err(|error: PeopleError| Fault::inside(error))?;
            let changed = console.register.change_account(&before, &made)?.is_ok();
            // After the change: whoever signs in meanwhile looks again.
            console.sessions.end_all_of(&account);
            Ok(changed.then_some(password))
        })
        .await?;
    match password {
        Some(password) => Ok(first_password(&at, &name, &password)),
        None => show(&at, StatusCode::CONFLICT, Some(say!(at, "accounts-changed"))).await,
    }
}

/// Closes an account: its keys are erased, its sessions end, its name is never used again.
pub(crate) async fn close(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let name = at.field("account")?.to_owned();
    if name == session.account {
        return show(&at, StatusCode::CONFLICT, Some(say!(at, "accounts-own"))).await;
    }
    if last_holder(&at, &name).await? {
        return show(&at, StatusCode::CONFLICT, Some(say!(at, "accounts-last-keys"))).await;
    }
    let closed = at
        .block(move |console| {
            let before = console.register.account(&name)?.ok_or(Fault::NotFound)?;
            let recorded = recorded(console, &session, role, CloseAccount { account: name })?;
            let (CloseAccount { account }, _) = recorded.use_up();
            let erased = Account { closed: true, sealed_key: Vec::new(), post_keys: None, ..before.clone() };
            let closed = console.register.change_account(&before, &Account { verifier: [0; 32], ..erased })?.is_ok();
            console.sessions.end_all_of(&account);
            Ok(closed)
        })
        .await?;
    if closed {
        return Ok(see_other(&at.path("accounts")));
    }
    show(&at, StatusCode::CONFLICT, Some(say!(at, "accounts-changed"))).await
}

/// Whether nobody else holds the post's keys: without this account no letter would ever open.
async fn last_holder(at: &At, name: &str) -> Result<bool, Fault> {
    let accounts = at.block(|console| Ok(console.register.accounts()?)).await?;
    let mut holders = accounts.iter().filter(|account| !account.closed && account.post_keys.is_some());
    Ok(holders.clone().count() == 1 && holders.any(|account| account.name == name))
}

fn recorded<D: Deed>(console: &Console, session: &Session, role: Role, deed: D) -> Result<Recorded<D>, Fault> {
    Ok(console.recorder.connect()?.record(&session.person(role), deed)?.0)
}
