//! Exchanges: numbers and totals.

use database::DatabaseError;
use diesel::dsl::max;
use diesel::prelude::*;
use model::Day;

use crate::Register;
use crate::schema::exchanges;

/// Totals of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExchangeTotals {
    /// Number of letters taken in.
    pub letters: u64,
    /// Number of letters put aside as unreadable.
    pub unreadable: u64,
    /// Number of enclosures copied completely.
    pub enclosures: u64,
    /// Number of slots replaced.
    pub slots: u64,
    /// The code of the problem that stopped it; none if it succeeded.
    pub problem: Option<String>,
}

impl Register {
    /// Begins an exchange and returns its number, one more than the last. Slots carry this number.
    pub fn begin_exchange(&self, day: Day) -> Result<u64, DatabaseError> {
        let begun = self.writer.write(move |connection| {
            let last = exchanges::table.select(max(exchanges::number)).first::<Option<i64>>(connection)?;
            let number = last.unwrap_or(0) + 1;
            let none = (exchanges::letters.eq(0), exchanges::unreadable.eq(0), exchanges::enclosures.eq(0));
            let values = (exchanges::number.eq(number), exchanges::day.eq(day.to_string()), none);
            let unfinished = (exchanges::slots.eq(0), exchanges::problem.eq("unfinished"));
            diesel::insert_into(exchanges::table).values((values, unfinished)).execute(connection)?;
            Ok(number)
        });
        u64::try_from(begun.wait()?).map_err(|_| DatabaseError::Corrupt)
    }

    /// Records an exchange's totals.
    pub fn end_exchange(&self, number: u64, exchanged: ExchangeTotals) -> Result<(), DatabaseError> {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let number = count(number);
        let written = self.writer.write(move |connection| {
            let values = (
                exchanges::letters.eq(count(exchanged.letters)),
                exchanges::unreadable.eq(count(exchanged.unreadable)),
                exchanges::enclosures.eq(count(exchanged.enclosures)),
                exchanges::slots.eq(count(exchanged.slots)),
                exchanges::problem.eq(exchanged.problem),
            );
            diesel::update(exchanges::table.find(number)).set(values).execute(connection)
        });
        written.wait().map(|_| ())
    }

    /// The last exchanges, newest first, at most `most`: number, day, totals.
    pub fn exchanges(&self, most: i64) -> Result<Vec<(u64, String, ExchangeTotals)>, DatabaseError> {
        type Row = (i64, String, i64, i64, i64, i64, Option<String>);
        let rows: Vec<Row> = self
            .readers
            .read(|connection| exchanges::table.order(exchanges::number.desc()).limit(most).load(connection))?;
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let one = |(number, day, letters, unreadable, enclosures, slots, problem): Row| {
            let exchanged = ExchangeTotals {
                letters: count(letters),
                unreadable: count(unreadable),
                enclosures: count(enclosures),
                slots: count(slots),
                problem,
            };
            (count(number), day, exchanged)
        };
        Ok(rows.into_iter().map(one).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::register;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn numbers_grow_and_an_exchange_that_was_cut_off_says_so() {
        let (register, _folder) = register();
        assert_eq!(register.begin_exchange(day("2026-11-23")).expect("begun"), 1);
        assert_eq!(register.begin_exchange(day("2026-11-24")).expect("begun"), 2);
        register.end_exchange(2, ExchangeTotals { letters: 3, ..ExchangeTotals::default() }).expect("ended");
        let last = register.exchanges(10).expect("exchanges");
        assert_eq!((last[0].0, last[0].2.letters, last[0].2.problem.as_deref()), (2, 3, None));
        assert_eq!(last[1].2.problem.as_deref(), Some("unfinished"));
    }
}
