//! The auditor's filter of the log, as parameters of the address.

use console_services::audit::log::{LogFilter, all_actions};

use crate::http::request::RequestContext;
use crate::http::words::say;

/// The filter in the address, and whether a part of it could not be read and was left out.
pub(crate) fn filter(at: &RequestContext) -> (LogFilter, bool) {
    let mut bad = false;
    let mut day = |name: &str| at.query(name).and_then(|text| text.parse().inspect_err(|_| bad = true).ok());
    let (from, until) = (day("from"), day("until"));
    let mut number = |name: &str| at.query(name).and_then(|text| text.trim().parse().inspect_err(|_| bad = true).ok());
    let (report, before) = (number("report"), number("before"));
    let action = at.query("action").filter(|code| all_actions().any(|known| known == code));
    bad |= matches!((from, until), (Some(from), Some(until)) if until < from);
    // The recorder is typed by the name that the page shows; accounts in upper or lower case.
    let account = at.query("account").map(|name| match name.trim() {
        shown if shown == say!(at, "log-recorder") => "recorder".to_owned(),
        name => name.to_lowercase(),
    });
    let unusual = at.query("unusual").is_some();
    (LogFilter { account, report, action, from, until, before, anomalies: unusual }, bad)
}

/// The address of `page` with the present filter, from entries before number `before` if given.
pub(crate) fn address(at: &RequestContext, page: &str, before: Option<u64>) -> String {
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
