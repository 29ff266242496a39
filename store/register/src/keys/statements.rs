//! Key statements signed so far. A serial is used once.

use database::DatabaseError;
use diesel::dsl::max;
use diesel::prelude::*;

use crate::Register;
use crate::schema::statements;

impl Register {
    /// The serial of the next statement: one more than the last, from 1.
    pub fn next_serial(&self) -> Result<u64, DatabaseError> {
        let last = self.writer.write(|c| statements::table.select(max(statements::serial)).first::<Option<i64>>(c));
        let next = last.wait()?.unwrap_or(0) + 1;
        u64::try_from(next).map_err(|_| DatabaseError::Corrupt)
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
    }
}
