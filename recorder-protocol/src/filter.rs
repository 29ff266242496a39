//! Which entries of the log an auditor asks for, and what is unusual about one.

use model::Day;
use serde::{Deserialize, Serialize};

/// Which entries of the log are asked for. Empty fields ask for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogFilter {
    /// Only this account's.
    pub account: Option<String>,
    /// Only about this report: the place of its first letter in the order of first receipt.
    pub report: Option<u64>,
    /// Only this action.
    pub action: Option<String>,
    /// From this day on (Asia/Shanghai).
    pub from: Option<Day>,
    /// Until the end of this day.
    pub until: Option<Day>,
    /// Only entries before this sequence: the next page.
    pub before: Option<u64>,
    /// Only entries with an [`Anomaly`].
    #[serde(default)]
    pub anomalies: bool,
}

/// What is unusual about an entry. The recorder says it when an auditor reads; it is no part of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Anomaly {
    /// More than ten reports were opened by this account within an hour.
    ManyReports,
    /// Before 7, after 20 o'clock, or at a weekend (Beijing time).
    OutsideHours,
    /// Somebody else took the last step in handling this report.
    AnothersReport,
}

impl Anomaly {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}
