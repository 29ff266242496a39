//! Reports whose retention period is over.

use casework::reports::ReportStage;
use casework::rules::{BadRetention, Retention};
use model::Day;
use recorder_protocol::Notice;
use register::RetainedReport;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::resources::Resources;

/// Reports that one confirmation may erase: as many as a person can review.
pub const AT_ONCE: usize = 50;

/// The retention rules, which are part of the program.
pub(crate) fn load() -> Result<Retention, BadRetention> {
    Retention::parse(include_str!("../../../../policy/retention/2026-11-24.toml"))
}

/// A report that may be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionDue {
    /// Number of the report.
    pub number: u64,
    /// Stage that its handling has reached.
    pub stage: ReportStage,
    /// Day of its last step or letter.
    pub last: Day,
    /// First day on which it may be erased.
    pub since: Day,
    /// Account that took the last step; somebody else must confirm the erasure.
    pub decided_by: String,
}

/// Reports that may be erased today, oldest first.
pub fn due(actor: &Actor) -> Result<Vec<RetentionDue>, ConsoleError> {
    due_today(&actor.resources, actor.today)
}

fn due_today(resources: &Resources, today: Day) -> Result<Vec<RetentionDue>, ConsoleError> {
    let handled = resources.register.handled_and_kept()?;
    Ok(handled.into_iter().filter_map(|one| due_on(one, &resources.retention, today)).collect())
}

fn due_on(handled: RetainedReport, rules: &Retention, today: Day) -> Option<RetentionDue> {
    let stage = ReportStage::of_code(&handled.stage)?;
    let last = handled.newest.parse::<Day>().ok()?.max(handled.stepped_on?.parse().ok()?);
    let since = rules.may_go_on(stage, last).filter(|since| *since <= today)?;
    Some(RetentionDue { number: handled.number.try_into().ok()?, stage, last, since, decided_by: handled.stepped_by? })
}

/// The daily check: sends the recorder a notice of how many reports may be erased, if there are any.
pub fn propose(resources: &Resources, today: Day) -> Result<(), ConsoleError> {
    let due = due_today(resources, today)?.len();
    if due == 0 {
        return Ok(());
    }
    let reports = u32::try_from(due).map_err(ConsoleError::inside)?;
    Ok(resources.recorder.notice(&Notice::ErasureDue { reports })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_due_after_its_last_step_or_letter() {
        let rules = load().expect("rules");
        let handled = |stage: &str, newest: &str, stepped: Option<&str>| RetainedReport {
            number: 7,
            stage: stage.to_owned(),
            newest: newest.to_owned(),
            stepped_on: stepped.map(str::to_owned),
            stepped_by: Some("zhou".to_owned()),
        };
        let since = |handled: RetainedReport, today: &str| {
            due_on(handled, &rules, today.parse().expect("a day")).map(|due| due.since.to_string())
        };
        let decided = handled("not-ours", "2026-01-01", Some("2026-02-01"));
        assert_eq!(since(decided.clone(), "2026-05-02"), None, "the ninetieth day");
        assert_eq!(since(decided, "2026-05-03").as_deref(), Some("2026-05-03"));
        let written = handled("not-ours", "2026-03-01", Some("2026-02-01"));
        assert_eq!(since(written, "2026-05-03"), None, "the reporter wrote again");
        assert_eq!(since(handled("verifying", "2020-01-01", Some("2020-01-01")), "2026-05-03"), None);
        assert_eq!(since(handled("not-ours", "2020-01-01", None), "2026-05-03"), None, "nobody took a step");
    }
}
