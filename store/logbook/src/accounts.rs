//! The roster: accounts whose keys the recorder accepts.

use crypto::keys::signature::VerificationKey;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;
use model::Role;

use crate::Logbook;
use crate::schema::accounts;

/// An account on the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccount {
    /// The stable number that reporters are shown.
    pub number: u32,
    /// Name of the account, unique on the roster.
    pub account: String,
    /// The roles it may act in.
    pub roles: Vec<Role>,
    /// The key that verifies the account's requests.
    pub key: VerificationKey,
    /// Whether its requests are accepted.
    pub confirmed: bool,
}

/// A change of the roster.
// Variants differ in size; values are short-lived, so boxing gains nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// Confirms an account's key and roles; a known account keeps its number.
    Confirm {
        /// Name of the account that is confirmed.
        account: String,
        /// The roles it may act in from now on.
        roles: Vec<Role>,
        /// The key that verifies its requests from now on.
        key: VerificationKey,
    },
    /// Accepts no more requests from this account.
    Revoke {
        /// Name of the account that is revoked.
        account: String,
    },
}

type Row = (i32, String, String, String, bool);

impl Logbook {
    /// An account on the roster by its name, revoked ones included.
    pub fn person(&self, account: &str) -> Result<Option<StoredAccount>, DatabaseError> {
        let row = self.readers.read(|connection| {
            accounts::table.filter(accounts::account.eq(account)).first::<Row>(connection).optional()
        })?;
        row.map(|row| person(row).ok_or(DatabaseError::Corrupt)).transpose()
    }

    /// All accounts on the roster, ordered by number, revoked ones included.
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

/// Returns false if there is no account to revoke.
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
