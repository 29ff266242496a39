//! The dated rule sets of the house: those of rewards that the programs come with, or a folder's; those of
//! procedure and the calendar are part of the program.

use std::path::Path;

use casework::calendar::{BadCalendar, Calendar};
use casework::policy::{BadPolicy, RuleSets};
use casework::procedure::{BadProcedure, Procedure, Procedures};
use model::{Day, Due};

/// A later rule set is a further file; none is ever changed.
const PROCEDURES: &[&str] = &[include_str!("../../policy/procedure/2022-01-30.toml")];
const CALENDAR: &[&str] = &[include_str!("../../policy/calendar/2026.toml")];

/// What is rewarded, how things are handled, and on which days people work.
pub(crate) struct Rules {
    pub(crate) rewards: RuleSets,
    pub(crate) procedures: Procedures,
    pub(crate) calendar: Calendar,
}

/// Why a rule set is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadRules {
    #[error("the rules of rewards")]
    Rewards(#[from] BadPolicy),
    #[error("the folder of the rules of rewards cannot be read, or has none")]
    Folder(#[source] std::io::Error),
    #[error("the rules of procedure")]
    Procedures(#[from] BadProcedure),
    #[error("the calendar")]
    Calendar(#[from] BadCalendar),
}

impl Rules {
    /// Reads them all, strictly.
    pub(crate) fn load(rewards: Option<&Path>) -> Result<Self, BadRules> {
        let own = rewards.map(program::rule_files::read).transpose().map_err(BadRules::Folder)?;
        let rewards = RuleSets::of_house(own.as_deref())?;
        Ok(Self { rewards, procedures: Procedures::parse(PROCEDURES)?, calendar: Calendar::parse(CALENDAR)? })
    }

    /// Townships and subdistricts of the newest rules.
    pub(crate) fn towns(&self) -> &[String] {
        self.rewards.newest().map(|set| set.policy.towns.as_slice()).unwrap_or_default()
    }

    /// How things are handled on a day.
    pub(crate) fn procedure(&self, on: Day) -> &Procedure {
        self.procedures.on(on)
    }

    /// What a reporter whose first letter came on this day is owed until when.
    pub(crate) fn due(&self, received: Day) -> Due {
        self.procedure(received).due(received, &self.calendar)
    }

    /// The first day after `crossed` on which fact sheets become cases: all that crossed between two
    /// such days appear together.
    pub(crate) fn case_day_after(&self, crossed: Day) -> Day {
        let next = crossed.plus_days(1);
        self.procedure(next).case_day(next)
    }
}
