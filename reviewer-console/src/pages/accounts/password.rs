//! The signed-in account: its password, and the key that the auditor compares.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::accounts::change_password::{PasswordChange, change_password};
use console_services::accounts::{BadPassword, Password, SHORTEST};
use maud::{Markup, html};
use serde::Deserialize;

use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};
use crate::http::words::say;
use crate::pages::accounts::labels::grouped;

/// The account's roles and key, and the form for a new password.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    show(&at, None)
}

fn show(at: &RequestContext, problem: Option<Problem>) -> Result<HttpResponse, PageError> {
    let session = at.session()?;
    let body = html! {
        @if session.must_change { p.warning { (say!(at, "password-must")) } }
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "password-roles", roles = at.role_names(&session.roles))) }
        p { (say!(at, "password-key")) }
        p.key { (grouped(&session.verification_key())) }
        h2 { (say!(at, "password-new-title")) }
        p { (say!(at, "password-lead", count = SHORTEST)) }
        (at.form("password", &html! {
            (field("old", &say!(at, "password-old")))
            (field("new", &say!(at, "password-new")))
            (field("again", &say!(at, "password-again")))
            p.actions { button type="submit" { (say!(at, "password-change")) } }
        }))
    };
    Ok(at.respond(StatusCode::OK, &say!(at, "password-title"), Idle::Leave, &body))
}

fn field(name: &str, label: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="password" required autocomplete="off";
        }
    }
}

#[derive(Deserialize)]
struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

/// Changes the password; all sessions of the account end, this one too.
pub(crate) async fn change(at: RequestContext) -> Result<HttpResponse, PageError> {
    let PasswordForm { old, new, again } = at.read_form()?;
    if again != new {
        return show(&at, Some(problem!(at, "password-differs")));
    }
    if old == new {
        return show(&at, Some(problem!(at, "password-same")));
    }
    let new = match Password::chosen(&new) {
        Ok(new) => new,
        Err(BadPassword::Short) => return show(&at, Some(problem!(at, "password-short", count = SHORTEST))),
        Err(BadPassword::Long) => return show(&at, Some(problem!(at, "password-long"))),
    };
    let Ok(old) = Password::typed(&old) else { return show(&at, Some(problem!(at, "password-wrong"))) };
    let (state, session) = (at.state.clone(), Arc::clone(at.session()?));
    let _turn = at.console().authentication.hashing_turn(at.audience()).await?;
    let changed = blocking(move || {
        let console = &state.console;
        change_password(&console.resources, &console.authentication, &session, &old, &new)
    });
    match changed.await? {
        PasswordChange::Changed => Ok(see_other(&at.path("?changed=1"))),
        PasswordChange::Wait(wait) => {
            let seconds = wait.as_secs() + 1;
            show(&at, Some(problem!(at, "sign-in-wait", seconds = seconds)))
        }
        PasswordChange::Wrong => show(&at, Some(problem!(at, "password-wrong"))),
        PasswordChange::Conflict => show(&at, Some(problem!(at, "password-meanwhile"))),
    }
}
