//! The parts of every page: head, navigation, the lock button, and the sentence for every error.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use console_services::accounts::audience::Audience;
use console_services::error::{ConsoleError, RecorderError, Refusal};
use console_services::schedule::Moment;
use maud::{Markup, html};
use model::{Purpose, Role};
use web::layout::{Head, beginning, brand, document};

use crate::http::problem::{Problem, problem};
use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;

/// Seconds after the idle limit at which a page redirects to sign-in; the session has expired by then.
const AFTER: u64 = 2;

/// Number of watermarks on a page: enough for a large screen.
const MARKS: usize = 60;

/// Behaviour of a page without user activity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idle {
    /// Redirects to the sign-in page when the session expires, so that no content stays on the screen.
    Leave,
    /// Stays: somebody may be writing, and the page shows only their own words.
    Stay,
    /// Reloads every three seconds: something is running.
    Again,
}

impl RequestContext {
    /// A page with status 200 that redirects to sign-in when the session expires.
    pub(crate) fn page(&self, title: &str, body: &Markup) -> HttpResponse {
        self.respond(StatusCode::OK, title, Idle::Leave, body)
    }

    /// A page with the given status and idle behaviour.
    pub(crate) fn respond(&self, status: StatusCode, title: &str, idle: Idle, body: &Markup) -> HttpResponse {
        let head = Head {
            title: &format!("{title} · {}", self.site_name()),
            metas: html! {
                @if let Some(refresh) = self.refresh(idle) { meta http-equiv="refresh" content=(refresh); }
            },
            links: html! {
                link rel="stylesheet" href="/static/site.css";
                link rel="stylesheet" href="/static/console.css";
                @if self.audience() == Audience::Finance {
                    script src="/static/desk.js" integrity=(self.state.desk_integrity) crossorigin="anonymous" defer {}
                }
            },
        };
        let demo = self.state.demo.then(|| say!(self, "demo-banner"));
        let body = html! {
            body {
                (beginning(&say!(self, "skip"), demo.as_deref()))
                (self.bar())
                main #content { h1 { (title) } (body) }
                (self.watermark())
            }
        };
        let page = document(self.language, &head, &body);
        HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page.into_string())
    }

    /// Whether the current path is the link's or below it; reports count as below the inbox.
    fn is_within(&self, link: &str) -> bool {
        let (here, link) = (self.request.path(), self.path(link));
        let below = |start: &str| here == start || here.strip_prefix(start).is_some_and(|rest| rest.starts_with('/'));
        below(&link) || (link == self.path("inbox") && below(&self.path("reports")))
    }

    fn site_name(&self) -> String {
        match self.audience() {
            Audience::Post => say!(self, "site-name"),
            Audience::Cases => say!(self, "site-name-cases"),
            Audience::Finance => say!(self, "site-name-finance"),
        }
    }

    fn refresh(&self, idle: Idle) -> Option<String> {
        self.maybe_session()?;
        match idle {
            Idle::Leave => {
                let seconds = self.console().authentication.sessions.idle_seconds() + AFTER;
                Some(format!("{seconds}; url={}?ended=1", self.path("")))
            }
            Idle::Stay => None,
            Idle::Again => Some("3".to_owned()),
        }
    }

    /// Account and time over the whole page, also in print: a photograph of a screen shows whose session it was.
    fn watermark(&self) -> Markup {
        let Some(session) = self.maybe_session() else { return html! {} };
        let mark = format!("{} {}", session.account, Moment::now());
        html! {
            div.watermark aria-hidden="true" { @for _ in 0..MARKS { span { (mark) } } }
        }
    }

    fn bar(&self) -> Markup {
        let other = self.language.other();
        // A page that answers a POST has no link to the other language: its address does not give it again, and content
        // that was typed, opened or shown once would be lost.
        let same = self.request.path().split_once('/').and_then(|(_, rest)| rest.split_once('/'));
        let rest = same.map(|(_, rest)| rest).filter(|_| self.request.method() == actix_web::http::Method::GET);
        html! {
            header.bar {
                div {
                    (brand(&self.path("home"), &self.site_name()))
                    nav aria-label=(say!(self, "nav-label")) {
                        @for (path, name) in self.links() {
                            @let here = self.is_within(path);
                            a href=(self.path(path)) aria-current=[here.then_some("page")] { (name) }
                        }
                        @if let Some(rest) = rest {
                            a href=(format!("/{}/{rest}", other.code())) lang=(other.tag()) { (say!(self, "other-language")) }
                        }
                    }
                    @if let Some(session) = self.maybe_session() {
                        (self.form("lock", &html! {
                            a.who href=(self.path("password")) { (session.account) }
                            button.second type="submit" { (say!(self, "lock-now")) }
                        }))
                    }
                }
            }
        }
    }

    fn links(&self) -> Vec<(&'static str, String)> {
        let Some(session) = self.maybe_session().filter(|session| !session.must_change) else { return Vec::new() };
        let mut links = Vec::new();
        for role in &session.roles {
            match role {
                Role::Officer if self.audience() == Audience::Post => links.extend([
                    ("inbox", say!(self, "nav-inbox")),
                    ("cases", say!(self, "nav-cases")),
                    ("exchange", say!(self, "nav-exchange")),
                    ("officers", say!(self, "nav-officers")),
                ]),
                Role::Approver if self.audience() == Audience::Post => {
                    links.push(("approvals", say!(self, "nav-approvals")));
                }
                Role::CaseUnit if self.audience() == Audience::Cases => links.push(("cases", say!(self, "nav-cases"))),
                Role::Custodian => links.push(("identity", say!(self, "nav-identity"))),
                Role::Finance if self.audience() == Audience::Finance => links.extend([
                    ("desk", say!(self, "nav-desk")),
                    ("payments", say!(self, "nav-payments")),
                    ("budget", say!(self, "nav-budget")),
                    ("help", say!(self, "nav-help")),
                ]),
                Role::Auditor => links.extend([
                    ("log", say!(self, "nav-log")),
                    ("keys", say!(self, "nav-keys")),
                    ("portal", say!(self, "nav-portal")),
                ]),
                Role::Administrator => links.push(("accounts", say!(self, "nav-accounts"))),
                _ => {}
            }
        }
        links
    }

    /// A POST form to a path of this site, with the session's token.
    pub(crate) fn form(&self, action: &str, fields: &Markup) -> Markup {
        self.form_encoded(action, None, fields)
    }

    /// A POST form with files (`multipart/form-data`) to a path of this site, with the session's token.
    pub(crate) fn form_with_files(&self, action: &str, fields: &Markup) -> Markup {
        self.form_encoded(action, Some("multipart/form-data"), fields)
    }

    fn form_encoded(&self, action: &str, encoding: Option<&str>, fields: &Markup) -> Markup {
        html! {
            form method="post" action=(self.path(action)) enctype=[encoding] autocomplete="off" {
                @if let Some(session) = self.maybe_session() {
                    input type="hidden" name="csrf" value=(session.csrf());
                }
                (fields)
            }
        }
    }

    /// The choice of a purpose for an opening: review, verify or answer.
    pub(crate) fn purposes(&self, chosen: Purpose) -> Markup {
        html! {
            div.field {
                label for="purpose" { (say!(self, "purpose")) }
                select #purpose name="purpose" {
                    @for purpose in [Purpose::Review, Purpose::Verify, Purpose::Answer] {
                        option value=(purpose.code()) selected[purpose == chosen] { (self.purpose_name(purpose.code())) }
                    }
                }
                p.hint { (say!(self, "purpose-hint")) }
            }
        }
    }

    /// A purpose's name in the page's language; an unknown code is returned unchanged.
    pub(crate) fn purpose_name(&self, code: &str) -> String {
        match Purpose::of_code(code) {
            Some(Purpose::Review) => say!(self, "purpose-review"),
            Some(Purpose::Verify) => say!(self, "purpose-verify"),
            Some(Purpose::Answer) => say!(self, "purpose-answer"),
            Some(Purpose::Claim) => say!(self, "purpose-claim"),
            Some(Purpose::AskIdentity) => say!(self, "purpose-ask-identity"),
            Some(Purpose::ReadIdentity) => say!(self, "purpose-read-identity"),
            Some(Purpose::OpenIdentity) => say!(self, "purpose-open-identity"),
            None => code.to_owned(),
        }
    }

    /// A role's name in the page's language.
    pub(crate) fn role_name(&self, role: Role) -> String {
        match role {
            Role::Officer => say!(self, "role-officer"),
            Role::Custodian => say!(self, "role-custodian"),
            Role::Approver => say!(self, "role-approver"),
            Role::CaseUnit => say!(self, "role-case-unit"),
            Role::Finance => say!(self, "role-finance"),
            Role::Auditor => say!(self, "role-auditor"),
            Role::Administrator => say!(self, "role-administrator"),
        }
    }

    /// Roles' names in the page's language, separated by " · ".
    pub(crate) fn role_names(&self, roles: &[Role]) -> String {
        roles.iter().map(|role| self.role_name(*role)).collect::<Vec<_>>().join(" · ")
    }

    /// The page for an error: one sentence, and a link to the first page.
    pub(crate) fn error_page(&self, error: &PageError) -> HttpResponse {
        use actix_web::ResponseError as _;
        let (title, text) = match error {
            PageError::Forged => (say!(self, "forged-title"), problem!(self, "forged-text")),
            PageError::TooLarge => (say!(self, "too-large-title"), problem!(self, "too-large-text")),
            PageError::Console(error) => self.error_sentences(error),
        };
        let body = html! {
            (text)
            p.actions { a.button href=(self.path("home")) { (say!(self, "go-on")) } }
        };
        self.respond(error.status_code(), &title, Idle::Leave, &body)
    }

    fn error_sentences(&self, error: &ConsoleError) -> (String, Problem) {
        match (error, self.audience()) {
            (ConsoleError::NotFound, Audience::Post) => {
                (say!(self, "not-found-title"), problem!(self, "not-found-text"))
            }
            (ConsoleError::NotFound, Audience::Cases) => {
                (say!(self, "not-found-title"), problem!(self, "not-found-text-cases"))
            }
            (ConsoleError::NotFound, Audience::Finance) => {
                (say!(self, "not-found-title"), problem!(self, "not-found-text-finance"))
            }
            (ConsoleError::NotUnderstood, _) => {
                (say!(self, "not-understood-title"), problem!(self, "not-understood-text"))
            }
            (ConsoleError::Recorder(error), _) => (say!(self, "recorder-title"), self.recorder_problem(error)),
            (ConsoleError::Register(_), _) => (say!(self, "register-title"), problem!(self, "register-text")),
            (ConsoleError::Enclosure(_), _) => (say!(self, "enclosure-title"), problem!(self, "enclosure-broken")),
            (ConsoleError::NoPostKeys, _) => (say!(self, "no-keys-title"), problem!(self, "no-keys-text")),
            (ConsoleError::Unsound | ConsoleError::Inside(_), _) => {
                (say!(self, "inside-title"), problem!(self, "inside-text"))
            }
        }
    }

    /// The sentence for a recorder error: why nothing was recorded.
    pub(crate) fn recorder_problem(&self, error: &RecorderError) -> Problem {
        match error {
            RecorderError::Refused(Refusal::UnknownKey) => problem!(self, "recorder-unknown-key"),
            RecorderError::Refused(Refusal::UnknownPerson) => problem!(self, "recorder-unknown-person"),
            RecorderError::Refused(Refusal::NotAllowed) => problem!(self, "recorder-not-allowed"),
            RecorderError::Refused(Refusal::WrongTime) => problem!(self, "recorder-wrong-time"),
            RecorderError::Refused(Refusal::NotRecorded) => problem!(self, "recorder-not-recorded"),
            RecorderError::Refused(Refusal::NotErasable) => problem!(self, "recorder-not-erasable"),
            RecorderError::Refused(Refusal::NoKeys) => problem!(self, "recorder-no-keys"),
            RecorderError::Refused(_) => problem!(self, "recorder-refused"),
            RecorderError::Contradiction(_) => problem!(self, "recorder-contradiction"),
            RecorderError::Mismatch => problem!(self, "recorder-mismatch"),
            RecorderError::Connect(_)
            | RecorderError::Machine(_)
            | RecorderError::Frame(_)
            | RecorderError::Random(_) => {
                problem!(self, "recorder-down")
            }
        }
    }
}

/// Path of the first page in the navigation; `home` for a role without one here, the sign-in page without a session.
pub(crate) fn first_page(at: &RequestContext) -> String {
    let first = at.links().first().map(|(path, _)| (*path).to_owned());
    first.unwrap_or_else(|| if at.maybe_session().is_some() { "home".to_owned() } else { String::new() })
}
