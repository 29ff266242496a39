//! Words for entries of the access log.

use casework::cases::CaseEntryKind;
use casework::rewards::ClaimStage;
use console_services::audit::log::{Anomaly, OUTER_KEY_DESTROYED};
use console_services::identity::request::Reason;
use crypto::log::checkpoint::{LogEntry, RECEIVED};
use jiff::Timestamp;
use model::{BEIJING, Fen, Role};

use crate::http::request::RequestContext;
use crate::http::words::say;
use crate::pages::{cases, identity, reports, rewards};

/// The account that acted, or the name of the recorder.
pub(crate) fn account(at: &RequestContext, entry: &LogEntry) -> String {
    if entry.account == "recorder" { say!(at, "log-recorder") } else { entry.account.clone() }
}

/// The name of the role in which the account acted; `None` for an unknown code.
pub(crate) fn role(at: &RequestContext, entry: &LogEntry) -> Option<String> {
    Role::of_code(&entry.role).map(|role| at.role_name(role))
}

/// Purpose and subject of an entry in one line.
pub(crate) fn about(at: &RequestContext, entry: &LogEntry) -> String {
    let purpose = entry.purpose.as_deref().map(|code| at.purpose_name(code));
    let parts = [purpose.unwrap_or_default(), subject(at, entry)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The names of the entry's anomalies.
pub(crate) fn unusual(at: &RequestContext, anomalies: &[Anomaly]) -> Vec<String> {
    let word = |unusual: &Anomaly| match unusual {
        Anomaly::ManyReports => say!(at, "unusual-many-reports"),
        Anomaly::OutsideHours => say!(at, "unusual-outside-hours"),
        Anomaly::AnothersReport => say!(at, "unusual-anothers-report"),
    };
    anomalies.iter().map(word).collect()
}

/// The subject of an entry; codes and numbers are replaced by words.
fn subject(at: &RequestContext, entry: &LogEntry) -> String {
    let text = entry.subject.as_str();
    match entry.action.as_str() {
        _ if text.is_empty() => String::new(),
        "change-state" => reports::labels::state(at, text),
        "renew-slots" => say!(at, "subject-mailboxes", count = text),
        "show-list" => say!(at, "subject-reports", count = text),
        "erase-reports" | "erasure-due" => say!(at, "subject-erased", count = text),
        "read-file" => say!(at, "subject-file", number = text),
        "acknowledge-log" => String::new(),
        OUTER_KEY_DESTROYED => text.chars().take(16).collect(),
        "sign-statement" => say!(at, "subject-statement", number = text),
        RECEIVED => say!(at, "subject-received", number = text.split(' ').next().unwrap_or_default()),
        "handle-report" => reports::labels::step_name(at, text),
        "read-case" | "enter-case" | "read-evidence" | "read-claim" | "propose-reward" | "decide-reward"
        | "follow-reward" => ledger(at, entry),
        "confirm-key" => {
            let mut parts = text.splitn(3, ' ');
            let (name, roles, key) = (parts.next(), parts.next(), parts.next());
            let roles: Vec<Role> = roles.unwrap_or_default().split(',').filter_map(Role::of_code).collect();
            format!("{} · {} · {}", name.unwrap_or_default(), at.role_names(&roles), key.unwrap_or_default())
        }
        "pay-order" if text.ends_with(" again") => {
            say!(at, "subject-again", order = text.chars().take(16).collect::<String>())
        }
        "set-budget" => {
            let (year, fen) = text.split_once(' ').unwrap_or_default();
            let amount = fen.parse().map_or_else(|_| fen.to_owned(), |fen| Fen(fen).to_string());
            format!("{year} · {}", say!(at, "yuan", amount = amount))
        }
        "ask-identity" => reason(at, text.split(' ').next().unwrap_or_default()),
        "read-order" | "pay-order" | "make-slip" | "open-identity" | "hand-identity" | "refuse-identity"
        | "read-identity" => text.chars().take(16).collect(),
        _ => text.to_owned(),
    }
}

/// The name of a reason for asking the custodian; an unknown code is shown as it is.
fn reason(at: &RequestContext, code: &str) -> String {
    Reason::of_code(code).map_or_else(|| code.to_owned(), |reason| identity::labels::reason(at, reason))
}

/// A case or claim by its number, the kind of entry, and the start of the digest that the entry must have.
fn ledger(at: &RequestContext, entry: &LogEntry) -> String {
    let mut parts = entry.subject.split(' ');
    let number = parts.next().unwrap_or_default();
    let claim = matches!(entry.action.as_str(), "read-claim" | "propose-reward" | "decide-reward" | "follow-reward");
    let name = if claim { say!(at, "claim-number", number = number) } else { say!(at, "case-number", number = number) };
    let rest = parts.map(|part| match (claim, CaseEntryKind::of_code(part), ClaimStage::of_code(part)) {
        (false, Some(kind), _) => cases::labels::kind(at, kind),
        (true, _, Some(state)) => rewards::labels::state(at, state),
        // 16 characters of a digest are enough to compare by eye; the log has all of it.
        _ => part.chars().take(16).collect(),
    });
    [name].into_iter().chain(rest).collect::<Vec<_>>().join(" · ")
}

/// An RFC 3339 time as Beijing time to the second; other text unchanged.
pub(crate) fn beijing(at: &str) -> String {
    let Ok(moment) = at.parse::<Timestamp>() else { return at.to_owned() };
    moment.to_zoned(BEIJING).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The name of an action; its code, if this version has no name for it.
pub(crate) fn action(at: &RequestContext, code: &str) -> String {
    at.coded("action", code).unwrap_or_else(|| code.to_owned())
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
