//! Setting up a recorder: its keys, its log, the first accounts.

use std::error::Error;
use std::path::{Path, PathBuf};

use confinement::Rights;
use logbook::Logbook;

use crate::accounts::{self, AccountLine};
use crate::keys::letter_keys::LetterKeys;
use crate::keys::signing;

/// The file name of the log in the recorder's folder, and in a backup.
pub const LOG: &str = "logbook.sqlite";

/// Makes the keys of a new recorder, and returns a line for each public key, for the root to sign. `letter_keys` are
/// two folders on different disks; if empty, both are in the recorder's folder, which is for demonstrations and
/// tests.
pub fn init(folder: &Path, name: &str, letter_keys: &[PathBuf]) -> Result<String, Box<dyn Error>> {
    let folders = match letter_keys {
        [] => ["letter-keys-1", "letter-keys-2"].map(|name| folder.join(name)),
        [one, other] => [one.clone(), other.clone()],
        _ => return Err("--letter-keys is given twice or not at all".into()),
    };
    signing::init(folder, name, &folders)
}

/// Confirms the keys of the console's first accounts, from the lines that `reviewer-console init` wrote. Returns a
/// line for each confirmed key. Fails if the roster is not empty.
pub fn enroll(folder: &Path, accounts: &str) -> Result<String, Box<dyn Error>> {
    let people = accounts::read(accounts)?;
    let logbook = Logbook::open(&folder.join(LOG))?;
    if !logbook.roster()?.is_empty() {
        return Err("the first accounts are enrolled already; an auditor confirms keys at the console".into());
    }
    confirm(&logbook, people)
}

/// Signs a key statement beside the statement key, and returns the signed one. Fails if it names no outer key of this
/// recorder.
pub fn cosign(folder: &Path, statement: &str) -> Result<String, Box<dyn Error>> {
    Ok(signing::cosign(folder, statement)?)
}

/// Confirms an auditor's new key.
pub(crate) fn confirm_auditor(folder: &Path, account: &str, key: &str) -> Result<String, Box<dyn Error>> {
    let people = accounts::read(&format!("account {account} {} {key}", model::Role::Auditor.code()))?;
    confirm(&Logbook::open(&folder.join(LOG))?, people)
}

fn confirm(logbook: &Logbook, people: Vec<AccountLine>) -> Result<String, Box<dyn Error>> {
    let line = |(account, roles, key): &AccountLine| {
        let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
        format!("confirmed {account} ({}) {}\n", roles.join(", "), String::from(*key))
    };
    let said = people.iter().map(line).collect();
    accounts::enroll(logbook, people).map_err(|reason| format!("not confirmed: {reason:?}"))?;
    Ok(said)
}

/// What the serving process may still do after its start: its own folder and those of the letters' keys. It makes no
/// connection.
pub fn rights(folder: &Path) -> Result<Rights, Box<dyn std::error::Error>> {
    let mut writes = vec![folder.to_owned()];
    writes.extend(LetterKeys::folders(folder)?);
    Ok(Rights { writes, ..Rights::default() })
}
