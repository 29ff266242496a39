//! What somebody had written when their session ended: it must not be lost. It travels through
//! the sign-in form and leads back to the page where it was written, for whoever may use that page.
//! It never does anything by itself: somebody else may be signed in now.

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use model::Role;

use super::at::At;
use super::door::Door;
use super::form::Form;
use super::frame::Idle;
use super::routes::{Who, table};
use super::say;

/// Fields that people write into; a form without any of them is soon filled in again.
const WRITTEN: &[&str] = &[
    "text",
    "note",
    "found",
    "measures",
    "standard",
    "grounds",
    "publication",
    "what",
    "knowledge",
    "evidence",
    "danger",
];
/// What the names of carried fields begin with.
const CARRIED: &str = "draft.";

/// A form with this field is only shown again, with what was typed.
const AGAIN: &str = "again";

impl At {
    /// Whether the form was carried over from a session that ended.
    pub(crate) fn is_carried(&self) -> bool {
        self.sent().field(AGAIN).is_some()
    }
}

/// A form that was sent without a session.
pub(crate) struct Draft {
    /// Where it goes, after the language.
    path: String,
    fields: Vec<(String, String)>,
}

impl Draft {
    /// What a request carries, if somebody wrote it.
    pub(crate) fn of(request: &HttpRequest, form: &Form) -> Option<Self> {
        let path = request.path().splitn(3, '/').nth(2)?;
        // An answer or a fact sheet that was about to be kept is looked at once more.
        let path = match path.rsplit_once('/') {
            Some((sheet, "preview" | "cross")) if sheet.ends_with("/fact-sheet") || sheet == "cases/new" => {
                sheet.to_owned()
            }
            Some((report, "send" | "preview")) => format!("{report}/reply"),
            _ => path.to_owned(),
        };
        Self::written(path, form.pairs().filter(|(name, _)| *name != "csrf" && *name != AGAIN))
    }

    /// What a sign-in form carries.
    pub(crate) fn carried(form: &Form) -> Option<Self> {
        let path = form.field("draft-path")?.to_owned();
        Self::written(path, form.pairs().filter_map(|(name, value)| Some((name.strip_prefix(CARRIED)?, value))))
    }

    fn written<'a>(path: String, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let fields: Vec<(String, String)> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let written = |(name, value): &(String, String)| WRITTEN.contains(&name.as_str()) && !value.trim().is_empty();
        fields.iter().any(written).then_some(Self { path, fields })
    }

    /// Hidden fields for the sign-in form.
    pub(crate) fn inputs(&self) -> Markup {
        html! {
            input type="hidden" name="draft-path" value=(self.path);
            @for (name, value) in &self.fields { input type="hidden" name=(format!("{CARRIED}{name}")) value=(value); }
        }
    }

    /// Whether somebody with these roles may send it on.
    pub(crate) fn is_for(&self, door: Door, roles: &[Role]) -> bool {
        let path = format!("/zh/{}", self.path);
        table(door).iter().any(|row| {
            let theirs = matches!(row.who, Who::Has(role) if roles.contains(&role));
            theirs && row.method == Method::POST && ResourceDef::new(row.path).is_match(&path)
        })
    }

    /// The page after signing in again.
    pub(crate) fn page(&self, at: &At) -> HttpResponse {
        self.show(at, StatusCode::OK, &say!(at, "draft-title"), &html! {})
    }

    /// The page after more was sent than is taken: files are large, and what was written beside them is not
    /// lost with them.
    pub(crate) fn too_large(&self, at: &At) -> HttpResponse {
        let problem = html! { p.problem #problem role="alert" { (say!(at, "too-large-kept")) } };
        self.show(at, StatusCode::PAYLOAD_TOO_LARGE, &say!(at, "too-large-title"), &problem)
    }

    fn show(&self, at: &At, status: StatusCode, title: &str, problem: &Markup) -> HttpResponse {
        let written = self.fields.iter().filter(|(name, _)| WRITTEN.contains(&name.as_str()));
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
