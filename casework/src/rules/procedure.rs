//! How reports and cases are handled: dated rule sets of deadlines, channels, case days and figures.

use model::{Day, Due, codes};
use serde::Deserialize;

use crate::cases::Authority;
use crate::reports::Origin;
use crate::rules::Calendar;

/// A dated rule set in the format of `policy/procedure/*.toml`. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// The first day on which it applies.
    pub in_force_from: Day,
    rewarded_origins: Vec<String>,
    case_weekdays: Vec<u8>,
    /// The smallest figure of reports that is shown, at least 2.
    pub smallest_figure: u32,
    /// Days from the end of a quarter until its figures are published.
    pub publish_after_days: u16,
    clocks: Clocks,
    transfers: Transfers,
}

/// Deadlines in working days after the day of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clocks {
    acknowledge: u16,
    note: u16,
    feedback: u16,
    answer: u16,
}

/// Working days within which another authority must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfers {
    police: u16,
    procuratorate: u16,
}

/// Why a rule set is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadProcedure {
    /// Not the expected TOML; the message names the line.
    #[error("the rule set cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// The code of an unknown channel.
    #[error("the rule set names an unknown origin: {0}")]
    Origin(String),
    /// A number out of range; names the key.
    #[error("the rule set's {0} is out of range")]
    Range(&'static str),
    /// Two rule sets with one first day.
    #[error("two rule sets begin on {0}")]
    SameDay(Day),
    /// No rule set was given.
    #[error("there is no rule set")]
    None,
}

impl Procedure {
    /// Reads a rule set. Refuses unknown keys, unknown channels and numbers out of range.
    pub fn parse(text: &str) -> Result<Self, BadProcedure> {
        let rules: Self = toml::from_str(text)?;
        if let Some(unknown) = rules.rewarded_origins.iter().find(|code| Origin::of_code(code).is_none()) {
            return Err(BadProcedure::Origin(unknown.clone()));
        }
        let Clocks { acknowledge, note, feedback, answer } = rules.clocks;
        let days = &rules.case_weekdays;
        let checks = [
            (!days.is_empty() && days.iter().all(|day| (1..=7).contains(day)), "case_weekdays"),
            // Below two, no count above zero would be hidden.
            (rules.smallest_figure >= 2, "smallest_figure"),
            (0 < acknowledge && acknowledge <= note && note <= feedback && feedback <= answer, "clocks"),
            (rules.transfers.police > 0 && rules.transfers.procuratorate > 0, "transfers"),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, name)) => Err(BadProcedure::Range(name)),
            None => Ok(rules),
        }
    }

    /// Whether reports of this channel may earn a reward.
    #[must_use]
    pub fn rewards(&self, origin: Origin) -> bool {
        self.rewarded_origins.iter().any(|code| code == origin.code())
    }

    /// The first day on which fact sheets become cases, from `day` on and including it.
    #[must_use]
    pub fn case_day(&self, day: Day) -> Day {
        let ahead = (0..7).map(|days| day.plus_days(days));
        ahead.into_iter().find(|day| self.case_weekdays.contains(&day.weekday())).unwrap_or(day)
    }

    /// The deadlines towards a reporter whose first letter came on this day.
    #[must_use]
    pub fn due(&self, received: Day, calendar: &Calendar) -> Due {
        let after = |days| calendar.after(received, days);
        let Clocks { acknowledge, note, feedback, answer } = self.clocks;
        Due {
            acknowledge: after(acknowledge),
            written_reply: after(note),
            feedback: after(feedback),
            answer: after(answer),
        }
    }

    /// The last day for another authority's answer to a transfer sent on this day.
    #[must_use]
    pub fn answer_by(&self, to: Authority, sent: Day, calendar: &Calendar) -> Day {
        let days = match to {
            Authority::Police => self.transfers.police,
            Authority::Procuratorate => self.transfers.procuratorate,
        };
        calendar.after(sent, days)
    }
}

codes!(
    /// A deadline of the post towards a reporter.
    Deadline {
        /// A personal reply by an officer.
        WrittenReply = "note",
        /// Feedback on the progress of the handling.
        Feedback = "feedback",
        /// The answer with the outcome.
        Answer = "answer",
    }
);

/// The next deadline towards a reporter: a first reply, then feedback, then the
/// answer. `None` once it is decided, since the outcome is then shown. `answers` is
/// the number of replies so far. The exchange acknowledges the receipt of a letter.
#[must_use]
pub fn next_deadline(due: &Due, answers: u64, decided: bool) -> Option<(Deadline, Day)> {
    match answers {
        _ if decided => None,
        0 => Some((Deadline::WrittenReply, due.written_reply)),
        1 => Some((Deadline::Feedback, due.feedback)),
        _ => Some((Deadline::Answer, due.answer)),
    }
}

