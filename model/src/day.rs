//! Civil days: the finest unit of time that the portal and everything sealed may hold.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::{self, TimeZone};
use serde_with::{DeserializeFromStr, SerializeDisplay};

/// Asia/Shanghai: UTC+8, without summer time since 1991.
pub const BEIJING: TimeZone = TimeZone::fixed(tz::offset(8));

/// A civil day in Asia/Shanghai, written `2026-11-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, SerializeDisplay, DeserializeFromStr)]
pub struct Day(jiff::civil::Date);

/// The text is not a day in the form `2026-11-23`.
#[derive(Debug, thiserror::Error)]
#[error("a day is written like 2026-11-23")]
pub struct NotADay;

impl Day {
    /// The day of a moment, in Asia/Shanghai.
    #[must_use]
    pub fn of(moment: Timestamp) -> Self {
        Self(moment.to_zoned(BEIJING).date())
    }

    /// The day `days` later; saturates at the end of year 9999.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(i64::from(days))))
    }

    /// The day `days` earlier; saturates at the beginning of the calendar.
    #[must_use]
    pub fn minus_days(self, days: u16) -> Self {
        Self(self.0.saturating_sub(jiff::Span::new().days(i64::from(days))))
    }
}

impl Day {
    /// The day of the week: Monday is 1, Sunday is 7.
    #[must_use]
    pub fn weekday(self) -> u8 {
        self.0.weekday().to_monday_one_offset().unsigned_abs()
    }

    /// The year of the day.
    #[must_use]
    pub fn year(self) -> u16 {
        self.0.year().unsigned_abs()
    }

    /// The quarter of the year, 1 to 4.
    #[must_use]
    pub fn quarter(self) -> u8 {
        (self.0.month().unsigned_abs() - 1) / 3 + 1
    }

    /// The first and the last day of a year, 0 to 9999; `None` for a later one.
    #[must_use]
    pub fn bounds_of_year(year: u16) -> Option<(Self, Self)> {
        let day = |month, day| jiff::civil::Date::new(i16::try_from(year).ok()?, month, day).ok().map(Self);
        day(1, 1).zip(day(12, 31))
    }

    /// Days from `earlier` to this day; negative if `earlier` is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.duration_since(earlier.0).as_hours().div_euclid(24).try_into().unwrap_or(i32::MAX)
    }
}

impl From<jiff::civil::Date> for Day {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let date: jiff::civil::Date = text.parse().map_err(|_| NotADay)?;
        // The library also accepts other ISO 8601 forms and years; here a day has ten characters and one spelling.
        let day = Self(date);
        if text.len() == 10 && day.to_string() == text { Ok(day) } else { Err(NotADay) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_and_plain_arithmetic() {
        let day: Day = "2026-11-23".parse().expect("a day");
        assert_eq!(day.to_string(), "2026-11-23");
        assert_eq!(day.plus_days(30).to_string(), "2026-12-23");
        assert_eq!(day.minus_days(30).to_string(), "2026-10-24");
        assert_eq!((day.weekday(), day.year(), day.quarter()), (1, 2026, 4));
        assert_eq!((day.plus_days(6).weekday(), day.plus_days(40).quarter()), (7, 1));
        assert_eq!((day.plus_days(30).days_since(day), day.days_since(day.plus_days(2))), (30, -2));
        let bounds = Day::bounds_of_year(2026).map(|(first, last)| (first.to_string(), last.to_string()));
        assert_eq!(bounds, Some(("2026-01-01".to_owned(), "2026-12-31".to_owned())));
        assert_eq!(Day::bounds_of_year(10_000), None);
        for wrong in [
            "20261123",
            "2026-11-23T00:00",
            "2026-13-01",
            "",
            "2026-1-3",
            "2026-02-30",
            "2026-02-29",
            " 2026-11-2",
            "2026-11-2 ",
            " 2026-11-23",
            "2026-W48-1",
            "2026/11/23",
            "0000-00-00",
            "２026-11-23",
            "20261123Z0",
        ] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }
}
