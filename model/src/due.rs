//! The post's deadlines towards a reporter.

use serde::{Deserialize, Serialize};

use crate::Day;

/// The last days for the post's duties towards a reporter, by the rules of the day of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The last day to acknowledge the receipt.
    pub acknowledge: Day,
    /// The last day for a personal reply by an officer.
    pub written_reply: Day,
    /// The last day for feedback on the progress.
    pub feedback: Day,
    /// The last day for the answer with the outcome.
    pub answer: Day,
}
