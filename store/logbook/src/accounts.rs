//! The roster: whose keys the recorder takes.

use crypto::keys::signature::VerificationKey;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;
use model::Role;

use crate::Logbook;
use crate::schema::accounts;

/// Somebody that the recorder knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// The stable number that reporters see.
    pub number: u32,
    /// The account.
    pub account: String,
    /// The roles it may act in.
    pub roles: Vec<Role>,
    /// Its key.
    pub key: VerificationKey,
    /// Whether anything is taken from it.
    pub confirmed: bool,
}

/// A change of the roster.
// One lives as long as a request; its size matters to nobody.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// The key is this account's from now on; an account keeps its number.
    Confirm {
        /// The account.
        account: String,
        /// Its roles.
        roles: Vec<Role>,
        /// Its key.
        key: VerificationKey,
    },
    /// Nothing is taken from this account any more.
    Revoke {
        /// The account.
        account: String,
    },
}

type Row = (i32, String, String, String, bool);

impl Logbook {
    /// Somebody by the account's name.
    pub fn person(&self, account: &str) -> Result<Option<StoredAccount>, DatabaseError> {
        let row = self.readers.read(|connection| {
            accounts::table.filter(accounts::account.eq(account)).first::<Row>(connection).optional()
        })?;
        row.map(|row| person(row).ok_or(DatabaseError::Corrupt)).transpose()
    }

    /// Everybody, by number.
    pub fn roster(&self) -> Result<Vec<StoredAccount>, DatabaseError> {
        let rows = self.readers.read(|connection| accounts::table.order(accounts::number).load::<Row>(connection))?;
        rows.into_iter().map(|row| person(row).ok_or(DatabaseError::Corrupt)).collect()
    }
}

fn person((number, account, roles, key, confirmed): Row) -> Option<StoredAccount> {
    let roles = roles.split(' ').filter(|code| !code.is_empty()).map(Role::of_code).collect::<Option<_>>()?;
    let number = u32::try_from(number).ok()?;
    Some(StoredAccount { number, account, roles, key: VerificationKey::try_from(key).ok()?, confirmed })
}

/// False when there is nobody to revoke.
pub(crate) fn change(connection: &mut AnyConnection, change: &AccountChange) -> QueryResult<bool> {
    match change {
        AccountChange::Revoke { account } => {
            let known = accounts::table.filter(accounts::account.eq(account));
            Ok(diesel::update(known).set(accounts::confirmed.eq(false)).execute(connection)? == 1)
        }
        AccountChange::Confirm { account, roles, key } => {
            let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
            let values = (
                accounts::roles.eq(roles.join(" ")),
                accounts::verify_with.eq(String::from(*key)),
                accounts::confirmed.eq(true),
            );
            let known = accounts::table.filter(accounts::account.eq(account));
            if diesel::update(known).set(values.clone()).execute(connection)? == 0 {
                let last: Option<i32> = accounts::table.select(max(accounts::number)).first(connection)?;
                let number = accounts::number.eq(last.unwrap_or(0) + 1);
                diesel::insert_into(accounts::table)
                    .values((number, accounts::account.eq(account), values))
                    .execute(connection)?;
            }
            Ok(true)
        }
    }
}
