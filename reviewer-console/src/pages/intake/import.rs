//! Clues of patrols, organisations, hotlines and monitoring as a file: either all rows are imported, or none is and
//! the page names every problem.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::reports::{Category, Origin};
use console_services::error::ConsoleError;
use console_services::intake::clue_file::{self, MOST, WrongRows};
use console_services::intake::clues::{ClueProblem, FIELDS};
use console_services::intake::import::{ImportRequest, import_clues};
use console_services::intake::seal::NotSealed;
use console_services::intake::take_clues::CluesTaken;
use maud::{Markup, Render as _, html};
use serde::Deserialize;

use crate::http::fields;
use crate::http::layout::Idle;
use crate::http::problem::problem;
use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::reports::labels::{category, origin_name};

/// An example of a file, shown on the page.
const EXAMPLE: &str = "id,category,party,town,what\n1,covert-discharge,东溪印染,平桥镇,夜间从围墙外管口排放";
/// Wrong rows that the page names, at most.
const NAMED: usize = 100;

/// The form for a file, with an example and the codes.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    Ok(write(&at, StatusCode::OK, &html! {}))
}

fn write(at: &RequestContext, status: StatusCode, problem: &Markup) -> HttpResponse {
    let origins: Vec<(String, String)> =
        Origin::FEEDS.iter().map(|one| (one.code().to_owned(), origin_name(at, one.code()))).collect();
    let codes: Vec<String> =
        Category::ALL.iter().map(|one| format!("{} {}", one.code(), category(at, one.code()))).collect();
    let columns = FIELDS.map(|(name, headings)| format!("{name} {}", headings.first().copied().unwrap_or_default()));
    let body = html! {
        (problem)
        p { (say!(at, "import-lead")) }
        p.hint { (say!(at, "import-columns", columns = columns.join(", "), most = MOST)) }
        p.hint { (say!(at, "import-codes", codes = codes.join(" · "))) }
        p.hint { (say!(at, "import-example")) }
        pre { (EXAMPLE) }
        (at.form_with_files("import", &html! {
            (fields::choice(at, "origin", &say!(at, "origin"), &origins))
            div.field {
                label for="file" { (say!(at, "import-file")) }
                input #file name="file" type="file" accept=".csv,.tsv,.txt,.json,text/csv,text/plain,application/json" required autocomplete="off";
            }
            p.actions {
                button type="submit" { (say!(at, "import-go")) }
                a.button.second href=(at.path("inbox?show=clues")) { (say!(at, "back-to-inbox")) }
            }
        }))
    };
    at.respond(status, &say!(at, "import-title"), Idle::Stay, &body)
}

#[derive(Deserialize)]
struct ImportForm {
    #[serde(default)]
    origin: String,
}

/// Imports a file of clues from one channel.
pub(crate) async fn take(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    if at.is_carried() {
        return Ok(write(&at, StatusCode::OK, &html! {}));
    }
    let origin = Origin::of_code(&at.read_form::<ImportForm>()?.origin).filter(|one| Origin::FEEDS.contains(one));
    let (Some(origin), [file]) = (origin, at.sent().files()) else {
        return Ok(write(&at, StatusCode::BAD_REQUEST, &problem!(at, "import-nothing").render()));
    };
    let found = match clue_file::read(&file.content, origin) {
        Ok(found) => found,
        Err(wrong) => return Ok(write(&at, StatusCode::BAD_REQUEST, &wrong_rows(&at, &wrong))),
    };
    let digest = file.digest.parse().map_err(|_| ConsoleError::NotUnderstood)?;
    let taken = import_clues(actor, ImportRequest { origin, clues: found, digest }).await?;
    match taken {
        Ok(taken) => Ok(done(&at, &taken)),
        Err(NotSealed::NoKeys(_)) => Ok(write(&at, StatusCode::CONFLICT, &problem!(at, "channel-no-keys").render())),
        Err(NotSealed::TooLong(_)) => {
            Ok(write(&at, StatusCode::BAD_REQUEST, &problem!(at, "channel-too-long").render()))
        }
    }
}

fn wrong_rows(at: &RequestContext, wrong: &WrongRows) -> Markup {
    let why = |wrong: &ClueProblem| match wrong {
        ClueProblem::Nobody => say!(at, "import-nobody"),
        ClueProblem::Encoding => say!(at, "import-encoding"),
        ClueProblem::Heading(text) => say!(at, "import-heading", text = text.as_str()),
        ClueProblem::NoRows => say!(at, "import-no-rows"),
        ClueProblem::Empty(field) => say!(at, "import-empty", field = field.to_string()),
        ClueProblem::TooLong(field, most) => {
            say!(at, "bad-too-long", field = field.to_string(), count = most.to_string())
        }
        ClueProblem::Category => say!(at, "import-category"),
        ClueProblem::HeadingTwice(field) => say!(at, "import-heading-twice", field = field.to_string()),
        ClueProblem::NoHeading => say!(at, "import-no-heading"),
        ClueProblem::Json(line) => say!(at, "import-json", line = line.to_string()),
        ClueProblem::NotObject => say!(at, "import-not-object"),
        ClueProblem::NotText(field) => say!(at, "import-not-text", field = field.to_string()),
        ClueProblem::Twice => say!(at, "import-twice"),
        ClueProblem::TooMany => say!(at, "import-too-many", most = MOST),
    };
    html! {
        div.problem #problem role="alert" data-problem="import-wrong" {
            p { (say!(at, "import-wrong", count = wrong.len())) }
            ul {
                @for (row, wrong) in wrong.iter().take(NAMED) {
                    li data-problem=(<&str>::from(wrong)) { @if *row > 0 { (say!(at, "import-row", row = row.to_string())) " " } (why(wrong)) }
                }
            }
        }
    }
}

fn done(at: &RequestContext, taken: &CluesTaken) -> HttpResponse {
    let known = taken.reports.iter().filter(|(_, known)| *known).count();
    let new = taken.reports.len() - known;
    let mut reports: Vec<u64> = taken.reports.iter().filter(|(_, known)| !known).map(|(report, _)| *report).collect();
    reports.sort_unstable();
    reports.dedup();
    let body = html! {
        @if new > 0 { p.state #imported { (say!(at, "import-done", count = new, reports = reports.len())) } }
        @if known > 0 { p { (say!(at, "import-known", count = known)) } }
        p.actions { a.button href=(at.path("inbox?show=clues")) { (say!(at, "inbox-clues")) } }
    };
    at.page(&say!(at, "import-title"), &body)
}
