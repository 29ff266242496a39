//! Accounts: names, roles, password verifiers and sealed keys.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;
use model::Role;

use crate::Register;
use crate::schema::accounts;

/// An account. Its secret keys are sealed.
#[derive(Clone)]
pub struct Account {
    /// The name to sign in with, unique for ever.
    pub name: String,
    /// The roles that the account may act in.
    pub roles: Vec<Role>,
    /// Salt of the password hash.
    pub salt: [u8; 16],
    /// Verifier derived from the password.
    pub verifier: [u8; 32],
    /// The public half of the identity that is derived from the password alone (`age1pq1…`).
    pub recipient: String,
    /// The public half of the account's signing key, in hexadecimal.
    pub verify_with: String,
    /// The private half of the signing key, sealed to `recipient`.
    pub sealed_key: Vec<u8>,
    /// The post's keys, sealed to `recipient`; none until another officer has granted them.
    pub post_keys: Option<Vec<u8>>,
    /// `recipient` signed with the account's own signing key, as JSON.
    pub bound: String,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// Whether the account is closed. A closed account keeps its name; its keys are erased.
    pub closed: bool,
    /// The case unit that the account belongs to; none for other accounts.
    pub unit: Option<String>,
}

/// Why an account was not created or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChanged {
    /// An account of that name exists, open or closed: names are never used twice.
    NameTaken,
    /// Somebody else changed the account in the meantime, or it does not exist.
    Changed,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_null = true)]
struct Row {
    name: String,
    roles: String,
    salt: Vec<u8>,
    verifier: Vec<u8>,
    recipient: String,
    verify_with: String,
    sealed_key: Vec<u8>,
    post_keys: Option<Vec<u8>>,
    bound: String,
    must_change: bool,
    closed: bool,
    unit: Option<String>,
}

impl Register {
    /// All accounts, ordered by name, closed ones included.
    pub fn accounts(&self) -> Result<Vec<Account>, DatabaseError> {
        let rows = self
            .readers
            .read(|connection| accounts::table.select(Row::as_select()).order(accounts::name).load(connection))?;
        rows.into_iter().map(account).collect()
    }

    /// The units of all open accounts, ordered by name.
    pub fn units(&self) -> Result<Vec<String>, DatabaseError> {
        let open = accounts::table.filter(accounts::closed.eq(false).and(accounts::unit.is_not_null()));
        let units = open.select(accounts::unit.assume_not_null()).distinct().order(accounts::unit);
        self.readers.read(|connection| units.load(connection))
    }

    /// An open account by its name; none if it does not exist or is closed.
    pub fn account(&self, name: &str) -> Result<Option<Account>, DatabaseError> {
        let open = accounts::name.eq(name).and(accounts::closed.eq(false));
        let row = self
            .readers
            .read(|connection| accounts::table.filter(open).select(Row::as_select()).first(connection).optional())?;
        row.map(account).transpose()
    }

    /// Creates accounts, all or none.
    pub fn make_accounts(&self, new: &[Account]) -> Result<Result<(), NotChanged>, DatabaseError> {
        let rows: Vec<Row> = new.iter().map(row).collect();
        let made = move |connection: &mut AnyConnection| {
            let names: Vec<&String> = rows.iter().map(|row| &row.name).collect();
            let taken = accounts::table.filter(accounts::name.eq_any(names)).select(accounts::id);
            if taken.first::<i64>(connection).optional()?.is_some() {
                return Ok(Err(NotChanged::NameTaken));
            }
            for row in rows {
                diesel::insert_into(accounts::table).values(row).execute(connection)?;
            }
            Ok(Ok(()))
        };
        self.writer.write(made).wait()
    }

    /// Changes an account if its verifier and post keys are still those of `before`: of two concurrent changes the
    /// second fails with [`NotChanged::Changed`].
    pub fn change_account(&self, before: &Account, after: &Account) -> Result<Result<(), NotChanged>, DatabaseError> {
        let (verifier, post_keys, row) = (before.verifier.to_vec(), before.post_keys.clone(), row(after));
        let same = accounts::name.eq(before.name.clone()).and(accounts::verifier.eq(verifier));
        let changed = move |connection: &mut AnyConnection| {
            let known = accounts::table.filter(same.clone()).select(accounts::post_keys);
            if known.first::<Option<Vec<u8>>>(connection).optional()? != Some(post_keys) {
                return Ok(Err(NotChanged::Changed));
            }
            diesel::update(accounts::table.filter(same)).set(row).execute(connection)?;
            Ok(Ok(()))
        };
        self.writer.write(changed).wait()
    }
}

fn row(account: &Account) -> Row {
    let roles: Vec<&str> = account.roles.iter().map(|role| role.code()).collect();
    Row {
        name: account.name.clone(),
        roles: roles.join(" "),
        salt: account.salt.to_vec(),
        verifier: account.verifier.to_vec(),
        recipient: account.recipient.clone(),
        verify_with: account.verify_with.clone(),
        sealed_key: account.sealed_key.clone(),
        post_keys: account.post_keys.clone(),
        bound: account.bound.clone(),
        must_change: account.must_change,
        closed: account.closed,
        unit: account.unit.clone(),
    }
}

fn account(row: Row) -> Result<Account, DatabaseError> {
    let roles = row.roles.split(' ').filter(|code| !code.is_empty()).map(Role::of_code);
    Ok(Account {
        name: row.name,
        roles: roles.collect::<Option<_>>().ok_or(DatabaseError::Corrupt)?,
        salt: row.salt.try_into().map_err(|_| DatabaseError::Corrupt)?,
        verifier: row.verifier.try_into().map_err(|_| DatabaseError::Corrupt)?,
        recipient: row.recipient,
        verify_with: row.verify_with,
        sealed_key: row.sealed_key,
        post_keys: row.post_keys,
        bound: row.bound,
        must_change: row.must_change,
        closed: row.closed,
        unit: row.unit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::register;

    #[test]
    fn of_two_who_change_an_account_at_once_the_second_is_told() {
        let (register, _folder) = register();
        let zhou = Account {
            name: "zhou".to_owned(),
            roles: vec![Role::Officer],
            salt: [1; 16],
            verifier: [1; 32],
            recipient: String::new(),
            verify_with: String::new(),
            sealed_key: vec![],
            post_keys: Some(vec![1]),
            bound: String::new(),
            must_change: true,
            closed: false,
            unit: None,
        };
        assert_eq!(register.make_accounts(std::slice::from_ref(&zhou)).expect("asked"), Ok(()));
        assert_eq!(register.make_accounts(std::slice::from_ref(&zhou)).expect("asked"), Err(NotChanged::NameTaken));
        let reset = Account { verifier: [2; 32], post_keys: None, ..zhou.clone() };
        assert_eq!(register.change_account(&zhou, &reset).expect("asked"), Ok(()));
        assert_eq!(register.change_account(&zhou, &zhou).expect("asked"), Err(NotChanged::Changed));
        assert!(register.account("zhou").expect("asked").expect("zhou").post_keys.is_none());
        let closed = Account { closed: true, ..reset.clone() };
        assert_eq!(register.change_account(&reset, &closed).expect("asked"), Ok(()));
        assert!(register.account("zhou").expect("asked").is_none());
        assert_eq!(register.accounts().expect("asked").len(), 1);
    }
}
