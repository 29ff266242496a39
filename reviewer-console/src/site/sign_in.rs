//! Signing in, locking, and where each role's day begins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderValue, SET_COOKIE};
use actix_web::http::{Method, StatusCode};
use maud::{Markup, html};
use model::Role;
use opening::Password;
use recorder_protocol::Notice;
use register::Account;

use super::at::At;
use super::door::Door;
use super::draft::Draft;
use super::frame::{Idle, rest_of_role};
use super::guard::{cookie, see_other};
use super::say;
use crate::console::Console;
use crate::fault::Fault;
use crate::guessing::{From, hash, new_device};
use crate::people::{self, Keys};
use crate::sessions::Session;

/// Remembers a desk from which somebody has signed in; see `guessing`.
const DEVICE: &str = "__Host-device";
/// Half a year, in seconds.
const DEVICE_FOR: u32 = 15_552_000;

/// `/` leads to Chinese; the other language is one link away.
pub(crate) async fn start() -> HttpResponse {
    see_other("/zh/")
}

/// `/zh` and `/en` without their slash.
pub(crate) async fn slash(at: At) -> HttpResponse {
    see_other(&at.path(""))
}

/// Style and picture.
pub(crate) async fn file(at: At) -> Result<HttpResponse, Fault> {
    at.console.files.respond(&at.request).ok_or(Fault::NotFound)
}

/// The sign-in page.
pub(crate) async fn page(at: At) -> HttpResponse {
    if at.maybe_session().is_some() {
        return see_other(&at.path("home"));
    }
    let changed = at.query("changed").map(|_| say!(at, "sign-in-changed"));
    let ended = at.query("ended").map(|_| say!(at, "sign-in-ended")).or(changed);
    sign_in_page(&at, StatusCode::OK, ended.as_deref(), None)
}

/// The sign-in page for somebody whose session is over; what they had written comes along.
pub(crate) fn again(at: &At, draft: Option<&Draft>) -> HttpResponse {
    if at.request.method() == Method::GET {
        return see_other(&format!("{}?ended=1", at.path("")));
    }
    let problem = if draft.is_some() { say!(at, "sign-in-draft") } else { say!(at, "sign-in-ended") };
    sign_in_page(at, StatusCode::UNAUTHORIZED, Some(&problem), draft)
}

