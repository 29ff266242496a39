//! Key statements signed so far. A serial is used once.

use database::DatabaseError;
use diesel::dsl::max;
use diesel::prelude::*;

use model::Day;

use crate::Register;
use crate::schema::statements;

impl Register {
    /// The serial of the next statement: one more than the last, from 1.
    pub fn next_serial(&self) -> Result<u64, DatabaseError> {
        let last = self.writer.write(|c| statements::table.select(max(statements::serial)).first::<Option<i64>>(c));
        let next = last.wait()?.unwrap_or(0) + 1;
        u64::try_from(next).map_err(|_| DatabaseError::Corrupt)
    }

    /// The serial of the newest statement signed before this day, which the portal must have by now; 0 if there is none.
    pub fn newest_serial(&self, today: Day) -> Result<u64, DatabaseError> {
        let signed = statements::table.filter(statements::signed_on.lt(today.to_string()));
        let newest: Option<i64> =
            self.readers.read(|connection| signed.select(max(statements::serial)).first(connection))?;
        u64::try_from(newest.unwrap_or(0)).map_err(|_| DatabaseError::Corrupt)
    }

    /// The day on which a later statement than this one was signed; none if it is the newest.
    pub fn replaced_on(&self, serial: u64) -> Result<Option<Day>, DatabaseError> {
        let serial = i64::try_from(serial).map_err(|_| DatabaseError::Corrupt)?;
        let later = statements::table.filter(statements::serial.gt(serial)).order(statements::serial);
        let day: Option<String> =
            self.readers.read(|connection| later.select(statements::signed_on).first(connection).optional())?;
        day.map(|day| day.parse().map_err(|_| DatabaseError::Corrupt)).transpose()
    }

    /// Stores a signed statement before it is published; fails if the serial is already used.
    pub fn remember_statement(&self, serial: u64, signed_on: String, note: String) -> Result<(), DatabaseError> {
        let serial = i64::try_from(serial).map_err(|_| DatabaseError::Corrupt)?;
        let values = (statements::serial.eq(serial), statements::signed_on.eq(signed_on), statements::note.eq(note));
        self.writer.write(|c| diesel::insert_into(statements::table).values(values).execute(c)).wait().map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use crate::Register;

    #[test]
    fn serials_only_grow() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("register.sqlite");
        crate::migrate(&file).expect("migrated");
        let register = Register::open(&file).expect("a register");
        assert_eq!(register.next_serial().expect("a serial"), 1);
        register.remember_statement(1, "2026-11-23".to_owned(), String::new()).expect("remembered");
        assert_eq!(register.next_serial().expect("a serial"), 2);
        assert!(register.remember_statement(1, String::new(), String::new()).is_err());
        register.remember_statement(2, "2026-12-20".to_owned(), String::new()).expect("remembered");
        let newest = |day: &str| register.newest_serial(day.parse().expect("a day")).expect("asked");
        assert_eq!([newest("2026-11-23"), newest("2026-12-20"), newest("2026-12-21")], [0, 1, 2]);
        let replaced = |serial| register.replaced_on(serial).expect("asked").map(|day| day.to_string());
        assert_eq!((replaced(1).as_deref(), replaced(2)), (Some("2026-12-20"), None));
    }
}
