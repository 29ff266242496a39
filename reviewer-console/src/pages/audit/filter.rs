//! What an auditor asks the log for, as it stands in an address.

use console_services::audit::log::{LogFilter, all_actions};

use crate::http::request::RequestContext;
use crate::http::words::say;

/// What the address asks for, and whether a part of it is not understood and was left out.
pub(crate) fn filter(at: &RequestContext) -> (LogFilter, bool) {
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
    (LogFilter { account, report, action, from, until, before, anomalies: unusual }, bad)
}

/// A page with the same filter.
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
