//! Times of scheduled work, which is exchanges and mail, in Beijing time.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use model::{BEIJING, Day};
use serde_with::DeserializeFromStr;

/// A time of day in Asia/Shanghai, written `08:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, DeserializeFromStr)]
pub struct TimeOfDay(Time);

/// The text is not a time of day.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written like 08:30")]
pub struct NotATime;

impl FromStr for TimeOfDay {
    type Err = NotATime;

    /// Hours and minutes of two digits each: a configuration has one spelling of a time.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let time = Time::strptime("%H:%M", text).map_err(|_| NotATime)?;
        if time.strftime("%H:%M").to_string() == text { Ok(Self(time)) } else { Err(NotATime) }
    }
}

/// A day and a time of day in Asia/Shanghai, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The day in Asia/Shanghai.
    pub day: Day,
    time: TimeOfDay,
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.day, self.time.0.strftime("%H:%M"))
    }
}

impl Moment {
    /// The present moment, to the minute.
    #[must_use]
    pub fn now() -> Self {
        // Only the schedule needs the time of day; it is not stored.
        #[allow(clippy::disallowed_methods)]
        let now = Timestamp::now().to_zoned(BEIJING);
        let time = Time::constant(now.hour(), now.minute(), 0, 0);
        Self { day: now.date().into(), time: TimeOfDay(time) }
    }

    /// Whether one of these times has passed since an earlier moment. After a machine was suspended, missed times count
    /// once.
    #[must_use]
    pub fn passed(self, times: &[TimeOfDay], since: Self) -> bool {
        let at = |day| move |time: &TimeOfDay| Self { day, time: *time };
        let due = times.iter().map(at(self.day)).chain(times.iter().map(at(since.day)));
        due.into_iter().any(|due| since < due && due <= self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(day: &str, time: &str) -> Moment {
        Moment { day: day.parse().expect("a day"), time: time.parse().expect("a time") }
    }

    #[test]
    fn each_time_is_passed_once() {
        let times: Vec<TimeOfDay> = ["08:30", "16:30"].map(|time| time.parse().expect("a time")).into();
        let passed =
            |since: (&str, &str), now: (&str, &str)| moment(now.0, now.1).passed(&times, moment(since.0, since.1));
        assert!(!passed(("2026-11-23", "08:00"), ("2026-11-23", "08:29")));
        assert!(passed(("2026-11-23", "08:29"), ("2026-11-23", "08:30")));
        assert!(!passed(("2026-11-23", "08:30"), ("2026-11-23", "08:31")));
        assert!(passed(("2026-11-23", "16:29"), ("2026-11-24", "07:00")), "slept over the evening");
        assert!(passed(("2026-11-21", "17:00"), ("2026-11-23", "09:00")), "slept over days");
        assert!(!passed(("2026-11-23", "17:00"), ("2026-11-24", "08:00")));
    }

    #[test]
    fn now_is_a_moment_at_any_hour() {
        assert!(Moment::now() >= moment("2026-01-01", "00:00"));
    }

    #[test]
    fn times_have_one_spelling() {
        for wrong in ["8:30", "24:00", "08:60", "0830", "+8:30", ""] {
            assert_eq!(wrong.parse::<TimeOfDay>(), Err(NotATime), "{wrong}");
        }
    }
}
