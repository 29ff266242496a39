//! Account administration: making accounts, resetting their passwords, closing them. An administrator can neither read
//! the post's keys nor grant them.

use model::Role;
use opening::Password;
use recorder_protocol::{CloseAccount, MakeAccount, Recorded, ResetAccount};
use register::Account;

use crate::accounts::account_keys;
use crate::accounts::roles::conflict;
use crate::accounts::sessions::Sessions;
use crate::actor::Actor;
use crate::error::ConsoleError;

/// Request to make an account.
pub struct NewAccount {
    /// Account name: 2 to 32 lower-case letters, digits, dots or hyphens.
    pub name: String,
    /// Roles of the account, at least one; some exclude each other.
    pub roles: Vec<Role>,
    /// The unit whose cases the account sees, for case units only; 1 to 60 characters.
    pub unit: Option<String>,
}

/// Outcome of [`make_account`]: the first password, or why there is no account.
pub enum AccountMade {
    /// The account is made. Its first password is to be shown once.
    Made(Password),
    /// The name is not of the form of [`NewAccount::name`].
    BadName,
    /// No role was given.
    NoRole,
    /// A case unit names no unit, another account names one, or its length is wrong.
    BadUnit,
    /// No account may hold these two roles together.
    Conflict(Role, Role),
    /// Another account has this name already.
    Taken,
}

/// Makes an account; this is recorded first. Blocks while the password is hashed.
pub fn make_account(actor: &Actor, new: NewAccount) -> Result<AccountMade, ConsoleError> {
    if account_keys::check_name(&new.name).is_err() {
        return Ok(AccountMade::BadName);
    }
    if new.roles.is_empty() {
        return Ok(AccountMade::NoRole);
    }
    if let Some((one, other)) = conflict(&new.roles) {
        return Ok(AccountMade::Conflict(one, other));
    }
    if !account_keys::unit_fits(&new.roles, new.unit.as_deref()) {
        return Ok(AccountMade::BadUnit);
    }
    if actor.register().accounts()?.iter().any(|account| account.name == new.name) {
        return Ok(AccountMade::Taken);
    }
    let unit = new.unit.clone().unwrap_or_default();
    let recorded = actor.record(MakeAccount { account: new.name, roles: new.roles, unit })?;
    let made = make(recorded, actor, new.unit.as_deref())?;
    Ok(made.map_or(AccountMade::Taken, AccountMade::Made))
}

fn make(recorded: Recorded<MakeAccount>, actor: &Actor, unit: Option<&str>) -> Result<Option<Password>, ConsoleError> {
    let MakeAccount { account, roles, .. } = recorded.into_action();
    let password = Password::generate().map_err(ConsoleError::inside)?;
    let made = account_keys::make(&account, &roles, unit, &password, None).map_err(ConsoleError::inside)?;
    Ok(actor.register().make_accounts(&[made])?.is_ok().then_some(password))
}

/// Outcome of resetting or closing an account.
pub enum AccountChanged<T> {
    /// The account is changed.
    Changed(T),
    /// Refused: only this account holds the post's keys, and without it no letter could be opened.
    LastKeys,
    /// Refused: administrators cannot close their own account.
    Own,
    /// Another request changed the account in the meantime; it stays as that left it.
    Conflict,
}

/// Gives an account a new first password and new keys, which must be confirmed again; this is recorded first. Blocks
/// while the password is hashed.
pub fn reset_account(
    actor: &Actor,
    sessions: &Sessions,
    name: String,
) -> Result<AccountChanged<Password>, ConsoleError> {
    if is_last_holder(actor, &name)? {
        return Ok(AccountChanged::LastKeys);
    }
    let before = actor.register().account(&name)?.ok_or(ConsoleError::NotFound)?;
    let password = reset(actor.record(ResetAccount { account: name })?, actor, sessions, &before)?;
    Ok(password.map_or(AccountChanged::Conflict, AccountChanged::Changed))
}

fn reset(
    recorded: Recorded<ResetAccount>,
    actor: &Actor,
    sessions: &Sessions,
    before: &Account,
) -> Result<Option<Password>, ConsoleError> {
    let ResetAccount { account } = recorded.into_action();
    let password = Password::generate().map_err(ConsoleError::inside)?;
    let made = account_keys::make(&account, &before.roles, before.unit.as_deref(), &password, None);
    let changed = actor.register().change_account(before, &made.map_err(ConsoleError::inside)?)?.is_ok();
    // After the change: a sign-in at the same moment reads the account again once its session is open.
    sessions.end_all_of(&account);
    Ok(changed.then_some(password))
}

/// Closes an account: its keys are erased, its sessions end, its name is never used again. This is recorded first.
pub fn close_account(actor: &Actor, sessions: &Sessions, name: String) -> Result<AccountChanged<()>, ConsoleError> {
    if name == actor.account() {
        return Ok(AccountChanged::Own);
    }
    if is_last_holder(actor, &name)? {
        return Ok(AccountChanged::LastKeys);
    }
    let before = actor.register().account(&name)?.ok_or(ConsoleError::NotFound)?;
    let closed = close(actor.record(CloseAccount { account: name })?, actor, sessions, &before)?;
    Ok(if closed { AccountChanged::Changed(()) } else { AccountChanged::Conflict })
}

fn close(
    recorded: Recorded<CloseAccount>,
    actor: &Actor,
    sessions: &Sessions,
    before: &Account,
) -> Result<bool, ConsoleError> {
    let CloseAccount { account } = recorded.into_action();
    let erased = Account { closed: true, sealed_key: Vec::new(), post_keys: None, ..before.clone() };
    let closed = actor.register().change_account(before, &Account { verifier: [0; 32], ..erased })?.is_ok();
    sessions.end_all_of(&account);
    Ok(closed)
}

/// All accounts in the register, closed ones included.
pub fn accounts(actor: &Actor) -> Result<Vec<Account>, ConsoleError> {
    Ok(actor.register().accounts()?)
}

/// Whether this is the only open account with the post's keys. Without it no letter could be opened.
fn is_last_holder(actor: &Actor, name: &str) -> Result<bool, ConsoleError> {
    let accounts = actor.register().accounts()?;
    let mut holders = accounts.iter().filter(|account| !account.closed && account.post_keys.is_some());
    Ok(holders.clone().count() == 1 && holders.any(|account| account.name == name))
}