fn sign_in_page(at: &At, status: StatusCode, problem: Option<&str>, draft: Option<&Draft>) -> HttpResponse {
    let fields = html! {
        @if let Some(draft) = draft { (draft.inputs()) }
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
        @if let Some(problem) = problem { p.problem #problem role="alert" { (problem) } }
        p { (say!(at, "sign-in-lead")) }
        (at.form("sign-in", &fields))
    };
    at.respond(status, &say!(at, "sign-in-title"), Idle::Stay, &body)
}

/// How an attempt to sign in ended.
enum Outcome {
    In { session: Arc<Session>, token: String, device: Option<String> },
    Wrong,
    Wait(Duration),
    Full,
}

/// Signs in.
pub(crate) async fn sign_in(at: At) -> Result<HttpResponse, Fault> {
    let name = at.field("account")?.trim().to_owned();
    let typed = Password::typed(at.field("password")?);
    let device = cookie(&at.request, DEVICE);
    let outcome = match typed {
        Ok(password) => {
            let _turn = at.console.hashing_turn(at.door()).await?;
            let door = at.door();
            at.block(move |console| attempt(console, door, &name, &password, device.as_deref())).await?
        }
        Err(_) => Outcome::Wrong,
    };
    let draft = Draft::carried(at.sent());
    let refused = |problem: String| Ok(sign_in_page(&at, StatusCode::UNAUTHORIZED, Some(&problem), draft.as_ref()));
    match outcome {
        Outcome::Wrong => refused(say!(at, "sign-in-wrong")),
        Outcome::Full => refused(say!(at, "sign-in-full")),
        Outcome::Wait(wait) => {
            let seconds = wait.as_secs() + 1;
            refused(say!(at, "sign-in-wait", seconds = seconds))
        }
        Outcome::In { session, token, device } => {
            let officer = session.roles.contains(&Role::Officer) && session.keys.post.is_some();
            if officer && at.console.slots_wait() {
                let (console, session) = (at.console.clone(), Arc::clone(&session));
                actix_web::rt::spawn(async move { console.exchange(Some(session)).await });
            }
            let mut response = match draft {
                Some(draft) if draft.is_for(at.door(), &session.roles) => draft.page(&at.signed_in(session)),
                _ => see_other(&at.path("home")),
            };
            set_cookie(&mut response, at.door().cookie(), &token, None);
            if let Some(device) = device {
                set_cookie(&mut response, DEVICE, &device, Some(DEVICE_FOR));
            }
            Ok(response)
        }
    }
}

/// Checks a password. The failure is an entry before it is an answer; so is the success.
fn attempt(
    console: &Console,
    door: Door,
    name: &str,
    password: &Password,
    device: Option<&str>,
) -> Result<Outcome, Fault> {
    let now = Instant::now();
    let account = console.register.account(name)?;
    let desk = match (&account, device.map(hash)) {
        (Some(account), Some(hash)) if console.register.is_device(hash, &account.name)? => Some(hash),
        _ => None,
    };
    let from = match (&account, desk) {
        (Some(_), Some(hash)) => From::Desk(hash),
        (Some(account), None) => From::Anywhere(&account.name),
        (None, _) => From::Nobody,
    };
    let admitted = match console.guessing.admit(from, now) {
        Ok(admitted) => admitted,
        Err(wait) => return Ok(Outcome::Wait(wait)),
    };
    let keys = match &account {
        Some(account) => opened(console, account, password)?,
        None => people::pretend(password).map(|()| None).map_err(Fault::inside)?,
    };
    let (Some(account), Some(keys)) = (&account, keys) else {
        // A name that is nobody's is not kept: people type passwords into the wrong field.
        let known = account.map(|account| account.name);
        console.recorder.notice(&Notice::SignInFailed { account: known })?;
        return Ok(Outcome::Wrong);
    };
    // Whether the password was right is not told at the wrong door.
    if !door.admits(&account.roles) {
        console.recorder.notice(&Notice::Refused { account: account.name.clone() })?;
        return Ok(Outcome::Wrong);
    }
    console.guessing.succeeded(&admitted);
    console.recorder.notice(&Notice::SignedIn { account: account.name.clone() })?;
    let Ok((token, session)) = console.sessions.open(account, door, keys, now) else {
        return Ok(Outcome::Full);
    };
    // Closed, reset or changed while the password was being checked: that session must not stay.
    if console.register.account(name)?.is_none_or(|after| after.verifier != account.verifier) {
        console.sessions.end_all_of(&account.name);
        return Ok(Outcome::Wrong);
    }
    let device = match (desk, new_device()) {
        (None, Some((device, hash))) => {
            console.register.remember_device(hash, &account.name)?;
            Some(device.as_str().to_owned())
        }
        _ => None,
    };
    Ok(Outcome::In { session, token: token.as_str().to_owned(), device })
}

/// The keys of an account, if the password is right. Post's keys that are not those that the root
/// has signed for were put there by somebody else, and are not used.
fn opened(console: &Console, account: &Account, password: &Password) -> Result<Option<Keys>, Fault> {
    let Some(slot) = people::recognise(account, password).map_err(Fault::inside)? else { return Ok(None) };
    let mut keys = people::open(account, &slot).map_err(Fault::inside)?;
    if keys.post.as_ref().is_some_and(|post| post.statement.public() != console.statement_key) {
        tracing::error!("the post's keys of an account are not those that the root has signed for; they are not used");
        keys.post = None;
    }
    Ok(Some(keys))
}

/// Locks: the session ends, its keys are wiped.
pub(crate) async fn lock(at: At) -> Result<HttpResponse, Fault> {
    let token = cookie(&at.request, at.door().cookie()).ok_or(Fault::NotFound)?;
    let ended = at.console.sessions.end(&token);
    let mut response = see_other(&at.path(""));
    set_cookie(&mut response, at.door().cookie(), "", Some(0));
    if let Some(account) = ended {
        at.block(move |console| Ok(console.recorder.notice(&Notice::SignedOut { account, by_itself: false })?)).await?;
    }
    Ok(response)
}

/// The first page of somebody's role; for roles that later versions serve, a word about that.
pub(crate) async fn home(at: At) -> Result<HttpResponse, Fault> {
    if at.session()?.must_change {
        return Ok(see_other(&at.path("password")));
    }
    let first = rest_of_role(&at);
    if first != "home" {
        return Ok(see_other(&at.path(&first)));
    }
    let body: Markup = html! { p { (say!(at, "home-nothing", roles = at.role_names(&at.session()?.roles))) } };
    Ok(at.page(&say!(at, "home-title"), &body))
}

fn set_cookie(response: &mut HttpResponse, name: &str, value: &str, max_age: Option<u32>) {
    let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict{age}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
