//! The access log as a file, for auditors. The export is recorded as an entry.

use std::io;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use console_services::audit::log::{ListedEntry, LogPage, export_log};
use human_text::SpreadsheetWriter;
use maud::html;
use web::headers::{DOWNLOAD_POLICY, set};

use crate::http::problem::{Problem, problem};
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::audit::filter::filter;
use crate::pages::audit::labels;

/// The log as CSV, with names in the page's language instead of codes.
pub(crate) async fn csv(at: RequestContext) -> Result<HttpResponse, PageError> {
    let page = match entries(&at).await? {
        Ok(page) => page,
        Err(problem) => return Ok(refused(&at, &problem)),
    };
    let table = table(&at, &page.entries).map_err(PageError::inside)?;
    Ok(file("text/csv; charset=utf-8", "access-log.csv", table))
}

/// The log as JSON, with the recorder's codes.
pub(crate) async fn json(at: RequestContext) -> Result<HttpResponse, PageError> {
    let page = match entries(&at).await? {
        Ok(page) => page,
        Err(problem) => return Ok(refused(&at, &problem)),
    };
    let text = serde_json::to_vec_pretty(&page.entries).map_err(PageError::inside)?;
    Ok(file("application/json", "access-log.json", text))
}

/// The entries, or the reason why there is no file: too many entries, or a filter that cannot be read. A file that
/// silently lacks its end, or has more than was asked for, would mislead.
async fn entries(at: &RequestContext) -> Result<Result<LogPage, Problem>, PageError> {
    let (filter, bad) = filter(at);
    if bad {
        return Ok(Err(problem!(at, "log-filter-bad-file")));
    }
    let actor = at.actor()?;
    let page = blocking(move || export_log(&actor, filter)).await?;
    Ok(if page.more { Err(problem!(at, "log-file-too-many")) } else { Ok(page) })
}

fn refused(at: &RequestContext, problem: &Problem) -> HttpResponse {
    let body = html! {
        (problem)
        p.actions { a.button href=(at.path("log")) { (say!(at, "go-on")) } }
    };
    at.page(&say!(at, "log-title"), &body)
}

fn table(at: &RequestContext, entries: &[ListedEntry]) -> io::Result<Vec<u8>> {
    let mut table = SpreadsheetWriter::default();
    table.row([
        say!(at, "log-number"),
        say!(at, "log-time"),
        say!(at, "account"),
        say!(at, "log-role"),
        say!(at, "log-action"),
        say!(at, "log-report"),
        say!(at, "log-subject"),
        say!(at, "log-unusual"),
    ])?;
    for ListedEntry { entry, anomalies } in entries {
        table.row([
            entry.sequence.to_string(),
            labels::beijing(&entry.at),
            labels::account(at, entry),
            labels::role(at, entry).unwrap_or_default(),
            labels::action(at, &entry.action),
            entry.report.map(|report| report.to_string()).unwrap_or_default(),
            labels::about(at, entry),
            labels::unusual(at, anomalies).join(" · "),
        ])?;
    }
    table.finish()
}

fn file(kind: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    let mut response = HttpResponse::Ok().content_type(kind).body(bytes);
    set(response.headers_mut(), DOWNLOAD_POLICY);
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    }
    response
}
