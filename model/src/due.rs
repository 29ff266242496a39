//! Until when a reporter is owed what.

use serde::{Deserialize, Serialize};

use crate::Day;

/// The last days for what the post owes every reporter, by the rules of the day of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The receipt is acknowledged.
    pub acknowledge: Day,
    /// An officer writes in person.
    pub written_reply: Day,
    /// The reporter hears how it goes.
    pub feedback: Day,
    /// The reporter hears what came of it.
    pub answer: Day,
}
