//! Dated rule sets of the installation. Those of rewards come with the programs, or from a folder; those of procedure
//! and the calendar are part of the program.

use std::path::Path;

use casework::rewards::Proposal;
use casework::rules::{BadCalendar, BadPolicy, BadProcedure, Calendar, Procedure, Procedures, RuleSet, RuleSets};
use model::{Day, Due};

use crate::error::ConsoleError;

/// A later rule set is added as a further file; none is ever changed.
const PROCEDURES: &[&str] = &[include_str!("../../../policy/procedure/2022-01-30.toml")];
const CALENDAR: &[&str] = &[include_str!("../../../policy/calendar/2026.toml")];

/// All rules of an installation: rewards, procedure and calendar.
pub struct Rules {
    /// Rules of rewards and their amounts, by date.
    pub rewards: RuleSets,
    /// Rules of procedure, such as deadlines, by date.
    pub procedures: Procedures,
    /// Calendar of working days, by year.
    pub calendar: Calendar,
}

/// Why a rule set is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadRules {
    /// A rule set of rewards is refused.
    #[error("the rules of rewards")]
    Rewards(#[from] BadPolicy),
    /// The folder of the reward rules cannot be read, or has no rule set.
    #[error("the folder of the rules of rewards cannot be read, or has none")]
    Folder(#[source] std::io::Error),
    /// A rule set of procedure is refused.
    #[error("the rules of procedure")]
    Procedures(#[from] BadProcedure),
    /// The calendar is refused.
    #[error("the calendar")]
    Calendar(#[from] BadCalendar),
}

impl Rules {
    /// Reads all rule sets, strictly. `rewards` is a folder whose rules replace the built-in reward rules.
    pub fn load(rewards: Option<&Path>) -> Result<Self, BadRules> {
        let own = rewards.map(program::rule_files::read).transpose().map_err(BadRules::Folder)?;
        let rewards = RuleSets::of_house(own.as_deref())?;
        Ok(Self { rewards, procedures: Procedures::parse(PROCEDURES)?, calendar: Calendar::parse(CALENDAR)? })
    }

    /// The rules that a proposal names; `Unsound` if there are none of that digest.
    pub fn of_proposal(&self, proposal: &Proposal) -> Result<&RuleSet, ConsoleError> {
        self.rewards.of_digest(&proposal.rules).ok_or(ConsoleError::Unsound)
    }

    /// Townships and subdistricts of the newest rules.
    #[must_use]
    pub fn towns(&self) -> &[String] {
        self.rewards.newest().map(|set| set.policy.towns.as_slice()).unwrap_or_default()
    }

    /// The rules of procedure in force on a day.
    #[must_use]
    pub fn procedure(&self, on: Day) -> &Procedure {
        self.procedures.on(on)
    }

    /// Deadlines towards a reporter whose first letter came on this day.
    #[must_use]
    pub fn due(&self, received: Day) -> Due {
        self.procedure(received).due(received, &self.calendar)
    }

    /// The first day after `crossed` on which fact sheets become cases: all sheets that crossed between two such days
    /// become cases together.
    #[must_use]
    pub fn case_day_after(&self, crossed: Day) -> Day {
        let next = crossed.plus_days(1);
        self.procedure(next).case_day(next)
    }
}
