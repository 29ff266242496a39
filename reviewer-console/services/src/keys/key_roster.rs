//! The recorder's roster of keys: an auditor confirms them, and revokes them.

use crypto::keys::signature::VerificationKey;
use recorder_protocol::{ClientError, ConfirmKey, Granted, ReadRoster, Recorded, RevokeKey, RosterLine};
use register::Account;

use crate::accounts::sessions::Sessions;
use crate::actor::Actor;
use crate::error::ConsoleError;

/// A person on the recorder's roster.
pub type RosterPerson = RosterLine;

/// All people whose key was ever confirmed, and accounts that wait for it.
pub struct Roster {
    /// People on the recorder's roster.
    pub people: Vec<RosterPerson>,
    /// Open accounts whose key, or whose roles, the recorder has not confirmed.
    pub waiting: Vec<Account>,
}

/// Reads the roster, which is recorded.
pub fn read_roster(actor: &Actor) -> Result<Roster, ConsoleError> {
    let (recorded, granted) = actor.record_to_audit(ReadRoster {})?;
    let people = people(recorded, granted)?;
    let mut waiting = actor.register().accounts()?;
    waiting.retain(|account| waits(account, &people));
    Ok(Roster { people, waiting })
}

fn people(recorded: Recorded<ReadRoster>, granted: Granted) -> Result<Vec<RosterPerson>, ConsoleError> {
    let ReadRoster {} = recorded.into_action();
    let Granted::Roster { people } = granted else { return Err(ClientError::Mismatch.into()) };
    Ok(people)
}

fn waits(account: &Account, roster: &[RosterPerson]) -> bool {
    let known = roster.iter().any(|person| {
        person.confirmed
            && person.account == account.name
            && person.roles == account.roles
            && String::from(person.key) == account.verify_with
    });
    !account.closed && !known
}

/// Confirms the key that an auditor has compared, which is recorded. False if the account has another key by now, or
/// still its first password.
pub fn confirm_key(actor: &Actor, name: &str, key: &str) -> Result<bool, ConsoleError> {
    let account = actor.register().account(name)?.ok_or(ConsoleError::NotFound)?;
    if account.verify_with != key || account.must_change {
        return Ok(false);
    }
    let key = VerificationKey::try_from(account.verify_with).map_err(ConsoleError::inside)?;
    // The log entry itself changes the roster; nothing is left to do here.
    let ConfirmKey { .. } =
        actor.record(ConfirmKey { account: account.name, roles: account.roles, key })?.into_action();
    Ok(true)
}

/// Revokes a key, which is recorded, and ends the account's sessions. False for the auditor's own.
pub fn revoke_key(actor: &Actor, sessions: &Sessions, name: String) -> Result<bool, ConsoleError> {
    if name == actor.account() {
        return Ok(false);
    }
    let RevokeKey { account } = actor.record(RevokeKey { account: name })?.into_action();
    sessions.end_all_of(&account);
    Ok(true)
}
