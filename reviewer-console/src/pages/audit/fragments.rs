//! The console's own record of the access log: the last checkpoint, the last cosignature, and a contradiction.
//! After a contradiction nothing is opened until an auditor has acknowledged it.

use console_services::audit::log::{Contradiction, LogStatus};
use jiff::Timestamp;
use maud::{Markup, html};

use crate::http::request::RequestContext;
use crate::http::words::say;
use crate::pages::audit::labels::beijing;

/// The contradiction with its form, or else the last checkpoint and cosignature; empty before the first checkpoint.
pub(crate) fn shown(at: &RequestContext, held: &LogStatus) -> Markup {
    let witnessed = held.witnessed.and_then(|(size, time)| {
        let time = Timestamp::from_second(i64::try_from(time).ok()?).ok()?;
        Some((size, beijing(&time.to_string())))
    });
    html! {
        @if let Some(found) = &held.contradiction {
            (contradiction(at, found))
        } @else if let Some(last) = held.last {
            p.hint #log-held {
                (say!(at, "log-held", size = last)) " "
                @match &witnessed {
                    Some((size, time)) => {
                        @let size = *size;
                        (say!(at, "log-witnessed", size = size, time = time.as_str()))
                    }
                    None => (say!(at, "log-unwitnessed")),
                }
            }
        }
    }
}

fn contradiction(at: &RequestContext, found: &Contradiction) -> Markup {
    let line = |label: String, checkpoint: &Option<(u64, String)>| {
        let (size, root) = checkpoint.clone().unwrap_or_default();
        html! { dt { (label) } dd { (say!(at, "log-checkpoint", size = size)) br; code.key { (root) } } }
    };
    html! {
        div.card #contradiction role="alert" {
            h2 { (say!(at, "log-contradiction-title")) }
            p { (say!(at, "log-contradiction-text")) }
            dl {
                (line(say!(at, "log-contradiction-held"), &found.held))
                (line(say!(at, "log-contradiction-found"), &found.found))
            }
            p { (say!(at, "log-contradiction-before")) }
            (at.form("log/acknowledge", &html! {
                p.actions { button type="submit" { (say!(at, "log-contradiction-go-on")) } }
            }))
        }
    }
}
