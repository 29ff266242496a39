//! The access log, for auditors. Reading it is an entry.

use std::sync::Arc;

use actix_web::HttpResponse;
use casework::case::Kind;
use casework::claim::State;
use crypto::access::Role;
use crypto::log::RECEIVED;
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use maud::{Markup, html};
use recording::{
    ASK_REFUSED, Act, Entry, Filter, Granted, LOG_EXPORTED, LogPage, Notice, OUTER_KEY_DESTROYED, ReadLog,
};

use super::at::At;
use super::{log_state, say};
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
            let Granted::Log(page) = granted else { return Err(recording::ClientError::Mismatch.into()) };
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
    };
    Ok(at.page(&say!(at, "log-title"), &body))
}

/// What the address asks for, and whether a part of it is not understood and was left out.
fn filter(at: &At) -> (Filter, bool) {
    let mut bad = false;
    let mut day = |name: &str| at.query(name).and_then(|text| text.parse().inspect_err(|_| bad = true).ok());
    let (from, until) = (day("from"), day("until"));
    let mut number = |name: &str| at.query(name).and_then(|text| text.trim().parse().inspect_err(|_| bad = true).ok());
    let (report, before) = (number("report"), number("before"));
    let action = at.query("action").filter(|code| all_actions().any(|known| known == code));
    bad |= matches!((from, until), (Some(from), Some(until)) if until < from);
    let account = at.query("account").map(|name| name.trim().to_owned());
    (Filter { account, report, action, from, until, before }, bad)
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
                        option value=(code) selected[code == chosen] { (action(at, code)) }
                    }
                }
            }
            (text("from", say!(at, "log-from"), "date"))
            (text("until", say!(at, "log-until"), "date"))
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
    let role = Role::from_code(&entry.role).map(|role| at.role_name(role));
    let purpose = entry.purpose.as_deref().map(|code| at.purpose_name(code));
    let about = subject(at, entry);
    let about: Vec<&str> =
        [purpose.as_deref().unwrap_or_default(), &about].into_iter().filter(|part| !part.is_empty()).collect();
    let account = if entry.account == "recorder" { say!(at, "log-recorder") } else { entry.account.clone() };
    html! {
        tr {
            td { (entry.sequence) }
            td { (beijing(&entry.at)) }
            td { (account) @if let Some(role) = role { br; span.optional { (role) } } }
            td { (action(at, &entry.action)) }
            td { @if let Some(report) = entry.report { (report) } }
            td { (about.join(" · ")) }
        }
    }
}

/// What an entry was about, in words where it is a code or a number.
fn subject(at: &At, entry: &Entry) -> String {
    let text = entry.subject.as_str();
    match entry.action.as_str() {
        _ if text.is_empty() => String::new(),
        "change-state" => super::inbox::state(at, text),
        "renew-slots" => say!(at, "subject-mailboxes", count = text),
        "show-list" => say!(at, "subject-reports", count = text),
        "read-file" => say!(at, "subject-file", number = text),
        "acknowledge-log" => String::new(),
        OUTER_KEY_DESTROYED => text.chars().take(16).collect(),
        "sign-statement" => say!(at, "subject-statement", number = text),
        RECEIVED => say!(at, "subject-received", number = text.split(' ').next().unwrap_or_default()),
        "handle-report" => super::handling::step_name(at, text),
        "read-case" | "enter-case" | "read-claim" | "propose-reward" | "decide-reward" => dossier(at, entry),
        "confirm-key" => {
            let mut parts = text.splitn(3, ' ');
            let (name, roles, key) = (parts.next(), parts.next(), parts.next());
            let roles: Vec<Role> = roles.unwrap_or_default().split(',').filter_map(Role::from_code).collect();
            format!("{} · {} · {}", name.unwrap_or_default(), at.role_names(&roles), key.unwrap_or_default())
        }
        _ => text.to_owned(),
    }
}

