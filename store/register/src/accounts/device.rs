//! Devices from which somebody has signed in, stored as hashes of their cookies.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;

use crate::Register;
use crate::schema::devices;

/// Devices remembered for an account; the oldest is deleted first.
const MOST: i64 = 20;

impl Register {
    /// Whether this device, by the SHA-256 of its cookie, has signed in to this account before.
    pub fn is_device(&self, hash: [u8; 32], account: &str) -> Result<bool, DatabaseError> {
        let known = devices::hash.eq(hash.to_vec()).and(devices::account.eq(account));
        let found = self
            .readers
            .read(|connection| devices::table.filter(known).select(devices::id).first::<i64>(connection).optional())?;
        Ok(found.is_some())
    }

    /// Remembers a device by the SHA-256 of its cookie.
    pub fn remember_device(&self, hash: [u8; 32], account: &str) -> Result<(), DatabaseError> {
        let account = account.to_owned();
        let remember = move |connection: &mut AnyConnection| {
            let values = (devices::hash.eq(hash.to_vec()), devices::account.eq(&account));
            diesel::insert_into(devices::table).values(values).execute(connection)?;
            let ours = devices::table.filter(devices::account.eq(&account)).select(devices::id);
            let old: Vec<i64> = ours.order(devices::id.desc()).offset(MOST).limit(MOST).load(connection)?;
            diesel::delete(devices::table.filter(devices::id.eq_any(old))).execute(connection).map(|_| ())
        };
        self.writer.write(remember).wait()
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::register;

    #[test]
    fn a_desk_is_one_accounts_and_the_oldest_is_forgotten() {
        let (register, _folder) = register();
        for desk in 0..21 {
            register.remember_device([desk; 32], "zhou").expect("remembered");
        }
        let known = |desk: u8, account| register.is_device([desk; 32], account).expect("asked");
        assert!(known(20, "zhou") && !known(20, "wu") && !known(0, "zhou"));
    }
}
