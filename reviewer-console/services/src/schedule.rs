//! What happens by the clock: exchanges and mail, in Beijing time.

use std::str::FromStr;

use jiff::Timestamp;
use model::{BEIJING, Day};
use serde::Deserialize;

/// A time of day in Asia/Shanghai, written `08:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Time {
    minutes: u16,
}

/// The text is no time of day.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written like 08:30")]
pub struct NotATime;

impl FromStr for Time {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hours, minutes) = text.split_once(':').ok_or(NotATime)?;
        let number = |text: &str, below: u16| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number: &u16| digits && *number < below).ok_or(NotATime)
        };
        Ok(Self { minutes: number(hours, 24)? * 60 + number(minutes, 60)? })
    }
}

impl TryFrom<String> for Time {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

/// A moment as the schedule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The day.
    pub day: Day,
    time: Time,
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:02}:{:02}", self.day, self.time.minutes / 60, self.time.minutes % 60)
    }
}

impl Moment {
    /// Now, to the minute.
    #[must_use]
    pub fn now() -> Self {
        // The schedule is what needs the time of day; nothing of it is kept.
        #[allow(clippy::disallowed_methods)]
        let now = Timestamp::now().to_zoned(BEIJING);
        let (hours, minutes) = (u16::from(now.hour().unsigned_abs()), u16::from(now.minute().unsigned_abs()));
        Self { day: now.date().into(), time: Time { minutes: hours * 60 + minutes } }
    }

    /// Whether one of these times was passed since an earlier moment. A machine that slept does
    /// what it missed once.
    #[must_use]
    pub fn passed(self, times: &[Time], since: Self) -> bool {
        let at = |day| move |time: &Time| Self { day, time: *time };
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
        let times: Vec<Time> = ["08:30", "16:30"].map(|time| time.parse().expect("a time")).into();
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
            assert_eq!(wrong.parse::<Time>(), Err(NotATime), "{wrong}");
        }
    }
}
