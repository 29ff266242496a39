//! Working days: weekdays, except the days off that are announced
//! each year, and the weekend days that are worked instead.

use std::collections::BTreeSet;

use model::Day;
use serde::Deserialize;

/// The announced working days of some years. For other years only weekends are known.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeSet<u16>,
    days_off: BTreeSet<Day>,
    extra_days: BTreeSet<Day>,
}

/// One year in the format of `policy/calendar/*.toml`. Unknown keys are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    year: u16,
    days_off: Vec<Day>,
    extra_days: Vec<Day>,
}

/// Why a calendar is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadCalendar {
    /// Not the expected TOML; the message names the line.
    #[error("the calendar cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// Two files for one year.
    #[error("the year {0} is given twice")]
    Twice(u16),
    /// A day of another year, a day off at a weekend, or an extra day during the week.
    #[error("{0} does not belong in this list of its year")]
    Day(Day),
}

impl Calendar {
    /// Reads the calendars of some years, one text per year. Unknown keys are refused.
    pub fn parse(texts: &[&str]) -> Result<Self, BadCalendar> {
        let mut calendar = Self::default();
        for text in texts {
            let Written { year, days_off, extra_days } = toml::from_str(text)?;
            if !calendar.years.insert(year) {
                return Err(BadCalendar::Twice(year));
            }
            let wrong = |day: &&Day, weekend: bool| day.year() != year || is_weekend(**day) != weekend;
            let misplaced = days_off.iter().find(|day| wrong(day, false));
            if let Some(day) = misplaced.or_else(|| extra_days.iter().find(|day| wrong(day, true))) {
                return Err(BadCalendar::Day(*day));
            }
            calendar.days_off.extend(days_off);
            calendar.extra_days.extend(extra_days);
        }
        Ok(calendar)
    }

    /// Whether a day is a working day.
    #[must_use]
    pub fn is_working_day(&self, day: Day) -> bool {
        self.extra_days.contains(&day) || (!is_weekend(day) && !self.days_off.contains(&day))
    }

    /// Whether the working days of this day's year are announced; for other years only weekends are known.
    #[must_use]
    pub fn knows(&self, day: Day) -> bool {
        self.years.contains(&day.year())
    }

    /// The day that is so many working days after `day`, which itself does not count.
    #[must_use]
    pub fn after(&self, day: Day, working_days: u16) -> Day {
        let mut at = day;
        let mut left = working_days;
        while left > 0 {
            let next = at.plus_days(1);
            if next == at {
                return at; // The end of the calendar.
            }
            at = next;
            left -= u16::from(self.is_working_day(at));
        }
        at
    }

    /// Working days from `today` to `due`, which counts; negative when `due` is past. Counting stops at 10,000.
    #[must_use]
    pub fn until(&self, today: Day, due: Day) -> i32 {
        let (from, to, sign) = if due < today { (due, today, -1) } else { (today, due, 1) };
        let (mut at, mut days) = (from, 0);
        // Dates this far apart need no exact count.
        while at < to && days < 10_000 {
            at = at.plus_days(1);
            days += i32::from(self.is_working_day(at));
        }
        sign * days
    }
}

fn is_weekend(day: Day) -> bool {
    day.weekday() > 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const YEAR: &str = include_str!("../../../policy/calendar/2026.toml");

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn weekends_and_holidays_are_free_unless_worked() {
        let calendar = Calendar::parse(&[YEAR]).expect("a calendar");
        let works = |text: &str| calendar.is_working_day(day(text));
        assert!(works("2026-11-23") && works("2026-02-28") && works("2026-10-10"));
        assert!(!works("2026-10-01") && !works("2026-11-29") && !works("2026-02-17"));
        // The long holidays: the National Day week and the Spring Festival.
        assert_eq!(calendar.after(day("2026-09-30"), 1), day("2026-10-08"));
        assert_eq!(calendar.after(day("2026-02-13"), 3), day("2026-02-25"), "14 February is worked");
        assert_eq!(calendar.after(day("2026-11-27"), 5), day("2026-12-04"));
        assert_eq!(calendar.after(day("2026-11-27"), 0), day("2026-11-27"));
        assert_eq!(calendar.until(day("2026-11-27"), day("2026-12-04")), 5);
        assert_eq!(calendar.until(day("2026-12-04"), day("2026-11-27")), -5);
        assert!(calendar.knows(day("2026-01-01")) && !calendar.knows(day("2027-01-01")));
    }

    #[test]
    fn a_calendar_that_makes_no_sense_is_refused() {
        assert!(matches!(Calendar::parse(&[YEAR, YEAR]), Err(BadCalendar::Twice(2026))));
        for wrong in [
            YEAR.replace("2026-04-06", "2025-04-07"),
            YEAR.replace("2026-04-06", "2026-04-05"),
            YEAR.replace("2026-05-09", "2026-05-08"),
            format!("{YEAR}\nnights = []"),
        ] {
            assert!(Calendar::parse(&[&wrong]).is_err());
        }
    }

    proptest! {
        #[test]
        fn counting_forth_and_back_agree(from in 0_u16..800, days in 0_u16..120) {
            let calendar = Calendar::parse(&[YEAR]).expect("a calendar");
            let from = day("2025-11-01").plus_days(from);
            let due = calendar.after(from, days);
            prop_assert_eq!(calendar.until(from, due), i32::from(days));
            prop_assert!(days == 0 || calendar.is_working_day(due));
        }
    }
}
