//! Text that was being written when a session ended, carried in hidden fields of the sign-in form so that it is not
//! lost. After sign-in it is shown to an account that may use the page where it was written. It is never carried out
//! without confirmation, because another person may be signed in now.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use console_services::accounts::sessions::Session;
use maud::{Markup, html};

use crate::http::form::{AGAIN, Form, TextField};
use crate::http::layout::Idle;
use crate::http::problem::problem;
use crate::http::request::RequestContext;
use crate::http::words::say;

/// Prefix of the names of carried fields.
const CARRIED: &str = "draft.";

/// A form with written text that could not be carried out: it came without a session, or was too large.
pub(crate) struct ResumedForm {
    /// The path that the form is sent to, without the language.
    path: String,
    fields: Vec<(String, String)>,
}

impl ResumedForm {
    /// The form of a request; `None` if no text field of it has content.
    pub(crate) fn of(request: &HttpRequest, form: &Form) -> Option<Self> {
        let path = request.path().splitn(3, '/').nth(2)?;
        // An answer or a fact sheet that was about to be stored goes back to its editing page.
        let path = match path.rsplit_once('/') {
            Some((sheet, "preview" | "cross")) if sheet.ends_with("/fact-sheet") || sheet == "cases/new" => {
                sheet.to_owned()
            }
            Some((report, "send" | "preview")) => format!("{report}/reply"),
            _ => path.to_owned(),
        };
        Self::written(path, form.pairs().filter(|(name, _)| *name != "csrf" && *name != AGAIN))
    }

    /// The form carried by a sign-in form; `None` if it carries none.
    pub(crate) fn carried(form: &Form) -> Option<Self> {
        let path = form.field("draft-path")?.to_owned();
        Self::written(path, form.pairs().filter_map(|(name, value)| Some((name.strip_prefix(CARRIED)?, value))))
    }

    fn written<'a>(path: String, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let fields: Vec<(String, String)> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let written = |(name, value): &(String, String)| is_written(name) && !value.trim().is_empty();
        fields.iter().any(written).then_some(Self { path, fields })
    }

    /// Hidden fields for the sign-in form.
    pub(crate) fn inputs(&self) -> Markup {
        html! {
            input type="hidden" name="draft-path" value=(self.path);
            @for (name, value) in &self.fields { input type="hidden" name=(format!("{CARRIED}{name}")) value=(value); }
        }
    }

    /// Whether the session's roles may send a form to this path.
    pub(crate) fn is_for(&self, at: &RequestContext, session: &Session) -> bool {
        (at.state.may_send)(session.audience, &session.roles, &format!("/zh/{}", self.path))
    }

    /// The page with the written text after signing in again, status 200.
    pub(crate) fn page(&self, at: &RequestContext) -> HttpResponse {
        self.show(at, StatusCode::OK, &say!(at, "draft-title"), &html! {})
    }

    /// The page with the written text after a form with too large files, status 413.
    pub(crate) fn too_large(&self, at: &RequestContext) -> HttpResponse {
        let problem = html! { (problem!(at, "too-large-kept")) };
        self.show(at, StatusCode::PAYLOAD_TOO_LARGE, &say!(at, "too-large-title"), &problem)
    }

    fn show(&self, at: &RequestContext, status: StatusCode, title: &str, problem: &Markup) -> HttpResponse {
        let written = self.fields.iter().filter(|(name, _)| is_written(name));
        let body = html! {
            (problem)
            @for (_, text) in written { article.message { p.plain-text { (text) } } }
            (at.form(&self.path, &html! {
                @for (name, value) in &self.fields { input type="hidden" name=(name) value=(value); }
                input type="hidden" name=(AGAIN) value="1";
                p.actions {
                    button #go-on type="submit" { (say!(at, "draft-go-on")) }
                    a.button.second href=(at.path("home")) { (say!(at, "draft-drop")) }
                }
            }))
        };
        at.respond(status, title, Idle::Stay, &body)
    }
}

/// Whether this is the name of a text area.
fn is_written(name: &str) -> bool {
    TextField::of_code(name).is_some()
}
