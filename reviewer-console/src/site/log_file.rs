//! The access log as a file, for auditors. Taking it out is an entry.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use maud::html;
use recorder_protocol::{ClientError, Entry, ExportLog, Granted, LogPage};
use web::headers::{DOWNLOAD_POLICY, set};

use super::at::At;
use super::{log, log_words, say};
use crate::fault::Fault;

/// So that spreadsheets read the file as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// As a table, in words.
pub(crate) async fn csv(at: At) -> Result<HttpResponse, Fault> {
    let page = match entries(&at).await? {
        Ok(page) => page,
        Err(problem) => return Ok(refused(&at, &problem)),
    };
    let table = table(&at, &page.entries).map_err(Fault::inside)?;
    Ok(file("text/csv; charset=utf-8", "access-log.csv", table))
}

/// As the recorder has it, in codes.
pub(crate) async fn json(at: At) -> Result<HttpResponse, Fault> {
    let page = match entries(&at).await? {
        Ok(page) => page,
        Err(problem) => return Ok(refused(&at, &problem)),
    };
    let text = serde_json::to_vec_pretty(&page.entries).map_err(Fault::inside)?;
    Ok(file("application/json", "access-log.json", text))
}

/// The entries, or why there is no file: one that silently lacks its end, or has more than was asked
/// for, would mislead.
async fn entries(at: &At) -> Result<Result<LogPage, String>, Fault> {
    let (filter, bad) = log::filter(at);
    if bad {
        return Ok(Err(say!(at, "log-filter-bad-file")));
    }
    let session = Arc::clone(at.session()?);
    let role = at.role()?;
    let page = at
        .block(move |console| {
            let deed = ExportLog { filter };
            let (recorded, granted) = console.recorder.connect_to_audit()?.record(&session.person(role), deed)?;
            let _ = recorded.use_up();
            let Granted::Log(page) = granted else { return Err(ClientError::Mismatch.into()) };
            Ok(page)
        })
        .await?;
    Ok(if page.more { Err(say!(at, "log-file-too-many")) } else { Ok(page) })
}

fn refused(at: &At, problem: &str) -> HttpResponse {
    let body = html! {
        p.problem role="alert" { (problem) }
        p.actions { a.button href=(at.path("log")) { (say!(at, "go-on")) } }
    };
    at.page(&say!(at, "log-title"), &body)
}

fn table(at: &At, entries: &[Entry]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    table.write_record([
        say!(at, "log-number"),
        say!(at, "log-time"),
        say!(at, "account"),
        say!(at, "log-role"),
        say!(at, "log-action"),
        say!(at, "log-report"),
        say!(at, "log-subject"),
        say!(at, "log-unusual"),
    ])?;
    for entry in entries {
        table.write_record([
            entry.sequence.to_string(),
            log_words::beijing(&entry.at),
            log_words::account(at, entry),
            log_words::role(at, entry).unwrap_or_default(),
            log_words::action(at, &entry.action),
            entry.report.map(|report| report.to_string()).unwrap_or_default(),
            no_formula(log_words::about(at, entry)),
            log_words::unusual(at, entry).join(" · "),
        ])?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// A spreadsheet takes a cell that begins like this for a formula; names of units are free text.
fn no_formula(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text }
}

fn file(kind: &str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    let mut response = HttpResponse::Ok().content_type(kind).body(bytes);
    set(response.headers_mut(), DOWNLOAD_POLICY);
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula() {
        assert_eq!(no_formula("=cmd()".to_owned()), "'=cmd()");
        assert_eq!(no_formula("1 · 平桥".to_owned()), "1 · 平桥");
    }
}
