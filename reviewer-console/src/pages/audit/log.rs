//! The access log, for auditors. Reading it is recorded as an entry.

use actix_web::HttpResponse;
use console_services::audit::log::{ListedEntry, LogPage, all_actions, read_log};
use maud::{Markup, html};

use crate::http::problem::problem;
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::audit::filter::{address, filter};
use crate::pages::audit::{fragments, labels};

/// One page of the log with the filter of the address.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (filter, bad) = filter(&at);
    let actor = at.actor()?;
    let (page, held) = blocking(move || read_log(&actor, filter)).await?;
    let body = html! {
        p { (say!(at, "log-lead")) }
        (fragments::shown(&at, &held))
        @if bad { (problem!(at, "log-filter-bad")) }
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

fn fields(at: &RequestContext) -> Markup {
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
                        option value=(code) selected[code == chosen] { (labels::action(at, code)) }
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

fn table(at: &RequestContext, page: &LogPage) -> Markup {
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

fn row(at: &RequestContext, entry: &ListedEntry) -> Markup {
    let ListedEntry { entry, anomalies } = entry;
    let unusual = labels::unusual(at, anomalies);
    html! {
        tr {
            td { (entry.sequence) }
            td { (labels::beijing(&entry.at)) }
            td {
                (labels::account(at, entry))
                @if let Some(role) = labels::role(at, entry) { br; span.optional { (role) } }
            }
            td {
                (labels::action(at, &entry.action))
                @for word in &unusual { br; strong.unusual { (word) } }
            }
            td { @if let Some(report) = entry.report { (report) } }
            td { (labels::about(at, entry)) }
        }
    }
}

fn older(at: &RequestContext, page: &LogPage) -> Markup {
    let Some(last) = page.entries.last().filter(|_| page.more) else { return html! {} };
    let address = address(at, "log", Some(last.entry.sequence));
    html! { p.actions { a.button.second href=(at.path(&address)) { (say!(at, "page-older")) } } }
}
