//! Filters for entries of the log, and anomalies of entries.

use model::Day;
use serde::{Deserialize, Serialize};

/// A filter for entries of the log. Empty fields match every entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogFilter {
    /// Only entries of this account.
    pub account: Option<String>,
    /// Only entries about this report: the place of its first letter in the order of first receipt.
    pub report: Option<u64>,
    /// Only entries with this action's code.
    pub action: Option<String>,
    /// Only entries from this day on (Asia/Shanghai).
    pub from: Option<Day>,
    /// Only entries until the end of this day (Asia/Shanghai).
    pub until: Option<Day>,
    /// Only entries before this place, for the next page.
    pub before: Option<u64>,
    /// Only entries with an [`Anomaly`].
    #[serde(default)]
    pub anomalies: bool,
}

/// An anomaly of an entry, by a fixed rule. The recorder computes it when an auditor reads; it is not part of the
/// log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Anomaly {
    /// The account opened more than ten different reports within an hour.
    ManyReports,
    /// Before 7:00, from 20:00 on, or at a weekend (Beijing time).
    OutsideHours,
    /// Another account took the last step in handling this report.
    AnothersReport,
}

impl Anomaly {
    /// The anomaly's stable code, such as `many-reports`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}
