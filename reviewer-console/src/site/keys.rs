//! Keys: the auditor confirms whose they are, and ends them. Until then the recorder takes
//! nothing from an account.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use crypto::signature::VerificationKey;
use maud::{Markup, html};
use model::Role;
use recorder_protocol::{ConfirmKey, Granted, ReadRoster, RevokeKey, RosterLine};
use register::Account;

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::password::grouped;
use super::say;
use crate::console::Console;
use crate::fault::Fault;
use crate::sessions::Session;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let (roster, accounts) = at
        .block(move |console| {
            let (recorded, granted) =
                console.recorder.connect_to_audit()?.record(&session.person(role), ReadRoster {})?;
            let _ = recorded.use_up();
            let Granted::Roster { people } = granted else {
                return Err(recorder_protocol::ClientError::Mismatch.into());
            };
            Ok((people, console.register.accounts()?))
        })
        .await?;
    let waiting: Vec<&Account> = accounts.iter().filter(|account| waits(account, &roster)).collect();
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "keys-lead")) }
        h2 { (say!(at, "keys-waiting")) }
        @if waiting.is_empty() { p.state { (say!(at, "keys-none-waiting")) } }
        ul.reports { @for account in &waiting { li { (waiting_line(at, account)) } } }
        h2 { (say!(at, "keys-confirmed")) }
        ul.reports { @for person in &roster { li { (roster_line(at, person)) } } }
    };
    Ok(at.respond(status, &say!(at, "keys-title"), Idle::Leave, &body))
}

/// An open account whose key, or whose roles, the recorder does not know.
fn waits(account: &Account, roster: &[RosterLine]) -> bool {
    let known = roster.iter().any(|person| {
        person.confirmed
            && person.account == account.name
            && person.roles == account.roles
            && String::from(person.key) == account.verify_with
    });
    !account.closed && !known
}

fn waiting_line(at: &At, account: &Account) -> Markup {
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

fn roster_line(at: &At, person: &RosterLine) -> Markup {
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

/// Confirms the key that the auditor has compared.
pub(crate) async fn confirm(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let (name, key) = (at.field("account")?.to_owned(), at.field("key")?.to_owned());
    let same = at.block(move |console| confirm_same(console, &session, role, &name, &key)).await?;
    if same {
        return Ok(see_other(&at.path("keys")));
    }
    show(&at, StatusCode::CONFLICT, Some(say!(at, "keys-changed"))).await
}

/// False when the account has another key by now than the one that was compared, or still its
/// first password.
fn confirm_same(console: &Console, session: &Session, role: Role, name: &str, key: &str) -> Result<bool, Fault> {
    let account = console.register.account(name)?.ok_or(Fault::NotFound)?;
    if account.verify_with != key || account.must_change {
        return Ok(false);
    }
    let key = VerificationKey::try_from(account.verify_with).map_err(Fault::inside)?;
    let deed = ConfirmKey { account: account.name, roles: account.roles, key };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    let _ = recorded.use_up();
    Ok(true)
}

/// Ends a key; its sessions end too.
pub(crate) async fn revoke(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let name = at.field("account")?.to_owned();
    if name == session.account {
        return show(&at, StatusCode::CONFLICT, Some(say!(at, "keys-own"))).await;
    }
    at.block(move |console| {
        let deed = RevokeKey { account: name.clone() };
        let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
        let _ = recorded.use_up();
        console.sessions.end_all_of(&name);
        Ok(())
    })
    .await?;
    Ok(see_other(&at.path("keys")))
}
