//! Accounts, for administrators: made, given a new first password, closed. An administrator can neither read nor give
//! anybody the post's keys.

use model::Role;
use opening::Password;
use recorder_protocol::{CloseAccount, MakeAccount, Recorded, ResetAccount};
use register::Account;

use crate::accounts::account_keys;
use crate::accounts::roles::conflict;
use crate::accounts::sessions::Sessions;
use crate::actor::Actor;
use crate::error::ConsoleError;

/// An account to be made.
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// Its roles.
    pub roles: Vec<Role>,
    /// The unit whose cases it sees, for case units.
    pub unit: Option<String>,
}

/// How making an account ended.
pub enum AccountMade {
    /// It is made; its first password, to be shown once.
    Made(Password),
    /// The name is not of its form.
    BadName,
    /// No role.
    NoRole,
    /// A unit is missing, or named where there can be none.
    BadUnit,
    /// Two roles that nobody may hold together.
    Conflict(Role, Role),
    /// The name is taken.
    Taken,
}

/// Makes an account, which is recorded. Blocks for as long as hashing takes.
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

/// How a change of somebody's account ended.
pub enum AccountChanged<T> {
    /// It is changed.
    Changed(T),
    /// Nobody else holds the post's keys: without this account no letter would ever open.
    LastKeys,
    /// It is the administrator's own.
    Own,
    /// It was changed meanwhile.
    Conflict,
}

/// Gives an account a new first password; its keys are new too, and must be confirmed again. Blocks for as long as
/// hashing takes.
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
    // After the change: whoever signs in meanwhile looks again.
    sessions.end_all_of(&account);
    Ok(changed.then_some(password))
}

/// Closes an account: its keys are erased, its sessions end, its name is never used again.
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

/// All accounts, as the register has them.
pub fn accounts(actor: &Actor) -> Result<Vec<Account>, ConsoleError> {
    Ok(actor.register().accounts()?)
}

/// Whether nobody else holds the post's keys: without this account no letter would ever open.
fn is_last_holder(actor: &Actor, name: &str) -> Result<bool, ConsoleError> {
    let accounts = actor.register().accounts()?;
    let mut holders = accounts.iter().filter(|account| !account.closed && account.post_keys.is_some());
    Ok(holders.clone().count() == 1 && holders.any(|account| account.name == name))
}
