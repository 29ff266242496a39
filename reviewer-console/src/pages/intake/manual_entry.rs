//! What somebody tells by telephone, on paper or in person: an officer enters it, it is sealed like
//! any letter, and whoever told it gets a receipt code like any reporter.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::reports::{Category, Naming, Ongoing, Origin, ReporterKind, RewardWish};
use console_services::intake::manual_entry::{EnteredReport, ManualEntry, enter_report, keys_for_entry};
use console_services::intake::seal::NotSealed;
use crypto::keys::words::WordList;
use crypto::letters::letter::Report;
use maud::{Markup, html};
use web::language::Language;

use crate::http::fields;
use crate::http::form::TextField;
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::reports::labels::{category, origin_name};

/// Characters of one field: what fits a page of notes.
const TEXT: usize = 2000;

/// The form.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    Ok(write(&at, StatusCode::OK, None))
}

fn write(at: &RequestContext, status: StatusCode, problem: Option<&Problem>) -> HttpResponse {
    let named = |codes: Vec<(&'static str, String)>| -> Vec<(String, String)> {
        codes.into_iter().map(|(code, name)| (code.to_owned(), name)).collect()
    };
    let origins = named(Origin::BY_HAND.iter().map(|one| (one.code(), origin_name(at, one.code()))).collect());
    let categories = named(Category::ALL.iter().map(|one| (one.code(), category(at, one.code()))).collect());
    let towns: Vec<(String, String)> = at.rules().towns().iter().map(|town| (town.clone(), town.clone())).collect();
    let reporters = named(vec![
        (ReporterKind::Public.code(), say!(at, "reporter-public")),
        (ReporterKind::Insider.code(), say!(at, "reporter-insider")),
        (ReporterKind::Organisation.code(), say!(at, "reporter-organisation")),
    ]);
    let yes_no = |third: (&'static str, String)| {
        named(vec![("yes", say!(at, "answer-yes")), ("no", say!(at, "answer-no")), third])
    };
    let body = html! {
        @if let Some(problem) = problem { (problem) }
        p { (say!(at, "by-hand-lead")) }
        (at.form("enter", &html! {
            (fields::once())
            (fields::choice(at, "origin", &say!(at, "origin"), &origins))
            (fields::choice(at, "category", &say!(at, "field-category"), &categories))
            p.warning { (say!(at, "by-hand-name")) }
            (fields::text(at, "what", TextField::What, &say!(at, "field-what"), true))
            (fields::optional_line(at, "party", &say!(at, "field-party"), ""))
            (fields::optional_line(at, "address", &say!(at, "field-address"), ""))
            (fields::optional_choice(at, "town", &say!(at, "field-town"), &towns))
            (fields::optional_line(at, "when", &say!(at, "field-when"), ""))
            (fields::optional_choice(at, "ongoing", &say!(at, "field-ongoing"), &yes_no((Ongoing::Unknown.code(), say!(at, "answer-unknown")))))
            (fields::text(at, "knowledge", TextField::Knowledge, &say!(at, "field-knowledge"), true))
            (fields::text(at, "evidence", TextField::Evidence, &say!(at, "field-evidence"), true))
            (fields::optional_choice(at, "reporter", &say!(at, "field-reporter"), &reporters))
            (fields::text(at, "danger", TextField::Danger, &say!(at, "field-danger"), true))
            (fields::optional_choice(at, "reward", &say!(at, "field-reward"), &yes_no((RewardWish::Later.code(), say!(at, "answer-later")))))
            p.actions {
                button type="submit" { (say!(at, "by-hand-seal")) }
                a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
            }
        }))
    };
    at.respond(status, &say!(at, "by-hand-title"), Idle::Stay, &body)
}

