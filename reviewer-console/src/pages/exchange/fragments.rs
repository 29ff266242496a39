//! How far the bundles are, as officers and the auditor see it.

use console_services::exchange::bundle_status::BundleStatus;
use maud::{Markup, html};

use crate::http::request::RequestContext;
use crate::http::words::say;

/// What waits, what is due, what is missing.
pub(crate) fn status(at: &RequestContext, found: &BundleStatus) -> Markup {
    let missing = found.missing.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    html! {
        ul.reports #bundles {
            @if !found.is_there { li.warning data-problem="no-folder" { (say!(at, "exchange-no-folder")) } }
            @if found.waiting > 0 { li #waiting { (say!(at, "bundles-waiting", count = found.waiting)) } }
            @match &found.taken {
                Some((number, day)) => li { (say!(at, "bundles-taken", number = number.to_string(), day = day.to_string())) }
                None => li { (say!(at, "bundles-none-taken")) }
            }
            @if !found.missing.is_empty() {
                li.warning data-problem="missing" { (say!(at, "bundles-missing", numbers = missing)) }
            }
            @if let Some((number, day)) = &found.written {
                @let (number, day) = (number.to_string(), day.to_string());
                @if found.is_applied {
                    li { (say!(at, "bundles-applied", number = number, day = day)) }
                } @else if found.is_written_here {
                    li #due { (say!(at, "bundles-due", number = number, day = day)) }
                } @else {
                    li #due { (say!(at, "bundles-on-the-way", number = number, day = day)) }
                }
            }
        }
    }
}
