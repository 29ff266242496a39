//! Signing in, and locking the console.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{Method, StatusCode};
use console_services::accounts::Password;
use console_services::accounts::authentication::{SignInAttempt, SignedIn, note_locked};
use console_services::error::ConsoleError;
use maud::html;
use model::Role;
use serde::Deserialize;

use crate::http::form::Typed;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking, session_cookie};
use crate::http::response::{PageError, see_other};
use crate::http::resumed_form::ResumedForm;
use crate::http::words::say;

/// Name of the device cookie of a browser in which somebody has signed in; see `sign_in_limiter`.
const DEVICE: &str = "__Host-device";
/// Lifetime of the device cookie: half a year (180 days), in seconds.
const DEVICE_FOR: i64 = 15_552_000;

/// The sign-in page; redirects to the home page while a session lasts.
pub(crate) async fn page(at: RequestContext) -> HttpResponse {
    if at.maybe_session().is_some() {
        return see_other(&at.path("home"));
    }
    let changed = at.query("changed").map(|_| problem!(at, "sign-in-changed"));
    let ended = at.query("ended").map(|_| problem!(at, "sign-in-ended")).or(changed);
    sign_in_page(&at, StatusCode::OK, ended.as_ref(), None)
}

/// The sign-in page after a session has ended; the form that was sent is carried along, so that its text is not lost.
pub(crate) fn again(at: &RequestContext, written: Option<&ResumedForm>) -> HttpResponse {
    if at.request.method() == Method::GET {
        return see_other(&format!("{}?ended=1", at.path("")));
    }
    let problem = if written.is_some() { problem!(at, "sign-in-draft") } else { problem!(at, "sign-in-ended") };
    sign_in_page(at, StatusCode::UNAUTHORIZED, Some(&problem), written)
}

fn sign_in_page(
    at: &RequestContext,
    status: StatusCode,
    problem: Option<&Problem>,
    written: Option<&ResumedForm>,
) -> HttpResponse {
    let fields = html! {
        @if let Some(written) = written { (written.inputs()) }
        div.field {
            label for="account" { (say!(at, "account")) }
            input #account name="account" type="text" required autofocus autocomplete="username" autocapitalize="off" spellcheck="false";
        }
        div.field {
            label for="password" { (say!(at, "password")) }
            input #password name="password" type="password" required autocomplete="off";
        }
        p.actions { button type="submit" { (say!(at, "sign-in")) } }
    };
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "sign-in-lead")) }
        (at.form("sign-in", &fields))
    };
    at.respond(status, &say!(at, "sign-in-title"), Idle::Stay, &body)
}

#[derive(Deserialize)]
struct SignInForm {
    account: Typed,
    password: String,
}

/// Signs in, and starts an exchange if slots wait for an officer with the post's keys. 401 for a wrong password, a wait
/// or too many sessions.
pub(crate) async fn sign_in(at: RequestContext) -> Result<HttpResponse, PageError> {
    let SignInForm { account, password } = at.read_form()?;
    let name = String::from(account);
    let typed = Password::typed(&password);
    // Hashing waits for its turn: no further copy of the password waits with it.
    drop(password);
    let outcome = match typed {
        Ok(password) => {
            let _turn = at.console().authentication.hashing_turn(at.audience()).await?;
            let (state, audience, device) = (at.state.clone(), at.audience(), at.cookie(DEVICE));
            let attempt = SignInAttempt { audience, name, password, device };
            blocking(move || state.console.authentication.sign_in(&state.console.resources, &attempt)).await?
        }
        Err(_) => SignedIn::Wrong,
    };
    let written = ResumedForm::carried(at.sent());
    let refused = |problem: Problem| Ok(sign_in_page(&at, StatusCode::UNAUTHORIZED, Some(&problem), written.as_ref()));
    match outcome {
        SignedIn::Wrong => refused(problem!(at, "sign-in-wrong")),
        SignedIn::Full => refused(problem!(at, "sign-in-full")),
        SignedIn::Wait(wait) => {
            let seconds = wait.as_secs() + 1;
            refused(problem!(at, "sign-in-wait", seconds = seconds))
        }
        SignedIn::In { session, token, device } => {
            end_session_before(&at).await?;
            let officer = session.roles.contains(&Role::Officer) && session.has_post_keys();
            if officer && at.console().exchange.slots_wait() {
                let (state, session) = (at.state.clone(), Arc::clone(&session));
                actix_web::rt::spawn(async move { state.console.exchange.run(Some(session)).await });
            }
            let mut response = match written {
                Some(written) if written.is_for(&at, &session) => written.page(&at.signed_in(session)),
                _ => see_other(&at.path("home")),
            };
            set_cookie(&mut response, session_cookie(at.audience()), &token, None);
            if let Some(device) = device {
                set_cookie(&mut response, DEVICE, &device, Some(DEVICE_FOR));
            }
            Ok(response)
        }
    }
}

/// Ends the session that this browser had: whoever signs in anew at a desk leaves none behind.
async fn end_session_before(at: &RequestContext) -> Result<(), PageError> {
    let before = at.cookie(session_cookie(at.audience()));
    if let Some(account) = before.and_then(|token| at.console().authentication.sessions.end(&token)) {
        let resources = Arc::clone(&at.console().resources);
        blocking(move || note_locked(&resources, account)).await?;
    }
    Ok(())
}

/// Ends the session and wipes its keys.
pub(crate) async fn lock(at: RequestContext) -> Result<HttpResponse, PageError> {
    let token = at.cookie(session_cookie(at.audience())).ok_or(ConsoleError::NotFound)?;
    let mut response = see_other(&at.path(""));
    set_cookie(&mut response, session_cookie(at.audience()), "", Some(0));
    // The session ends first: nothing slow may keep its keys in memory.
    if let Some(account) = at.console().authentication.sessions.end(&token) {
        let resources = Arc::clone(&at.console().resources);
        blocking(move || note_locked(&resources, account)).await?;
    }
    Ok(response)
}

fn set_cookie(response: &mut HttpResponse, name: &str, value: &str, max_age: Option<i64>) {
    let mut cookie = Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Strict);
    if let Some(seconds) = max_age {
        cookie = cookie.max_age(Duration::seconds(seconds));
    }
    // Name and value are made by the console: both are plain ASCII.
    if let Err(error) = response.add_cookie(&cookie.finish()) {
        tracing::error!(code = "cookie.not-set", "cookie not set: {error}");
    }
}
