//! The dated rule sets of the installation: those of rewards that the programs come with, or a folder's; those of
//! procedure and the calendar are part of the program.

use std::path::Path;

use casework::rewards::Proposal;
use casework::rules::{BadCalendar, BadPolicy, BadProcedure, Calendar, Procedure, Procedures, RuleSet, RuleSets};
use model::{Day, Due};

use crate::error::ConsoleError;

/// A later rule set is a further file; none is ever changed.
const PROCEDURES: &[&str] = &[include_str!("../../../policy/procedure/2022-01-30.toml")];
const CALENDAR: &[&str] = &[include_str!("../../../policy/calendar/2026.toml")];

/// What is rewarded, how things are handled, and on which days people work.
pub struct Rules {
    /// What is rewarded, and with how much.
    pub rewards: RuleSets,
    /// How things are handled.
    pub procedures: Procedures,
    /// Working days.
    pub calendar: Calendar,
}

/// Why a rule set is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadRules {
    /// Those of rewards.
    #[error("the rules of rewards")]
    Rewards(#[from] BadPolicy),
    /// The folder of those of rewards.
    #[error("the folder of the rules of rewards cannot be read, or has none")]
    Folder(#[source] std::io::Error),
    /// Those of procedure.
    #[error("the rules of procedure")]
    Procedures(#[from] BadProcedure),
    /// The calendar.
    #[error("the calendar")]
    Calendar(#[from] BadCalendar),
}

impl Rules {
    /// Reads them all, strictly.
    pub fn load(rewards: Option<&Path>) -> Result<Self, BadRules> {
        let own = rewards.map(program::rule_files::read).transpose().map_err(BadRules::Folder)?;
        let rewards = RuleSets::of_house(own.as_deref())?;
        Ok(Self { rewards, procedures: Procedures::parse(PROCEDURES)?, calendar: Calendar::parse(CALENDAR)? })
    }

    /// The rules that a proposal names.
    pub fn of_proposal(&self, proposal: &Proposal) -> Result<&RuleSet, ConsoleError> {
        self.rewards.of_digest(&proposal.rules).ok_or(ConsoleError::Unsound)
    }

    /// Townships and subdistricts of the newest rules.
    #[must_use]
    pub fn towns(&self) -> &[String] {
        self.rewards.newest().map(|set| set.policy.towns.as_slice()).unwrap_or_default()
    }

    /// How things are handled on a day.
    #[must_use]
    pub fn procedure(&self, on: Day) -> &Procedure {
        self.procedures.on(on)
    }

    /// What a reporter whose first letter came on this day is owed until when.
    #[must_use]
    pub fn due(&self, received: Day) -> Due {
        self.procedure(received).due(received, &self.calendar)
    }

    /// The first day after `crossed` on which fact sheets become cases: all that crossed between two
    /// such days appear together.
    #[must_use]
    pub fn case_day_after(&self, crossed: Day) -> Day {
        let next = crossed.plus_days(1);
        self.procedure(next).case_day(next)
    }
}
