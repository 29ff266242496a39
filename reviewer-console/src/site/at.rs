//! What a handler knows of its request: language, session, role, form.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::{self as routing, Data};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use i18n_embed::fluent::FluentLanguageLoader;
use model::{Purpose, Role};
use opening::PostKeys;
use web::language::Language;

use super::door::Door;
use super::fields::ONCE;
use super::form::Form;
use crate::console::Console;
use crate::fault::Fault;
use crate::sessions::Session;

/// Put into the request by the guard.
#[derive(Clone)]
pub(crate) struct Admitted {
    pub(crate) door: Door,
    pub(crate) session: Option<Arc<Session>>,
    pub(crate) role: Option<Role>,
    pub(crate) form: Arc<Form>,
}

/// A request, as handlers see it.
pub(crate) struct At {
    pub(crate) console: Data<Console>,
    pub(crate) language: Language,
    pub(crate) request: HttpRequest,
    admitted: Admitted,
}

impl FromRequest for At {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let admitted = request.extensions().get::<Admitted>().cloned();
        let console = request.app_data::<Data<Console>>().cloned();
        let language = Language::of_path(request.path());
        // Both are always there: the guard runs before every handler.
        ready(match (admitted, console) {
            (Some(admitted), Some(console)) => Ok(Self { console, language, request: request.clone(), admitted }),
            _ => Err(Fault::NotFound.into()),
        })
    }
}

impl At {
    pub(crate) fn new(console: Data<Console>, request: HttpRequest, admitted: Admitted) -> Self {
        let language = Language::of_path(request.path());
        Self { console, language, request, admitted }
    }

    /// The same request as somebody who has just signed in.
    pub(crate) fn signed_in(&self, session: Arc<Session>) -> Self {
        let admitted = Admitted { session: Some(session), ..self.admitted.clone() };
        Self::new(self.console.clone(), self.request.clone(), admitted)
    }

    pub(crate) fn words(&self) -> &FluentLanguageLoader {
        self.console.words.of(self.language)
    }

    /// The listener that the request came through.
    pub(crate) fn door(&self) -> Door {
        self.admitted.door
    }

    /// The session, if there is one.
    pub(crate) fn maybe_session(&self) -> Option<&Arc<Session>> {
        self.admitted.session.as_ref()
    }

    /// The session; the guard has made sure that there is one where it is needed.
    pub(crate) fn session(&self) -> Result<&Arc<Session>, Fault> {
        self.admitted.session.as_ref().ok_or(Fault::NotFound)
    }

    /// The session of an officer who holds the post's keys.
    pub(crate) fn officer(&self) -> Result<(Arc<Session>, Role), Fault> {
        let session = self.session()?;
        if session.keys.post.is_none() {
            return Err(Fault::NoPostKeys);
        }
        Ok((Arc::clone(session), self.role()?))
    }

    /// The role that the route is for.
    pub(crate) fn role(&self) -> Result<Role, Fault> {
        self.admitted.role.ok_or(Fault::NotFound)
    }

    pub(crate) fn sent(&self) -> &Form {
        &self.admitted.form
    }

    /// A field that must be there.
    pub(crate) fn field(&self, name: &str) -> Result<&str, Fault> {
        self.sent().field(name).ok_or(Fault::NotUnderstood)
    }

    /// Whether a form with a number of its own was not sent before in this session.
    pub(crate) fn is_first_time(&self) -> bool {
        let number = self.sent().field(ONCE).filter(|number| !number.is_empty());
        match (number, self.maybe_session()) {
            (Some(number), Some(session)) => session.is_first(number),
            _ => true,
        }
    }

    /// The purpose that an officer chose.
    pub(crate) fn purpose(&self) -> Result<Purpose, Fault> {
        let purpose = Purpose::of_code(self.field("purpose")?);
        let chosen = [Purpose::Review, Purpose::Verify, Purpose::Answer];
        purpose.filter(|purpose| chosen.contains(purpose)).ok_or(Fault::NotUnderstood)
    }

    /// The report's number in the path.
    pub(crate) fn number(&self) -> Result<u64, Fault> {
        self.request.match_info().get("number").and_then(|number| number.parse().ok()).ok_or(Fault::NotFound)
    }

    /// A field of the address.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let found = form_urlencoded::parse(self.request.query_string().as_bytes()).find(|(field, _)| field == name);
        found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
    }

    /// A path of this site in the page's language.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.language.code())
    }

    /// Does something that blocks, with the console and nothing of the request.
    pub(crate) async fn block<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Console) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let console = self.console.clone();
        routing::block(move || work(&console)).await.map_err(Fault::inside)?
    }
}

/// The post's keys of a session that was checked to have them.
pub(crate) fn post_keys(session: &Session) -> Result<&PostKeys, Fault> {
    session.keys.post.as_ref().ok_or(Fault::NoPostKeys)
}
