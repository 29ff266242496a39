//! Checks host, session, role and form token before every handler, and sets headers and error pages after it. The
//! checks come from the table of routes, so no handler can omit them.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::web::{Data, Payload};
use actix_web::{Error, HttpMessage as _, HttpRequest};
use console_services::accounts::audience::Audience;
use console_services::accounts::authentication::note_refused;
use console_services::accounts::sessions::Session;
use console_services::error::ConsoleError;
use model::Role;
use web::headers::{FORM_POLICY, set, set_at_desk};

use crate::http::app_state::AppState;
use crate::http::form::Form;
use crate::http::request::{Admittance, RequestContext, blocking, cookie, session_cookie};
use crate::http::response::{PageError, see_other};
use crate::http::resumed_form::ResumedForm;
use crate::http::routes::{RouteAccess, table};
use crate::pages::accounts::sign_in;

/// Passes a request to its handler, or answers it.
pub(crate) async fn admit(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (Some(state), Some(audience)) = (request.app_data::<Data<AppState>>().cloned(), request.app_data().copied())
    else {
        return Err(PageError::from(ConsoleError::NotFound).into());
    };
    let mut form = Form::default();
    if request.method() == Method::POST {
        let payload = request.extract::<Payload>().await?;
        let signed_in = session(&state, audience, request.request()).is_some();
        form = Form::of(request.request(), payload, signed_in).await;
    }
    let form = Arc::new(form);
    let mut response = match decide(&state, audience, request.request(), &form) {
        Decision::Pass(admitted) => {
            // No copy of the request may be held while it is routed.
            request.extensions_mut().insert(admitted.clone());
            let response = next.call(request).await?.map_into_boxed_body();
            let at = RequestContext::new(state, response.request().clone(), admitted);
            explain(response, &at)
        }
        Decision::Answer(admitted, answer) => {
            let at = RequestContext::new(state, request.request().clone(), admitted);
            let response = match answer {
                Answer::Error(error) => at.error_page(&error),
                Answer::Refuse(account) => {
                    // A refused request gets an entry in the log. The answer is "not found", as for a missing page, so
                    // that it does not show which pages exist.
                    let resources = Arc::clone(&at.console().resources);
                    let told = blocking(move || note_refused(&resources, account)).await;
                    at.error_page(&told.err().unwrap_or(ConsoleError::NotFound.into()))
                }
                Answer::Go(path) => see_other(&at.path(path)),
                Answer::SignIn(written) => sign_in::again(&at, written.as_ref()),
                Answer::TooLarge(written) => written.too_large(&at),
            };
            request.into_response(response)
        }
    };
    if !response.headers().contains_key(header::CONTENT_DISPOSITION) {
        if audience == Audience::Finance {
            set_at_desk(response.headers_mut());
        } else {
            set(response.headers_mut(), FORM_POLICY);
        }
    }
    Ok(response)
}

enum Decision {
    Pass(Admittance),
    Answer(Admittance, Answer),
}

enum Answer {
    Error(PageError),
    /// The route is not for this account; the refusal is recorded.
    Refuse(String),
    Go(&'static str),
    SignIn(Option<ResumedForm>),
    /// The form was too large, and has written text.
    TooLarge(ResumedForm),
}

fn decide(state: &AppState, audience: Audience, request: &HttpRequest, form: &Arc<Form>) -> Decision {
    let nobody = Admittance { audience, session: None, role: None, form: Arc::clone(form) };
    if !is_our_host(state, request) || !is_our_page(request) {
        return Decision::Answer(nobody, Answer::Error(ConsoleError::NotFound.into()));
    }
    let session = session(state, audience, request);
    let pattern = request.match_pattern().unwrap_or_default();
    let rows = table(audience);
    let row = rows.iter().find(|row| row.path == pattern && row.method == request.method());
    let admitted = Admittance { audience, session: session.clone(), role: None, form: Arc::clone(form) };
    let Some(row) = row else { return Decision::Answer(admitted, Answer::Error(ConsoleError::NotFound.into())) };
    if row.who == RouteAccess::Anyone {
        return Decision::Pass(admitted);
    }
    let Some(session) = session else {
        return Decision::Answer(admitted, Answer::SignIn(ResumedForm::of(request, form)));
    };
    let Ok(role) = allowed(row.who, &session) else {
        return Decision::Answer(admitted, Answer::Refuse(session.account.clone()));
    };
    if session.must_change && matches!(row.who, RouteAccess::Has(_)) {
        return Decision::Answer(admitted, Answer::Go("password"));
    }
    if form.is_too_large() {
        let ours = form.field("csrf").is_some_and(|token| session.is_csrf(token));
        let written = ResumedForm::of(request, form).filter(|_| ours);
        let answer = written.map_or(Answer::Error(PageError::TooLarge), Answer::TooLarge);
        return Decision::Answer(admitted, answer);
    }
    if request.method() == Method::POST && !form.field("csrf").is_some_and(|token| session.is_csrf(token)) {
        return Decision::Answer(admitted, Answer::Error(PageError::Forged));
    }
    Decision::Pass(Admittance { role, ..admitted })
}

fn session(state: &AppState, audience: Audience, request: &HttpRequest) -> Option<Arc<Session>> {
    let token = cookie(request, session_cookie(audience))?;
    state.console.authentication.sessions.find(&token, audience, Instant::now()).ok()
}

fn allowed(who: RouteAccess, session: &Session) -> Result<Option<Role>, ()> {
    match who {
        RouteAccess::Anyone | RouteAccess::SignedIn => Ok(None),
        RouteAccess::Has(role) if session.roles.contains(&role) => Ok(Some(role)),
        RouteAccess::Has(_) => Err(()),
    }
}

/// Rejects foreign host names: with DNS rebinding, another site's name resolves to this machine.
fn is_our_host(state: &AppState, request: &HttpRequest) -> bool {
    let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name) || state.hosts.iter().any(|ours| ours == name)
}

/// Rejects forms of another site's page before they are read, sign-ins too.
fn is_our_page(request: &HttpRequest) -> bool {
    if request.method() != Method::POST {
        return true;
    }
    let text =
        |headers: &HeaderMap, name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let headers = request.headers();
    // Browsers state the site here. With our referrer policy their `Origin` is only "null".
    if let Some(site) = text(headers, "sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let host = text(headers, "host").unwrap_or_default();
    text(headers, "origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, name)| name == host))
}

/// Turns an error into its page, and logs the errors that only the operator can fix.
fn explain(response: ServiceResponse<BoxBody>, at: &RequestContext) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else { return response };
    let page = match error.as_error::<PageError>() {
        Some(error) => {
            if error.is_operators() {
                tracing::error!(code = "request.failed", "request failed: {}", program::chain(error));
            }
            at.error_page(error)
        }
        None => at.error_page(&ConsoleError::NotUnderstood.into()),
    };
    let request = response.request().clone();
    ServiceResponse::new(request, page)
}
