//! An officer grants the post's keys to a new one. Nobody else can.

use model::{Digest, Role};
use recorder_protocol::{GrantKeys, Recorded};
use register::Account;

use crate::accounts::account_keys::{self, AccountKeyError};
use crate::actor::Actor;
use crate::error::ConsoleError;

/// SHA-256 of the recipient that the keys will be sealed to; names the recipient that an officer saw.
#[must_use]
pub fn recipient(account: &Account) -> Digest {
    Digest::of(account.recipient.as_bytes())
}

/// Grants the post's keys to another officer, which is recorded. False if the account changed since the officer saw it,
/// or is not waiting for them.
pub fn grant_post_keys(actor: &Actor, name: &str, seen: Digest) -> Result<bool, ConsoleError> {
    let account = actor.register().account(name)?.ok_or(ConsoleError::NotFound)?;
    let waits = account.post_keys.is_none() && !account.must_change && account.roles.contains(&Role::Officer);
    if !waits || recipient(&account) != seen {
        return Ok(false);
    }
    let action = GrantKeys { account: account.name.clone(), recipient: seen };
    seal(actor.record(action)?, actor, &account)
}

fn seal(recorded: Recorded<GrantKeys>, actor: &Actor, account: &Account) -> Result<bool, ConsoleError> {
    let GrantKeys { .. } = recorded.into_action();
    match account_keys::grant(account, actor.post_keys()?) {
        Ok(granted) => Ok(actor.register().change_account(account, &granted)?.is_ok()),
        Err(AccountKeyError::Unbound) => {
            tracing::error!(
                code = "account-key.forged",
                "recipient of an account is not signed by its own key: the register was changed"
            );
            Ok(false)
        }
        Err(error) => Err(ConsoleError::inside(error)),
    }
}
