//! What pages say alike of identity requests.

use console_services::identity::request::Reason;
use register::{CONSENTED, REFUSED};

use crate::http::request::RequestContext;
use crate::http::words::say;

/// A reason in words.
pub(crate) fn reason(at: &RequestContext, reason: Reason) -> String {
    match reason {
        Reason::Pay => say!(at, "reason-pay"),
        Reason::Contact => say!(at, "reason-contact"),
        Reason::Safety => say!(at, "reason-safety"),
        Reason::Law => say!(at, "reason-law"),
    }
}

/// How far a request is, in words.
pub(crate) fn state(at: &RequestContext, state: &str) -> String {
    match state {
        CONSENTED => say!(at, "request-consented"),
        REFUSED | "refused-seen" => say!(at, "request-refused"),
        "erased" => say!(at, "request-erased"),
        _ => say!(at, "request-waiting"),
    }
}
