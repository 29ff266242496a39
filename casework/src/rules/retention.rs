//! How long reports are stored once they are decided.

use std::collections::BTreeMap;

use model::Day;
use serde::Deserialize;

use crate::reports::ReportStage;

/// Stages in which a report may be erased. A confirmed report may be erased only when its reward is decided.
pub const DECIDED: &[ReportStage] = &[
    ReportStage::NotOurs,
    ReportStage::Known,
    ReportStage::Joined,
    ReportStage::NotEffective,
    ReportStage::NotConfirmed,
    ReportStage::Minor,
    ReportStage::Approved,
];

/// A dated rule set in the format of `policy/retention/*.toml`. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The first day on which it applies.
    pub in_force_from: Day,
    /// Days of storage by the stage's code.
    keep_days: BTreeMap<String, u16>,
}

/// Why a rule set is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadRetention {
    /// Not the expected TOML; the message names the line.
    #[error("the rule set cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// A decided stage without a number of days, or a number of days for another stage.
    #[error(
        "the rule set needs days for each of not-ours, known, joined, not-effective, not-confirmed, minor, approved and no other"
    )]
    Stages,
}

impl Retention {
    /// Reads a rule set. Refuses unknown keys, and missing or additional stages.
    pub fn parse(text: &str) -> Result<Self, BadRetention> {
        let rules: Self = toml::from_str(text)?;
        let complete = DECIDED.iter().all(|stage| rules.keep_days.contains_key(stage.code()));
        if complete && rules.keep_days.len() == DECIDED.len() { Ok(rules) } else { Err(BadRetention::Stages) }
    }

    /// The first day on which a report may be erased, counted from `last`,
    /// the day of its last step or letter. `None` while it is not decided.
    #[must_use]
    pub fn may_go_on(&self, stage: ReportStage, last: Day) -> Option<Day> {
        let days = self.keep_days.get(stage.code())?;
        // Stored for 90 days: this includes the ninetieth.
        Some(last.plus_days(days.saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use model::StepCode;

    use super::*;

    const RULES: &str = include_str!("../../../policy/retention/2026-11-24.toml");

    /// The recorder sees only the codes of steps, and lets a report be erased after the last of them. Its codes must
    /// match the stages of these rules. A reward is approved without a further step.
    #[test]
    fn the_steps_that_end_handling_are_those_after_which_a_report_may_be_erased() {
        for code in StepCode::ALL {
            let stage = match code {
                StepCode::Proposed => Some(ReportStage::Approved),
                code => ReportStage::of_code(code.code()),
            };
            let decided = stage.is_some_and(|stage| DECIDED.contains(&stage));
            assert_eq!(code.ends_handling(), decided, "{code:?}");
            assert!(!(code.ends_handling() && code.is_beside()), "{code:?}");
        }
    }

    #[test]
    fn decided_reports_may_go_after_their_days_and_others_never() {
        let rules = Retention::parse(RULES).expect("a rule set");
        let last: Day = "2026-11-24".parse().expect("a day");
        let on = |stage| rules.may_go_on(stage, last).map(|day| day.to_string());
        assert_eq!(on(ReportStage::NotOurs).as_deref(), Some("2027-02-23"), "the ninetieth day is still kept");
        assert_eq!(on(ReportStage::Approved).as_deref(), Some("2031-11-24"));
        for open in [
            ReportStage::New,
            ReportStage::Verifying,
            ReportStage::Confirmed,
            ReportStage::Proposed,
            ReportStage::Returned,
        ] {
            assert_eq!(on(open), None, "{open:?}");
        }
        for wrong in [
            RULES.replace("known = 365", ""),
            RULES.replace("known", "verifying"),
            format!("{RULES}\nnew = 1"),
            RULES.replace("90", "-1"),
        ] {
            assert!(Retention::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
