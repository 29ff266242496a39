//! Dated rules: reward policy, procedure, retention, calendar. They are passed in as text; nothing here reads a file.

mod calendar;
mod procedure;
mod retention;
mod reward_policy;
mod rule_sets;

pub use calendar::{BadCalendar, Calendar};
pub use procedure::{BadProcedure, Deadline, Procedure, Procedures, next_deadline};
pub use retention::{BadRetention, DECIDED, Retention};
pub use reward_policy::{
    AddOn, AddOnEvent, ApprovalRules, BadPolicy, ClaimPeriods, Exclusion, FirstReporter, Policy, Rounding, SameDay,
    SeveralFines,
};
pub use rule_sets::{BUILT_IN, RuleFile, RuleSet, RuleSets};
