//! Words for identity requests that several pages share.

use console_services::identity::request::Reason;
use register::{CONSENTED, REFUSED};

use crate::http::request::RequestContext;
use crate::http::words::say;

/// The name of a reason in the page's language.
pub(crate) fn reason(at: &RequestContext, reason: Reason) -> String {
    match reason {
        Reason::Pay => say!(at, "reason-pay"),
        Reason::Contact => say!(at, "reason-contact"),
        Reason::Safety => say!(at, "reason-safety"),
        Reason::Law => say!(at, "reason-law"),
    }
}

/// The state of a request in the page's language; an unknown code is shown as waiting.
pub(crate) fn state(at: &RequestContext, state: &str) -> String {
    match state {
        CONSENTED => say!(at, "request-consented"),
        REFUSED | "refused-seen" => say!(at, "request-refused"),
        "erased" => say!(at, "request-erased"),
        _ => say!(at, "request-waiting"),
    }
}
