//! Entries of the access log in words.

use casework::case::Kind;
use casework::claim::State;
use console_services::audit::log::{ASK_REFUSED, Entry, LOG_EXPORTED, OUTER_KEY_DESTROYED, Unusual};
use console_services::identity::request::Reason;
use crypto::log::RECEIVED;
use jiff::Timestamp;
use model::{BEIJING, Fen, Role};

use crate::http::request::RequestContext;
use crate::http::words::say;
use crate::pages::{cases, identity, reports, rewards};

/// Who acted.
pub(crate) fn account(at: &RequestContext, entry: &Entry) -> String {
    if entry.account == "recorder" { say!(at, "log-recorder") } else { entry.account.clone() }
}

/// In which role.
pub(crate) fn role(at: &RequestContext, entry: &Entry) -> Option<String> {
    Role::of_code(&entry.role).map(|role| at.role_name(role))
}

/// Purpose and subject.
pub(crate) fn about(at: &RequestContext, entry: &Entry) -> String {
    let purpose = entry.purpose.as_deref().map(|code| at.purpose_name(code));
    let parts = [purpose.unwrap_or_default(), subject(at, entry)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What is unusual about it.
pub(crate) fn unusual(at: &RequestContext, entry: &Entry) -> Vec<String> {
    let word = |unusual: &Unusual| match unusual {
        Unusual::ManyReports => say!(at, "unusual-many-reports"),
        Unusual::OutsideHours => say!(at, "unusual-outside-hours"),
        Unusual::AnothersReport => say!(at, "unusual-anothers-report"),
    };
    entry.unusual.iter().map(word).collect()
}

/// What an entry was about, in words where it is a code or a number.
fn subject(at: &RequestContext, entry: &Entry) -> String {
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
        | "follow-reward" => dossier(at, entry),
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

/// Why the custodian was asked, in words.
fn reason(at: &RequestContext, code: &str) -> String {
    Reason::of_code(code).map_or_else(|| code.to_owned(), |reason| identity::labels::reason(at, reason))
}

/// A case or claim by its number, what was entered, and the digest that the entry must have.
fn dossier(at: &RequestContext, entry: &Entry) -> String {
    let mut parts = entry.subject.split(' ');
    let number = parts.next().unwrap_or_default();
    let claim = matches!(entry.action.as_str(), "read-claim" | "propose-reward" | "decide-reward" | "follow-reward");
    let name = if claim { say!(at, "claim-number", number = number) } else { say!(at, "case-number", number = number) };
    let rest = parts.map(|part| match (claim, Kind::of_code(part), State::of_code(part)) {
        (false, Some(kind), _) => cases::labels::kind(at, kind),
        (true, _, Some(state)) => rewards::labels::state(at, state),
        // Enough of a digest to compare by eye; the whole one is in the log itself.
        _ => part.chars().take(16).collect(),
    });
    [name].into_iter().chain(rest).collect::<Vec<_>>().join(" · ")
}

/// Beijing time to the second, as the page says.
pub(crate) fn beijing(at: &str) -> String {
    let Ok(moment) = at.parse::<Timestamp>() else { return at.to_owned() };
    moment.to_zoned(BEIJING).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// An action in words.
pub(crate) fn action(at: &RequestContext, code: &str) -> String {
    match code {
        "open-letter" => say!(at, "action-open-letter"),
        "show-list" => say!(at, "action-show-list"),
        "list-enclosure" => say!(at, "action-list-enclosure"),
        "read-file" => say!(at, "action-read-file"),
        "write-reply" => say!(at, "action-write-reply"),
        "read-replies" => say!(at, "action-read-replies"),
        "read-handling" => say!(at, "action-read-handling"),
        "handle-report" => say!(at, "action-handle-report"),
        "compared" => say!(at, "action-compared"),
        "import-clues" => say!(at, "action-import-clues"),
        "cross-sheet" => say!(at, "action-cross-sheet"),
        "read-sheets" => say!(at, "action-read-sheets"),
        "draw-figures" => say!(at, "action-draw-figures"),
        "publish-results" => say!(at, "action-publish-results"),
        "read-evidence" => say!(at, "action-read-evidence"),
        "list-cases" => say!(at, "action-list-cases"),
        "read-case" => say!(at, "action-read-case"),
        "enter-case" => say!(at, "action-enter-case"),
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
        "erase-reports" => say!(at, "action-erase-reports"),
        "erasure-due" => say!(at, "action-erasure-due"),
        "export-log" => say!(at, "action-export-log"),
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
        _ => reward_action(at, code).unwrap_or_else(|| code.to_owned()),
    }
}

/// An action about rewards, their payment and identities, in words.
fn reward_action(at: &RequestContext, code: &str) -> Option<String> {
    Some(match code {
        "list-claims" => say!(at, "action-list-claims"),
        "read-claim" => say!(at, "action-read-claim"),
        "propose-reward" => say!(at, "action-propose-reward"),
        "decide-reward" => say!(at, "action-decide-reward"),
        "follow-reward" => say!(at, "action-follow-reward"),
        "read-order" => say!(at, "action-read-order"),
        "pay-order" => say!(at, "action-pay-order"),
        "read-payments" => say!(at, "action-read-payments"),
        "set-budget" => say!(at, "action-set-budget"),
        "ask-identity" => say!(at, "action-ask-identity"),
        "list-identity-requests" => say!(at, "action-list-identity-requests"),
        "open-identity" => say!(at, "action-open-identity"),
        "hand-identity" => say!(at, "action-hand-identity"),
        "make-slip" => say!(at, "action-make-slip"),
        "refuse-identity" => say!(at, "action-refuse-identity"),
        "read-identity" => say!(at, "action-read-identity"),
        _ => return None,
    })
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
