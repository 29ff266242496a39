//! Figures that the public was told, by quarter. What was told once stays as it is.

use database::Error;
use diesel::prelude::*;

use crate::Register;
use crate::schema::results;

impl Register {
    /// What was told of each quarter, oldest first.
    pub fn results(&self) -> Result<Vec<(String, String)>, Error> {
        self.readers.read(|connection| results::table.order(results::quarter).load(connection))
    }

    /// Keeps what is told of a quarter, unless something was told of it before.
    pub fn keep_results(&self, quarter: String, figures: String) -> Result<(), Error> {
        let keep = self.writer.write(move |connection| {
            let known = results::table.find(&quarter).select(results::quarter);
            if known.first::<String>(connection).optional()?.is_none() {
                let row = (results::quarter.eq(quarter), results::figures.eq(figures));
                diesel::insert_into(results::table).values(row).execute(connection)?;
            }
            Ok(())
        });
        keep.wait()
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::register;

    #[test]
    fn what_was_told_once_stays() {
        let (register, _folder) = register();
        for (quarter, figures) in [("2026-Q2", "b"), ("2026-Q1", "a"), ("2026-Q1", "other")] {
            register.keep_results(quarter.to_owned(), figures.to_owned()).expect("kept");
        }
        let kept = register.results().expect("results");
        assert_eq!(kept, [("2026-Q1".to_owned(), "a".to_owned()), ("2026-Q2".to_owned(), "b".to_owned())]);
    }
}
