//! The clock, passed in so that tests choose the day.

use crypto::day::Day;
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};

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
            // Asia/Shanghai is UTC+8 without summer time since 1991.
            Self::System => Timestamp::now().to_zoned(TimeZone::fixed(tz::offset(8))).date().into(),
            Self::Fixed(day) => day,
        }
    }
}
