//! Colleagues: an officer hands the post's keys to a new one. Nobody else can.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::html;
use model::{LetterDigest, Role};
use recorder_protocol::{GrantKeys, Recorded};
use register::Account;

use super::at::{At, post_keys};
use super::frame::Idle;
use super::guard::see_other;
use super::password::grouped;
use super::say;
use crate::console::Console;
use crate::fault::Fault;
use crate::people::{self, PeopleError};
use crate::sessions::Session;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, StatusCode::OK, None).await
}

async fn show(at: &At, status: StatusCode, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let accounts = at.block(|console| Ok(console.register.accounts()?)).await?;
    let officers: Vec<&Account> =
        accounts.iter().filter(|account| !account.closed && account.roles.contains(&Role::Officer)).collect();
    let own = &at.session()?.account;
    let body = html! {
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
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

/// Names the recipient that the keys will be sealed to, as the officer saw it.
fn recipient(account: &Account) -> LetterDigest {
    LetterDigest::of(account.recipient.as_bytes())
}

/// Hands the keys over.
pub(crate) async fn grant(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let name = at.field("account")?.to_owned();
    let seen: LetterDigest = at.field("recipient")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let granted = at.block(move |console| hand_over(console, &session, role, &name, seen)).await?;
    if granted {
        return Ok(see_other(&at.path("officers")));
    }
    show(&at, StatusCode::CONFLICT, Some(say!(at, "officers-changed"))).await
}

/// False when the account changed since the officer looked.
fn hand_over(
    console: &Console,
    session: &Arc<Session>,
    role: Role,
    name: &str,
    seen: LetterDigest,
) -> Result<bool, Fault> {
    let account = console.register.account(name)?.ok_or(Fault::NotFound)?;
    let waits = account.post_keys.is_none() && !account.must_change && account.roles.contains(&Role::Officer);
    if !waits || recipient(&account) != seen {
        return Ok(false);
    }
    let deed = GrantKeys { account: account.name.clone(), recipient: seen };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
    seal(recorded, console, &account, session)
}

fn seal(recorded: Recorded<GrantKeys>, console: &Console, account: &Account, session: &Session) -> Result<bool, Fault> {
    let _ = recorded.use_up();
    match people::grant(account, post_keys(session)?) {
        Ok(granted) => Ok(console.register.change_account(account, &granted)?.is_ok()),
        Err(PeopleError::Unbound) => {
            tracing::error!("an account's slot is not signed by its own key: somebody has changed the register");
            Ok(false)
        }
        Err(error) => Err(Fault::inside(error)),
    }
}
