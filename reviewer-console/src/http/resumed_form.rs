//! What was being written when a session ended, carried in hidden fields of the sign-in form so that it is not
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
/// The field of the sign-in form that says that files were chosen: these cannot be carried.
const FILES: &str = "draft-files";
/// Lines that somebody looked up and typed. Choices and days alone are quickly made again, and a password is never carried.
const LINES: [&str; 9] =
    ["amount", "counted", "decided-party", "document", "expert", "fine", "responsible", "reviewed-fine", "transfer"];

/// A form that could not be carried out although something was written or chosen: it came without a session, or was too
/// large.
pub(crate) struct ResumedForm {
    /// The path that the form is sent to, without the language.
    path: String,
    fields: Vec<(String, String)>,
    /// Whether files were chosen, which must be chosen again.
    files: bool,
}

impl ResumedForm {
    /// The form of a request; `None` if nothing in it was written or chosen from files.
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
        Self::written(path, form.pairs().filter(|(name, _)| *name != "csrf" && *name != AGAIN), form.lost_files())
    }

    /// The form carried by a sign-in form; `None` if it carries none.
    pub(crate) fn carried(form: &Form) -> Option<Self> {
        let path = form.field("draft-path")?.to_owned();
        let fields = form.pairs().filter_map(|(name, value)| Some((name.strip_prefix(CARRIED)?, value)));
        Self::written(path, fields, form.field(FILES).is_some())
    }

    fn written<'a>(path: String, pairs: impl Iterator<Item = (&'a str, &'a str)>, files: bool) -> Option<Self> {
        let fields: Vec<(String, String)> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let written = |(name, value): &(String, String)| is_written(name) && !value.trim().is_empty();
        (files || fields.iter().any(written)).then_some(Self { path, fields, files })
    }

    /// Hidden fields for the sign-in form.
    pub(crate) fn inputs(&self) -> Markup {
        html! {
            input type="hidden" name="draft-path" value=(self.path);
            @if self.files { input type="hidden" name=(FILES) value="1"; }
            @for (name, value) in &self.fields { input type="hidden" name=(format!("{CARRIED}{name}")) value=(value); }
        }
    }

    /// Whether the session's roles may send a form to this path.
    pub(crate) fn is_for(&self, at: &RequestContext, session: &Session) -> bool {
        (at.state.may_send)(session.audience, &session.roles, &format!("/zh/{}", self.path))
    }

    /// The page with the written text after signing in again, status 200.
    pub(crate) fn page(&self, at: &RequestContext) -> HttpResponse {
        let problem = html! { @if self.files { (problem!(at, "draft-files-again")) } };
        self.show(at, StatusCode::OK, &say!(at, "draft-title"), &problem)
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
            @for (_, text) in written.filter(|(_, text)| !text.trim().is_empty()) {
                article.message { p.plain-text { (text) } }
            }
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

/// Whether this is the name of a field whose content is worth carrying: a text area, or one of [`LINES`].
fn is_written(name: &str) -> bool {
    TextField::of_code(name).is_some() || LINES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::form::Form;
    use actix_web::http::header::CONTENT_TYPE;
    use actix_web::test::TestRequest;

    /// The form that a request without a session leaves, as carried by the sign-in form.
    async fn left(path: &str, kind: &str, body: &str) -> Option<ResumedForm> {
        let (request, mut payload) = TestRequest::post()
            .uri(path)
            .insert_header((CONTENT_TYPE, kind.to_owned()))
            .set_payload(body.to_owned())
            .to_http_parts();
        let payload = <actix_web::web::Payload as actix_web::FromRequest>::from_request(&request, &mut payload);
        let form = Form::of(&request, payload.await.expect("a body"), false).await;
        ResumedForm::of(&request, &form)
    }

    /// B19 of the review: what was typed into lines was lost, and nothing said that files were.
    #[actix_web::test]
    async fn what_was_written_or_chosen_is_kept_and_a_password_never() {
        let url = "application/x-www-form-urlencoded";
        let decided =
            left("/zh/cases/3", url, "csrf=x&kind=decided&document=A-1&fine=8000&decided-on=2026-11-02").await;
        let decided = decided.expect("kept");
        assert_eq!((decided.path.as_str(), decided.fields.len(), decided.files), ("cases/3", 4, false));
        assert!(left("/zh/cases/3", url, "csrf=x&kind=started&document=+&note=").await.is_none());
        assert!(left("/zh/password", url, "csrf=x&password=secret&new=secret").await.is_none());

        let part = |name: &str, more: &str, text: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{text}\r\n")
        };
        let multipart = "multipart/form-data; boundary=x";
        let chosen = part("origin", "", "hotline") + &part("file", "; filename=\"a.csv\"", "a,b") + "--x--\r\n";
        let import = left("/zh/import", multipart, &chosen).await.expect("kept");
        assert!(import.files && import.fields == [("origin".to_owned(), "hotline".to_owned())]);
        let inputs = import.inputs().into_string();
        assert!(inputs.contains("draft-files") && !inputs.contains("a,b"), "{inputs}");
        let large = part("note", "", "") + &part("files", "; filename=\"a.jpg\"", &"a".repeat(300_000)) + "--x--\r\n";
        assert!(left("/zh/cases/3", multipart, &large).await.expect("kept").files, "a file that was cut off");
        let none = part("note", "", "") + &part("files", "; filename=\"\"", "") + "--x--\r\n";
        assert!(left("/zh/cases/3", multipart, &none).await.is_none());
    }
}
