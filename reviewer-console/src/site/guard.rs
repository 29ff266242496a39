//! The guard before every handler: host, session, role, form token; and after it headers and
//! error pages. It reads the table of routes, so no handler can forget any of this.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse};
use model::Role;
use recorder_protocol::Notice;
use web::headers::{FORM_POLICY, set, set_at_desk};

use super::at::{Admitted, At};
use super::door::Door;
use super::draft::Draft;
use super::form::Form;
use super::routes::{Who, table};
use super::sign_in;
use crate::console::Console;
use crate::fault::Fault;
use crate::sessions::Session;

/// Lets a request through to its handler, or answers it.
pub(crate) async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (Some(console), Some(door)) = (request.app_data::<Data<Console>>().cloned(), request.app_data().copied())
    else {
        return Err(Fault::NotFound.into());
    };
    let mut form = Form::default();
    if request.method() == Method::POST {
        let payload = request.extract::<Payload>().await?;
        let signed_in = session(&console, door, request.request()).is_some();
        form = Form::of(request.request(), payload, signed_in).await;
    }
    let form = Arc::new(form);
    let mut response = match decide(&console, door, request.request(), &form) {
        Decision::Pass(admitted) => {
            // No copy of the request may be held while it is routed.
            request.extensions_mut().insert(admitted.clone());
            let response = next.call(request).await?.map_into_boxed_body();
            let at = At::new(console, response.request().clone(), admitted);
            explain(response, &at)
        }
        Decision::Answer(admitted, answer) => {
            let at = At::new(console, request.request().clone(), admitted);
            let response = match answer {
                Answer::Fault(fault) => at.fault(&fault),
                Answer::Refuse(account) => {
                    // Whoever tries another's door gets an entry; what is not there and what is
                    // not theirs look the same.
                    let told = at.block(|console| Ok(console.recorder.notice(&Notice::Refused { account })?)).await;
                    at.fault(&told.err().unwrap_or(Fault::NotFound))
                }
                Answer::Go(path) => see_other(&at.path(path)),
                Answer::SignIn(draft) => sign_in::again(&at, draft.as_ref()),
                Answer::TooLarge(draft) => draft.too_large(&at),
            };
            request.into_response(response)
        }
    };
    if !response.headers().contains_key(header::CONTENT_DISPOSITION) {
        if door == Door::Finance {
            set_at_desk(response.headers_mut());
        } else {
            set(response.headers_mut(), FORM_POLICY);
        }
    }
    Ok(response)
}

enum Decision {
    Pass(Admitted),
    Answer(Admitted, Answer),
}

enum Answer {
    Fault(Fault),
    /// Not for this account; worth an entry.
    Refuse(String),
    Go(&'static str),
    SignIn(Option<Draft>),
    /// Too much was sent, and something was written with it.
    TooLarge(Draft),
}

fn decide(console: &Console, door: Door, request: &HttpRequest, form: &Arc<Form>) -> Decision {
    let nobody = Admitted { door, session: None, role: None, form: Arc::clone(form) };
    if !is_our_host(console, request) || !is_our_page(request) {
        return Decision::Answer(nobody, Answer::Fault(Fault::NotFound));
    }
    let session = session(console, door, request);
    let pattern = request.match_pattern().unwrap_or_default();
    let rows = table(door);
    let row = rows.iter().find(|row| row.path == pattern && row.method == request.method());
    let admitted = Admitted { door, session: session.clone(), role: None, form: Arc::clone(form) };
    let Some(row) = row else { return Decision::Answer(admitted, Answer::Fault(Fault::NotFound)) };
    if row.who == Who::Anyone {
        return Decision::Pass(admitted);
    }
    let Some(session) = session else {
        return Decision::Answer(admitted, Answer::SignIn(Draft::of(request, form)));
    };
    let Ok(role) = allowed(row.who, &session) else {
        return Decision::Answer(admitted, Answer::Refuse(session.account.clone()));
    };
    if session.must_change && matches!(row.who, Who::Has(_)) {
        return Decision::Answer(admitted, Answer::Go("password"));
    }
    if form.is_too_large() {
        let ours = form.field("csrf").is_some_and(|token| session.is_csrf(token));
        let draft = Draft::of(request, form).filter(|_| ours);
        let answer = draft.map_or(Answer::Fault(Fault::TooLarge), Answer::TooLarge);
        return Decision::Answer(admitted, answer);
    }
    if request.method() == Method::POST && !form.field("csrf").is_some_and(|token| session.is_csrf(token)) {
        return Decision::Answer(admitted, Answer::Fault(Fault::Forged));
    }
    Decision::Pass(Admitted { role, ..admitted })
}

fn session(console: &Console, door: Door, request: &HttpRequest) -> Option<Arc<Session>> {
    let token = cookie(request, door.cookie())?;
    console.sessions.find(&token, door, Instant::now()).ok()
}

fn allowed(who: Who, session: &Session) -> Result<Option<Role>, ()> {
    match who {
        Who::Anyone | Who::SignedIn => Ok(None),
        Who::Has(role) if session.roles.contains(&role) => Ok(Some(role)),
        Who::Has(_) => Err(()),
    }
}

/// A name that is not ours comes from a page elsewhere that made its own name point here.
fn is_our_host(console: &Console, request: &HttpRequest) -> bool {
    let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name) || console.hosts.iter().any(|ours| ours == name)
}

/// What another site's page sends is refused before it is looked at, sign-ins too.
fn is_our_page(request: &HttpRequest) -> bool {
    if request.method() != Method::POST {
        return true;
    }
    let text =
        |headers: &HeaderMap, name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let headers = request.headers();
    // Browsers say it plainly. With our referrer policy their `Origin` is only "null".
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let host = text(headers, "host").unwrap_or_default();
    text(headers, "origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, name)| name == host))
}

/// A cookie by its name.
pub(crate) fn cookie(request: &HttpRequest, name: &str) -> Option<String> {
    let sent = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
}

/// Turns an error into its page, and tells the operator what only the operator can help.
fn explain(response: ServiceResponse<BoxBody>, at: &At) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else { return response };
    let page = match error.as_error::<Fault>() {
        Some(fault) => {
            if fault.is_operators() {
                tracing::error!("a request failed: {}", program::chain(fault));
            }
            at.fault(fault)
        }
        None => at.fault(&Fault::NotUnderstood),
    };
    let request = response.request().clone();
    ServiceResponse::new(request, page)
}

/// On to another page, by GET.
pub(crate) fn see_other(path: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER).insert_header((header::LOCATION, path)).finish()
}