/// All rule sets, at least one, ordered by their first day.
#[derive(Clone, Debug)]
pub struct Procedures(Vec<Procedure>);

impl Procedures {
    /// Reads rule sets. Each applies from its first day until the
    /// next one begins; the first also applies before its day.
    pub fn parse(texts: &[&str]) -> Result<Self, BadProcedure> {
        let mut sets = texts.iter().map(|text| Procedure::parse(text)).collect::<Result<Vec<_>, _>>()?;
        sets.sort_by_key(|set| set.in_force_from);
        if sets.is_empty() {
            return Err(BadProcedure::None);
        }
        match sets.windows(2).find(|pair| pair[0].in_force_from == pair[1].in_force_from) {
            Some(pair) => Err(BadProcedure::SameDay(pair[0].in_force_from)),
            None => Ok(Self(sets)),
        }
    }

    /// The rules in force on a day.
    #[must_use]
    pub fn on(&self, day: Day) -> &Procedure {
        let in_force = self.0.iter().rev().find(|set| set.in_force_from <= day);
        // Index safety: there is at least one.
        in_force.unwrap_or(&self.0[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = include_str!("../../../policy/procedure/2022-01-30.toml");

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn dates_follow_from_the_day_of_receipt_alone() {
        let rules = Procedure::parse(RULES).expect("rules");
        let calendar = Calendar::parse(&[include_str!("../../../policy/calendar/2026.toml")]).expect("a calendar");
        // A Friday before the long holiday.
        let due = rules.due(day("2026-09-18"), &calendar);
        let dates = [due.acknowledge, due.written_reply, due.feedback, due.answer].map(|day| day.to_string());
        assert_eq!(next_deadline(&due, 0, false), Some((Deadline::WrittenReply, due.written_reply)));
        assert_eq!(next_deadline(&due, 1, false), Some((Deadline::Feedback, due.feedback)));
        assert_eq!(
            (next_deadline(&due, 5, false), next_deadline(&due, 0, true)),
            (Some((Deadline::Answer, due.answer)), None)
        );
        assert_eq!(dates, ["2026-09-24", "2026-10-09", "2026-11-05", "2026-12-17"]);
        assert_eq!(rules.answer_by(Authority::Police, day("2026-11-27"), &calendar), day("2026-12-02"));
    }

    #[test]
    fn cases_open_on_their_days() {
        let rules = Procedure::parse(RULES).expect("rules");
        assert_eq!(rules.case_day(day("2026-11-23")), day("2026-11-23"), "a Monday");
        assert_eq!(rules.case_day(day("2026-11-24")), day("2026-11-26"));
        assert_eq!(rules.case_day(day("2026-11-27")), day("2026-11-30"));
        let earns: Vec<_> = Origin::ALL.iter().filter(|origin| rules.rewards(**origin)).collect();
        assert_eq!(earns, [&Origin::Web, &Origin::Phone, &Origin::Letter, &Origin::Visit]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_named() {
        for (from, to, named) in [
            ("[1, 4]", "[]", "case_weekdays"),
            ("[1, 4]", "[8]", "case_weekdays"),
            ("= 5\n# The public", "= 1\n# The public", "smallest_figure"),
            ("note = 10", "note = 1", "clocks"),
            ("police = 3", "police = 0", "transfers"),
            ("\"phone\"", "\"fax\"", "fax"),
            ("police = 3", "police = 3\ncourt = 3", "court"),
        ] {
            let refused = Procedure::parse(&RULES.replacen(from, to, 1)).expect_err(named);
            assert!(refused.to_string().contains(named), "{refused}");
        }
        assert!(matches!(Procedures::parse(&[RULES, RULES]), Err(BadProcedure::SameDay(_))));
        assert!(matches!(Procedures::parse(&[]), Err(BadProcedure::None)));
        let later = RULES.replace("2022-01-30", "2027-01-01").replace("note = 10", "note = 7");
        let sets = Procedures::parse(&[&later, RULES]).expect("rule sets");
        assert_eq!(sets.on(day("2026-12-31")).clocks.note, 10);
        assert_eq!((sets.on(day("2027-01-01")).clocks.note, sets.on(day("2020-01-01")).clocks.note), (7, 10));
    }
}
