//! Logging: events of the program, never of its visitors. `docs/operate/logging.md` lists every event.

use std::{fmt, io};

use tracing::Metadata;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::clock::Clock;

/// Log lines carry the day and nothing finer: a time of day beside "database failed" would reveal when somebody came.
struct DayOnly;

impl FormatTime for DayOnly {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{}", Clock::System.today())
    }
}

/// Writes events to standard error, one line each, with the exact time. For the isolated side: operators must be able
/// to order events there, and no reporter connects to it.
pub fn to_stderr_with_times() {
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_target(false)
        .with_writer(io::stderr)
        .finish()
        .with(filter_fn(is_ours))
        .init();
}

/// The HTTP library tells of every malformed request, as an error: a stranger could fill the disk with lines.
fn is_ours(event: &Metadata<'_>) -> bool {
    !event.target().starts_with("actix_http")
}

/// Writes events to standard error, one line each, with the day only.
pub fn to_stderr() {
    tracing_subscriber::fmt()
        .with_timer(DayOnly)
        .with_target(false)
        .with_ansi(false)
        .with_max_level(tracing::Level::INFO)
        .with_writer(io::stderr)
        .finish()
        .with(filter_fn(is_ours))
        .init();
}
