//! The deadlines of the post's replies to a reporter, counted in working days.

use casework::reports::ReportStage;
use casework::rules::{Deadline, next_deadline};
use maud::{Markup, html};
use model::Day;
use register::StoredReport;

use crate::http::request::RequestContext;
use crate::http::words::say;

/// Working days before a deadline from which it is marked.
const SOON: i32 = 3;

/// All deadlines of a report; empty for a clue, which has no reporter to answer.
pub(crate) fn of_report(at: &RequestContext, report: &StoredReport) -> Markup {
    let Some(first) = report.letters.first().filter(|_| report.feed.is_none()) else { return html! {} };
    let due = at.rules().due(first.received_on);
    html! {
        p.hint {
            (say!(
                at,
                "clock-dates",
                acknowledge = due.acknowledge.to_string(),
                note = due.written_reply.to_string(),
                feedback = due.feedback.to_string(),
                answer = due.answer.to_string()
            ))
            @if !at.rules().calendar.knows(due.answer) { " " (say!(at, "clock-calendar")) }
        }
    }
}

/// The next deadline of a report whose first letter came on the day `first`; empty if there is none.
pub(crate) fn next(at: &RequestContext, first: &str, answers: i64, stage: &str) -> Markup {
    let Ok(first) = first.parse::<Day>() else { return html! {} };
    let open = |stage| {
        matches!(
            stage,
            ReportStage::New
                | ReportStage::Verifying
                | ReportStage::Drafted
                | ReportStage::Confirmed
                | ReportStage::Returned
        )
    };
    let decided = !ReportStage::of_code(stage).is_some_and(open);
    let rules = at.rules();
    let Some((clock, day)) = next_deadline(&rules.due(first), u64::try_from(answers).unwrap_or_default(), decided)
    else {
        return html! {};
    };
    let left = rules.calendar.until(at.today(), day);
    let what = match clock {
        Deadline::WrittenReply => say!(at, "clock-note"),
        Deadline::Feedback => say!(at, "clock-feedback"),
        Deadline::Answer => say!(at, "clock-answer"),
    };
    let text = if left < 0 {
        say!(at, "clock-late", what = what, days = left.abs(), day = day.to_string())
    } else {
        say!(at, "clock-left", what = what, days = left, day = day.to_string())
    };
    html! { span.new[left <= SOON] { (text) } }
}
