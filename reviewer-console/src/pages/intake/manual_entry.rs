//! Reports by telephone, on paper or in person: an officer enters the report, it is sealed like any letter, and the
//! reporter gets a receipt code.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use casework::reports::{Category, Naming, Ongoing, Origin, ReporterKind, RewardWish};
use console_services::intake::manual_entry::{EnteredReport, ManualEntry, enter_report, keys_for_entry};
use console_services::intake::seal::NotSealed;
use crypto::keys::words::WordList;
use crypto::letters::letter::Report;
use maud::{Markup, html};
use serde::Deserialize;
use web::language::Language;

use crate::http::fields;
use crate::http::form::{TextField, Typed};
use crate::http::layout::Idle;
use crate::http::problem::{Problem, problem};
use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::reports::labels::{category, origin_name};

/// Characters of one field, at most: about a page of notes.
const TEXT: usize = 2000;

/// The empty form for a report by hand.
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

#[derive(Default, Deserialize)]
#[serde(default)]
struct EntryForm {
    origin: Typed,
    category: Typed,
    party: Typed,
    address: Typed,
    town: Typed,
    what: Typed,
    when: Typed,
    ongoing: Typed,
    knowledge: Typed,
    evidence: Typed,
    reporter: Typed,
    danger: Typed,
    reward: Typed,
}

/// Parses the form as a channel and a report; the error is the message for the page.
fn typed(at: &RequestContext, form: EntryForm) -> Result<(Origin, Report), Problem> {
    let or = |typed: Typed, otherwise: &str| {
        if typed.is_empty() { otherwise.to_owned() } else { typed.into() }
    };
    let empty = |field: String| problem!(at, "bad-empty", field = field);
    let origin = Origin::of_code(&form.origin).filter(|origin| Origin::BY_HAND.contains(origin));
    let origin = origin.ok_or_else(|| empty(say!(at, "origin")))?;
    let category = Category::of_code(&form.category).ok_or_else(|| problem!(at, "bad-category"))?;
    if form.what.is_empty() {
        return Err(empty(say!(at, "field-what")));
    }
    let texts =
        [&form.what, &form.party, &form.address, &form.town, &form.when, &form.knowledge, &form.evidence, &form.danger];
    if texts.iter().any(|text| text.chars().count() > TEXT) {
        return Err(problem!(at, "bad-too-long", field = say!(at, "field-what"), count = TEXT));
    }
    let report = Report {
        category: category.code().to_owned(),
        party: form.party.into(),
        address: form.address.into(),
        town: form.town.into(),
        what: form.what.into(),
        when: form.when.into(),
        ongoing: or(form.ongoing, Ongoing::Unknown.code()),
        knowledge: form.knowledge.into(),
        evidence: form.evidence.into(),
        reporter: or(form.reporter, ReporterKind::Public.code()),
        elsewhere: String::new(),
        danger: form.danger.into(),
        reward: or(form.reward, RewardWish::Later.code()),
        // A name needs an envelope to the custodian: a caller who wants to be named sends it with the receipt code.
        naming: Naming::Anonymous.code().to_owned(),
        restricted: false,
        origin: origin.code().to_owned(),
    };
    Ok((origin, report))
}

/// Seals the report, stores it, and shows the receipt code, only this once.
pub(crate) async fn enter(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.is_carried() {
        return Ok(write(&at, StatusCode::OK, None));
    }
    let actor = at.officer()?;
    let (origin, report) = match typed(&at, at.read_form()?) {
        Ok(typed) => typed,
        Err(problem) => return Ok(write(&at, StatusCode::BAD_REQUEST, Some(&problem))),
    };
    let keys = match keys_for_entry(&actor)? {
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

/// The receipt code, shown only this once; and the report's number, unless storing it has failed.
fn entered_page(at: &RequestContext, entered: &EnteredReport) -> HttpResponse {
    let EnteredReport { code, number } = entered;
    let [here, other] = match at.language {
        Language::Chinese => [WordList::Chinese, WordList::English],
        Language::English => [WordList::English, WordList::Chinese],
    };
    let words = |list, shown: &str| -> Markup {
        let words = code.words(list);
        // Chinese words are one character each, without spaces; groups of four are easiest to read out.
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
