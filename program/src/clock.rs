//! The clock, passed as a value so that tests can choose the day.

use jiff::Timestamp;
use model::Day;

/// The source of the civil day in Asia/Shanghai.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The clock of the operating system.
    System,
    /// Always the given day.
    Fixed(Day),
}

impl Clock {
    /// The current day in Asia/Shanghai.
    #[must_use]
    pub fn today(self) -> Day {
        match self {
            #[allow(clippy::disallowed_methods)] // The one place where a day comes from.
            Self::System => Day::of(Timestamp::now()),
            Self::Fixed(day) => day,
        }
    }
}