/// A case or claim by its number, what was entered, and the digest that the entry must have.
fn dossier(at: &At, entry: &Entry) -> String {
    let mut parts = entry.subject.split(' ');
    let number = parts.next().unwrap_or_default();
    let claim = matches!(entry.action.as_str(), "read-claim" | "propose-reward" | "decide-reward");
    let name = if claim { say!(at, "claim-number", number = number) } else { say!(at, "case-number", number = number) };
    let rest = parts.map(|part| match (claim, Kind::of_code(part), State::of_code(part)) {
        (false, Some(kind), _) => super::case_words::kind(at, kind),
        (true, _, Some(state)) => super::approvals::state(at, state),
        // Enough of a digest to compare by eye; the whole one is in the log itself.
        _ => part.chars().take(16).collect(),
    });
    [name].into_iter().chain(rest).collect::<Vec<_>>().join(" · ")
}

/// Beijing time to the second, as the page says.
pub(crate) fn beijing(at: &str) -> String {
    let Ok(moment) = at.parse::<Timestamp>() else { return at.to_owned() };
    moment.to_zoned(TimeZone::fixed(tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn older(at: &At, page: &LogPage) -> Markup {
    let Some(last) = page.entries.last().filter(|_| page.more) else { return html! {} };
    let mut address = form_urlencoded::Serializer::new(String::new());
    for name in ["account", "report", "action", "from", "until"] {
        if let Some(value) = at.query(name) {
            address.append_pair(name, &value);
        }
    }
    address.append_pair("before", &last.sequence.to_string());
    html! { p.actions { a.button.second href=(at.path(&format!("log?{}", address.finish()))) { (say!(at, "page-older")) } } }
}

/// An action in words.
fn action(at: &At, code: &str) -> String {
    match code {
        "open-letter" => say!(at, "action-open-letter"),
        "show-list" => say!(at, "action-show-list"),
        "list-enclosure" => say!(at, "action-list-enclosure"),
        "read-file" => say!(at, "action-read-file"),
        "write-reply" => say!(at, "action-write-reply"),
        "read-replies" => say!(at, "action-read-replies"),
        "read-handling" => say!(at, "action-read-handling"),
        "handle-report" => say!(at, "action-handle-report"),
        "list-cases" => say!(at, "action-list-cases"),
        "read-case" => say!(at, "action-read-case"),
        "enter-case" => say!(at, "action-enter-case"),
        "list-claims" => say!(at, "action-list-claims"),
        "read-claim" => say!(at, "action-read-claim"),
        "propose-reward" => say!(at, "action-propose-reward"),
        "decide-reward" => say!(at, "action-decide-reward"),
        "change-state" => say!(at, "action-change-state"),
        "renew-slots" => say!(at, "action-renew-slots"),
        "grant-keys" => say!(at, "action-grant-keys"),
        "acknowledge-log" => say!(at, "action-acknowledge-log"),
        "sign-statement" => say!(at, "action-sign-statement"),
        "make-account" => say!(at, "action-make-account"),
        "reset-account" => say!(at, "action-reset-account"),
        "close-account" => say!(at, "action-close-account"),
        "confirm-key" => say!(at, "action-confirm-key"),
        "revoke-key" => say!(at, "action-revoke-key"),
        "read-log" => say!(at, "action-read-log"),
        "read-roster" => say!(at, "action-read-roster"),
        "signed-in" => say!(at, "action-signed-in"),
        "sign-in-failed" => say!(at, "action-sign-in-failed"),
        "signed-out" => say!(at, "action-signed-out"),
        "password-changed" => say!(at, "action-password-changed"),
        "refused" => say!(at, "action-refused"),
        "unreadable" => say!(at, "action-unreadable"),
        ASK_REFUSED => say!(at, "action-ask-refused"),
        LOG_EXPORTED => say!(at, "action-log-exported"),
        OUTER_KEY_DESTROYED => say!(at, "action-outer-key-destroyed"),
        RECEIVED => say!(at, "action-received"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_beijing_times() {
        assert_eq!(beijing("2026-11-23T17:05:09.123456Z"), "2026-11-24 01:05:09");
        assert_eq!(beijing("not a time"), "not a time");
    }
}
