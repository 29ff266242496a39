//! The access log, for auditors. Reading it is an entry.

use std::sync::Arc;

use actix_web::HttpResponse;
use crypto::log::RECEIVED;
use maud::{Markup, html};
use recorder_protocol::{
    ASK_REFUSED, Act, Entry, Filter, Granted, LOG_EXPORTED, LogPage, Notice, OUTER_KEY_DESTROYED, ReadLog,
};

use super::at::At;
use super::{log_state, log_words, say};
use crate::fault::Fault;

/// A page of the log, filtered.
pub(crate) async fn page(at: At) -> Result<HttpResponse, Fault> {
    let (filter, bad) = filter(&at);
    let session = Arc::clone(at.session()?);
    let role = at.role()?;
    let asked = filter.clone();
    let (page, held) = at
        .block(move |console| {
            let deed = ReadLog { filter: asked };
            let (recorded, granted) = console.recorder.connect_to_audit()?.record(&session.person(role), deed)?;
            let _ = recorded.use_up();
            let Granted::Log(page) = granted else { return Err(recorder_protocol::ClientError::Mismatch.into()) };
            Ok((page, console.register.log_held()?))
        })
        .await?;
    let body = html! {
        p { (say!(at, "log-lead")) }
        (log_state::shown(&at, &held))
        @if bad { p.problem role="alert" { (say!(at, "log-filter-bad")) } }
        details open[at.request.query_string() != ""] {
            summary { (say!(at, "log-search")) }
            (fields(&at))
        }
        @if page.entries.is_empty() { p.state { (say!(at, "log-none")) } } @else { (table(&at, &page)) }
        (older(&at, &page))
        p.hint { (say!(at, "log-unusual-rules")) }
        p.actions {
            a.button.second href=(at.path(&address(&at, "log/file.csv", None))) { (say!(at, "log-csv")) }
            a.button.second href=(at.path(&address(&at, "log/file.json", None))) { (say!(at, "log-json")) }
        }
    };
    Ok(at.page(&say!(at, "log-title"), &body))
}

/// What the address asks for, and whether a part of it is not understood and was left out.
pub(crate) fn filter(at: &At) -> (Filter, bool) {
    let mut bad = false;
    let mut day = |name: &str| at.query(name).and_then(|text| text.parse().inspect_err(|_| bad = true).ok());
    let (from, until) = (day("from"), day("until"));
    let mut number = |name: &str| at.query(name).and_then(|text| text.trim().parse().inspect_err(|_| bad = true).ok());
    let (report, before) = (number("report"), number("before"));
    let action = at.query("action").filter(|code| all_actions().any(|known| known == code));
    bad |= matches!((from, until), (Some(from), Some(until)) if until < from);
    // As the page shows it, in whatever case it is typed.
    let account = at.query("account").map(|name| match name.trim() {
        shown if shown == say!(at, "log-recorder") => "recorder".to_owned(),
        name => name.to_lowercase(),
    });
    let unusual = at.query("unusual").is_some();
    (Filter { account, report, action, from, until, before, unusual }, bad)
}

fn all_actions() -> impl Iterator<Item = &'static str> {
    Act::CODES.iter().chain(Notice::CODES).copied().chain([ASK_REFUSED, LOG_EXPORTED, OUTER_KEY_DESTROYED, RECEIVED])
}

fn fields(at: &At) -> Markup {
    let value = |name: &str| at.query(name).unwrap_or_default();
    let chosen = value("action");
    let text = |name: &str, label: String, kind: &str| {
        html! {
            div.field {
                label for=(name) { (label) }
                input id=(name) name=(name) type=(kind) value=(value(name)) autocomplete="off" spellcheck="false";
            }
        }
    };
    html! {
        form.filter method="get" action=(at.path("log")) autocomplete="off" {
            (text("account", say!(at, "account"), "text"))
            (text("report", say!(at, "log-report"), "text"))
            div.field {
                label for="action" { (say!(at, "log-action")) }
                select #action name="action" {
                    option value="" { (say!(at, "log-all-actions")) }
                    @for code in all_actions() {
                        option value=(code) selected[code == chosen] { (log_words::action(at, code)) }
                    }
                }
            }
            (text("from", say!(at, "log-from"), "date"))
            (text("until", say!(at, "log-until"), "date"))
            div.field {
                label.check {
                    input type="checkbox" name="unusual" value="yes" checked[at.query("unusual").is_some()];
                    " " (say!(at, "log-only-unusual"))
                }
            }
            p.actions {
                button.second type="submit" { (say!(at, "log-filter")) }
                a href=(at.path("log")) { (say!(at, "log-clear")) }
            }
        }
    }
}

fn table(at: &At, page: &LogPage) -> Markup {
    html! {
        div.wide {
            table.log {
                thead {
                    tr {
                        th { (say!(at, "log-number")) }
                        th { (say!(at, "log-time")) }
                        th { (say!(at, "account")) }
                        th { (say!(at, "log-action")) }
                        th { (say!(at, "log-report")) }
                        th { (say!(at, "log-subject")) }
                    }
                }
                tbody { @for entry in &page.entries { (row(at, entry)) } }
            }
        }
    }
}

fn row(at: &At, entry: &Entry) -> Markup {
    let unusual = log_words::unusual(at, entry);
    html! {
        tr {
            td { (entry.sequence) }
            td { (log_words::beijing(&entry.at)) }
            td {
                (log_words::account(at, entry))
                @if let Some(role) = log_words::role(at, entry) { br; span.optional { (role) } }
            }
            td {
                (log_words::action(at, &entry.action))
                @for word in &unusual { br; strong.unusual { (word) } }
            }
            td { @if let Some(report) = entry.report { (report) } }
            td { (log_words::about(at, entry)) }
        }
    }
}

fn older(at: &At, page: &LogPage) -> Markup {
    let Some(last) = page.entries.last().filter(|_| page.more) else { return html! {} };
    let address = address(at, "log", Some(last.sequence));
    html! { p.actions { a.button.second href=(at.path(&address)) { (say!(at, "page-older")) } } }
}

/// A page with the same filter.
fn address(at: &At, page: &str, before: Option<u64>) -> String {
    let mut address = form_urlencoded::Serializer::new(String::new());
    for name in ["account", "report", "action", "from", "until", "unusual"] {
        if let Some(value) = at.query(name) {
            address.append_pair(name, &value);
        }
    }
    if let Some(before) = before {
        address.append_pair("before", &before.to_string());
    }
    format!("{page}?{}", address.finish())
}
