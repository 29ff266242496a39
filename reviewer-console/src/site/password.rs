//! One's own account: the password, and the key that the auditor compares.

use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use maud::{Markup, html};
use opening::Password;
use opening::password::{BadPassword, SHORTEST};
use recorder_protocol::Notice;

use super::at::At;
use super::frame::Idle;
use super::guard::see_other;
use super::say;
use crate::console::Console;
use crate::fault::Fault;
use crate::guessing::From;
use crate::people;
use crate::sessions::Session;

/// The page.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    show(&at, None)
}

fn show(at: &At, problem: Option<String>) -> Result<HttpResponse, Fault> {
    let session = at.session()?;
    let key = String::from(crypto::signature::VerificationKey::of(&session.keys.signing));
    let body = html! {
        @if session.must_change { p.warning { (say!(at, "password-must")) } }
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "password-roles", roles = at.role_names(&session.roles))) }
        p { (say!(at, "password-key")) }
        p.key { (grouped(&key)) }
        h2 { (say!(at, "password-new-title")) }
        p { (say!(at, "password-lead", count = SHORTEST)) }
        (at.form("password", &html! {
            (field("old", &say!(at, "password-old")))
            (field("new", &say!(at, "password-new")))
            (field("again", &say!(at, "password-again")))
            p.actions { button type="submit" { (say!(at, "password-change")) } }
        }))
    };
    Ok(at.respond(actix_web::http::StatusCode::OK, &say!(at, "password-title"), Idle::Leave, &body))
}

fn field(name: &str, label: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="password" required autocomplete="off";
        }
    }
}

/// A key in groups that two people can read to each other.
pub(crate) fn grouped(key: &str) -> String {
    let digits: Vec<char> = key.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Why a password was not changed.
enum NotChanged {
    Wrong,
    Wait(Duration),
    Meanwhile,
}

/// Changes it; all sessions of the account end, this one too.
pub(crate) async fn change(at: At) -> Result<HttpResponse, Fault> {
    let (old, new) = (at.field("old")?.to_owned(), at.field("new")?.to_owned());
    if at.field("again")? != new {
        return show(&at, Some(say!(at, "password-differs")));
    }
    if old == new {
        return show(&at, Some(say!(at, "password-same")));
    }
    let new = match Password::chosen(&new) {
        Ok(new) => new,
        Err(BadPassword::Short) => return show(&at, Some(say!(at, "password-short", count = SHORTEST))),
        Err(BadPassword::Long) => return show(&at, Some(say!(at, "password-long"))),
    };
    let Ok(old) = Password::typed(&old) else { return show(&at, Some(say!(at, "password-wrong"))) };
    let session = std::sync::Arc::clone(at.session()?);
    let _turn = at.console.hashing_turn(at.door()).await?;
    let changed = at.block(move |console| renew(console, &session, &old, &new)).await?;
    match changed {
        Ok(()) => Ok(see_other(&at.path("?changed=1"))),
        Err(NotChanged::Wait(wait)) => {
            let seconds = wait.as_secs() + 1;
            show(&at, Some(say!(at, "sign-in-wait", seconds = seconds)))
        }
        Err(NotChanged::Wrong) => show(&at, Some(say!(at, "password-wrong"))),
        Err(NotChanged::Meanwhile) => show(&at, Some(say!(at, "password-meanwhile"))),
    }
}

fn renew(
    console: &Console,
    session: &Session,
    old: &Password,
    new: &Password,
) -> Result<Result<(), NotChanged>, Fault> {
    let account = console.register.account(&session.account)?.ok_or(Fault::NotFound)?;
    // A desk left unlocked is no place to try passwords at.
    let attempt = match console.guessing.admit(From::Session(&account.name), Instant::now()) {
        Ok(attempt) => attempt,
        Err(wait) => return Ok(Err(NotChanged::Wait(wait))),
    };
    let Some(slot) = people::recognise(&account, old).map_err(Fault::inside)? else {
        console.recorder.notice(&Notice::SignInFailed { account: Some(account.name) })?;
        return Ok(Err(NotChanged::Wrong));
    };
    console.guessing.succeeded(&attempt);
    // From the register, not from the session: the post's keys may have been granted meanwhile.
    let keys = people::open(&account, &slot).map_err(Fault::inside)?;
    let mut renewed = people::with_password(&account, new, &keys.signing, keys.post.as_ref()).map_err(Fault::inside)?;
    renewed.must_change = false;
    console.recorder.notice(&Notice::PasswordChanged { account: account.name.clone() })?;
    if console.register.change_account(&account, &renewed)?.is_err() {
        return Ok(Err(NotChanged::Meanwhile));
    }
    // Every session, this one too: whoever knew the old password must know the new one now.
    console.sessions.end_all_of(&account.name);
    Ok(Ok(()))
}
