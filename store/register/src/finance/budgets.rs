//! Yearly budgets for rewards.

use database::DatabaseError;
use diesel::prelude::*;

use crate::Register;
use crate::schema::budgets;

/// A line of a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBudget {
    /// Calendar year of the budget.
    pub year: u16,
    /// The amount, in fen.
    pub amount: i64,
    /// The day on which the line was entered.
    pub entered_on: String,
    /// The account that entered it.
    pub account: String,
    /// The signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

type Row = (i64, i64, String, String, String);

impl Register {
    /// The lines entered for a year, oldest first; the newest one counts.
    pub fn budgets(&self, year: u16) -> Result<Vec<StoredBudget>, DatabaseError> {
        let chosen = budgets::table.filter(budgets::year.eq(i64::from(year))).order(budgets::id).select((
            budgets::year,
            budgets::amount,
            budgets::entered_on,
            budgets::account,
            budgets::attested,
        ));
        let rows: Vec<Row> = self.readers.read(|connection| chosen.load(connection))?;
        let line =
            |(_, amount, entered_on, account, attested)| StoredBudget { year, amount, entered_on, account, attested };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Enters a line; earlier lines remain. Durable when it returns.
    pub fn set_budget(&self, new: StoredBudget) -> Result<(), DatabaseError> {
        let entered = self.writer.write(move |connection| {
            let values = (
                budgets::year.eq(i64::from(new.year)),
                budgets::amount.eq(new.amount),
                budgets::entered_on.eq(new.entered_on),
                budgets::account.eq(new.account),
                budgets::attested.eq(new.attested),
            );
            diesel::insert_into(budgets::table).values(values).execute(connection).map(|_| ())
        });
        entered.wait()
    }
}
