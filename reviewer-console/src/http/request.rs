//! The request as handlers get it: language, session, role, form.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::{self as routing, Data};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use console_services::accounts::audience::Audience;
use console_services::accounts::sessions::Session;
use console_services::actor::Actor;
use console_services::console::Console;
use console_services::error::ConsoleError;
use console_services::rules::Rules;
use i18n_embed::fluent::FluentLanguageLoader;
use model::{Day, Purpose, Role};
use serde::de::DeserializeOwned;
use web::language::Language;

use crate::http::app_state::AppState;
use crate::http::form::{AGAIN, Form, ONCE};
use crate::http::response::PageError;

/// Session, role and form of a request, inserted into it by the middleware.
#[derive(Clone)]
pub(crate) struct Admittance {
    pub(crate) audience: Audience,
    pub(crate) session: Option<Arc<Session>>,
    pub(crate) role: Option<Role>,
    pub(crate) form: Arc<Form>,
}

/// A request with the state and the admittance that handlers need.
pub(crate) struct RequestContext {
    pub(crate) state: Data<AppState>,
    pub(crate) language: Language,
    pub(crate) request: HttpRequest,
    admitted: Admittance,
}

impl FromRequest for RequestContext {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let admitted = request.extensions().get::<Admittance>().cloned();
        let state = request.app_data::<Data<AppState>>().cloned();
        let language = Language::of_path(request.path());
        // Both are always there: the middleware runs before every handler.
        ready(match (admitted, state) {
            (Some(admitted), Some(state)) => Ok(Self { state, language, request: request.clone(), admitted }),
            _ => Err(PageError::from(ConsoleError::NotFound).into()),
        })
    }
}

impl RequestContext {
    pub(crate) fn new(state: Data<AppState>, request: HttpRequest, admitted: Admittance) -> Self {
        let language = Language::of_path(request.path());
        Self { state, language, request, admitted }
    }

    /// This request with the session of an account that has just signed in.
    pub(crate) fn signed_in(&self, session: Arc<Session>) -> Self {
        let admitted = Admittance { session: Some(session), ..self.admitted.clone() };
        Self::new(self.state.clone(), self.request.clone(), admitted)
    }

    pub(crate) fn words(&self) -> &FluentLanguageLoader {
        self.state.words.of(self.language)
    }

    /// The sentence with the key `KIND-CODE`; `None` where the language has none.
    pub(crate) fn coded(&self, kind: &str, code: &str) -> Option<String> {
        let key = format!("{kind}-{code}");
        self.words().has(&key).then(|| self.words().get(&key))
    }

    /// The console, shared by all requests.
    pub(crate) fn console(&self) -> &Console {
        &self.state.console
    }

    /// The installation's rules.
    pub(crate) fn rules(&self) -> &Rules {
        self.console().resources.rules()
    }

    /// The current day in Asia/Shanghai.
    pub(crate) fn today(&self) -> Day {
        self.console().resources.clock.today()
    }

    /// The audience of the listener that received the request.
    pub(crate) fn audience(&self) -> Audience {
        self.admitted.audience
    }

    /// The session; `None` where nobody is signed in.
    pub(crate) fn maybe_session(&self) -> Option<&Arc<Session>> {
        self.admitted.session.as_ref()
    }

    /// The session; "not found" without one, which the middleware rules out on routes that need it.
    pub(crate) fn session(&self) -> Result<&Arc<Session>, PageError> {
        Ok(self.admitted.session.as_ref().ok_or(ConsoleError::NotFound)?)
    }

    /// The signed-in account, acting in the role that the route requires; "not found" on a route without a role.
    pub(crate) fn actor(&self) -> Result<Actor, PageError> {
        let role = self.admitted.role.ok_or(ConsoleError::NotFound)?;
        Ok(Actor::new(Arc::clone(&self.console().resources), Arc::clone(self.session()?), role))
    }

    /// The actor, if the session holds the post's keys; otherwise `NoPostKeys`.
    pub(crate) fn officer(&self) -> Result<Actor, PageError> {
        if !self.session()?.has_post_keys() {
            return Err(ConsoleError::NoPostKeys.into());
        }
        self.actor()
    }

    pub(crate) fn sent(&self) -> &Form {
        &self.admitted.form
    }

    /// The submitted form as its struct; `NotUnderstood` where a field is missing or not of its type.
    pub(crate) fn read_form<T: DeserializeOwned>(&self) -> Result<T, PageError> {
        Ok(self.sent().read().map_err(|_| ConsoleError::NotUnderstood)?)
    }

    /// Whether a form's number is new in this session; true for a form without a number.
    pub(crate) fn is_first_time(&self) -> bool {
        let number = self.sent().field(ONCE).filter(|number| !number.is_empty());
        match (number, self.maybe_session()) {
            (Some(number), Some(session)) => session.is_first(number),
            _ => true,
        }
    }

    /// Whether the form was carried over from an ended session: it is only displayed again, with the typed text.
    pub(crate) fn is_carried(&self) -> bool {
        self.sent().field(AGAIN).is_some()
    }

    /// A cookie by its name.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        cookie(&self.request, name)
    }

    /// The purpose that an officer chose for an opening: review, verify or answer; otherwise `NotUnderstood`.
    pub(crate) fn purpose(&self) -> Result<Purpose, PageError> {
        let purpose = self.sent().field("purpose").and_then(Purpose::of_code);
        let chosen = [Purpose::Review, Purpose::Verify, Purpose::Answer];
        Ok(purpose.filter(|purpose| chosen.contains(purpose)).ok_or(ConsoleError::NotUnderstood)?)
    }

    /// The `number` in the path; "not found" if it is missing or not a number.
    pub(crate) fn number(&self) -> Result<u64, PageError> {
        let number = self.request.match_info().get("number").and_then(|number| number.parse().ok());
        Ok(number.ok_or(ConsoleError::NotFound)?)
    }

    /// A field of the query string; `None` if it is missing or empty.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let found = form_urlencoded::parse(self.request.query_string().as_bytes()).find(|(field, _)| field == name);
        found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
    }

    /// A path of this site in the page's language.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.language.code())
    }
}

/// Runs work on the blocking threads; it borrows nothing from the request.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ConsoleError> + Send + 'static,
) -> Result<T, PageError> {
    Ok(routing::block(work).await.map_err(PageError::inside)??)
}

/// A cookie of a request by its name.
pub(crate) fn cookie(request: &HttpRequest, name: &str) -> Option<String> {
    request.cookie(name).map(|cookie| cookie.value().to_owned())
}

/// Name of the session cookie. `__Host-` limits it to this host, this path and secure contexts, which include loopback.
/// Each audience has its own name, because cookies are shared between ports.
pub(crate) fn session_cookie(audience: Audience) -> &'static str {
    match audience {
        Audience::Post => "__Host-session",
        Audience::Cases => "__Host-case-session",
        Audience::Finance => "__Host-finance-session",
    }
}