/// What was typed; or why it is no report, in words.
fn typed(at: &RequestContext) -> Result<(Origin, Report), Problem> {
    let typed = |name: &str| at.typed(name);
    let or =
        |name: &str, otherwise: &str| Some(typed(name)).filter(|code| !code.is_empty()).unwrap_or(otherwise.to_owned());
    let empty = |field: String| problem!(at, "bad-empty", field = field);
    let origin = Origin::of_code(&typed("origin")).filter(|origin| Origin::BY_HAND.contains(origin));
    let origin = origin.ok_or_else(|| empty(say!(at, "origin")))?;
    let category = Category::of_code(&typed("category")).ok_or_else(|| problem!(at, "bad-category"))?;
    if typed("what").is_empty() {
        return Err(empty(say!(at, "field-what")));
    }
    let names = ["what", "party", "address", "town", "when", "knowledge", "evidence", "danger"];
    if names.iter().any(|name| typed(name).chars().count() > TEXT) {
        return Err(problem!(at, "bad-too-long", field = say!(at, "field-what"), count = TEXT));
    }
    let report = Report {
        category: category.code().to_owned(),
        party: typed("party"),
        address: typed("address"),
        town: typed("town"),
        what: typed("what"),
        when: typed("when"),
        ongoing: or("ongoing", Ongoing::Unknown.code()),
        knowledge: typed("knowledge"),
        evidence: typed("evidence"),
        reporter: or("reporter", ReporterKind::Public.code()),
        elsewhere: String::new(),
        danger: typed("danger"),
        reward: or("reward", RewardWish::Later.code()),
        // A name would need the custodian's envelope; whoever wants to be named writes it with the code.
        naming: Naming::Anonymous.code().to_owned(),
        origin: origin.code().to_owned(),
    };
    Ok((origin, report))
}

/// Seals it and takes it in; shows the receipt code, this once.
pub(crate) async fn enter(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return Ok(write(&at, StatusCode::OK, None));
    }
    let actor = at.officer()?;
    let (origin, report) = match typed(&at) {
        Ok(typed) => typed,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, Some(&problem))),
    };
    let keys = match keys_for_entry(&actor).await? {
        Ok(keys) => keys,
        Err(not) => return Ok(not_sealed(&at, &not)),
    };
    if !at.is_first_time() {
        return Ok(write(&at, StatusCode::CONFLICT, Some(&problem!(at, "sent-before"))));
    }
    match enter_report(actor, ManualEntry { origin, report }, keys).await? {
        Ok(entered) => Ok(entered_page(&at, &entered)),
        Err(not) => Ok(not_sealed(&at, &not)),
    }
}

/// The receipt code, this once; and the report's number, unless taking it in has failed.
fn entered_page(at: &RequestContext, entered: &EnteredReport) -> HttpResponse {
    let EnteredReport { code, number } = entered;
    let [here, other] = match at.language {
        Language::Chinese => [WordList::Chinese, WordList::English],
        Language::English => [WordList::English, WordList::Chinese],
    };
    let words = |list, shown: &str| -> Markup {
        let words = code.words(list);
        // Chinese words are one character each and stand without spaces: fours are read out best.
        let parts: Vec<String> = if list == WordList::Chinese {
            let characters: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
            characters.chunks(4).map(|four| four.iter().collect()).collect()
        } else {
            words.split_whitespace().map(str::to_owned).collect()
        };
        let class = if list == here { "code" } else { "plain-text" };
        html! { p class=(class) id=(shown) { @for part in parts { span { (part) } " " } } }
    };
    let body = html! {
        @match *number {
            Some(number) => p.state { (say!(at, "by-hand-done", number = number)) },
            None => p.warning { (say!(at, "by-hand-waits")) },
        }
        p { (say!(at, "by-hand-code")) }
        (words(here, "code"))
        p.hint { (say!(at, "by-hand-other")) }
        (words(other, "code-other"))
        p.warning { (say!(at, "by-hand-once")) }
        @if number.is_some() { p { (say!(at, "vouched-hint")) } }
        p.actions {
            @if let Some(number) = *number {
                a.button href=(at.path(&format!("reports/{number}"))) { (say!(at, "report-number", number = number)) }
            }
            a.button.second href=(at.path("inbox")) { (say!(at, "back-to-inbox")) }
        }
    };
    at.respond(StatusCode::OK, &say!(at, "by-hand-title"), Idle::Leave, &body)
}

fn not_sealed(at: &RequestContext, not: &NotSealed) -> HttpResponse {
    let problem = match not {
        NotSealed::NoKeys(_) => problem!(at, "channel-no-keys"),
        NotSealed::TooLong(_) => problem!(at, "channel-too-long"),
    };
    write(at, StatusCode::CONFLICT, Some(&problem))
}
