//! Figures that the public was told, by quarter. What was told once stays as it is.

use database::DatabaseError;
use diesel::prelude::*;

use crate::Register;
use crate::schema::results;

/// What the public was told of a quarter.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = results)]
pub struct StoredResults {
    /// Such as `2026-Q3`.
    pub quarter: String,
    /// What was told, as JSON.
    pub figures: String,
    /// The recorder's signature under what was asked for.
    pub attested: String,
}

impl Register {
    /// What was told of each quarter, oldest first.
    pub fn results(&self) -> Result<Vec<StoredResults>, DatabaseError> {
        self.readers.read(|connection| results::table.order(results::quarter).load(connection))
    }

    /// Keeps what is told of a quarter, unless something was told of it before.
    pub fn keep_results(&self, told: StoredResults) -> Result<(), DatabaseError> {
        let keep = self.writer.write(move |connection| {
            let known = results::table.find(&told.quarter).select(results::quarter);
            if known.first::<String>(connection).optional()?.is_none() {
                diesel::insert_into(results::table).values(told).execute(connection)?;
            }
            Ok(())
        });
        keep.wait()
    }
}

#[cfg(test)]
mod tests {
    use super::StoredResults;
    use crate::tests::register;

    #[test]
    fn what_was_told_once_stays() {
        let (register, _folder) = register();
        for (quarter, figures) in [("2026-Q2", "b"), ("2026-Q1", "a"), ("2026-Q1", "other")] {
            let told =
                StoredResults { quarter: quarter.to_owned(), figures: figures.to_owned(), attested: String::new() };
            register.keep_results(told).expect("kept");
        }
        let kept = register.results().expect("results");
        let kept: Vec<_> = kept.iter().map(|told| (told.quarter.as_str(), told.figures.as_str())).collect();
        assert_eq!(kept, [("2026-Q1", "a"), ("2026-Q2", "b")]);
    }
}
