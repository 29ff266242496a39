//! The clock, passed in so that tests choose the day.

use jiff::Timestamp;
use model::Day;

/// Tells the civil day in Asia/Shanghai.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Always this day.
    Fixed(Day),
}

impl Clock {
    /// Today.
    #[must_use]
    pub fn today(self) -> Day {
        match self {
            #[allow(clippy::disallowed_methods)] // The one place where a day comes from.
            Self::System => Day::of(Timestamp::now()),
            Self::Fixed(day) => day,
        }
    }
}
