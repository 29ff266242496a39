//! Published figures, by quarter. They are never altered once published.

use database::DatabaseError;
use diesel::prelude::*;

use crate::Register;
use crate::schema::results;

/// The published figures of a quarter.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = results)]
pub struct StoredResults {
    /// The quarter, such as `2026-Q3`.
    pub quarter: String,
    /// The published figures, as JSON.
    pub figures: String,
    /// The officer's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

impl Register {
    /// The published figures of each quarter, oldest first.
    pub fn results(&self) -> Result<Vec<StoredResults>, DatabaseError> {
        self.readers.read(|connection| results::table.order(results::quarter).load(connection))
    }

    /// Stores the published figures of a quarter, unless some are stored already.
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
