//! Accounts whose keys the recorder's operator confirms: the console's first ones, and a new auditor's.

use crypto::keys::signature::VerificationKey;
use jiff::Timestamp;
use logbook::{Accompanying, AccountChange, Logbook, NewEntry};
use model::Role;
use recorder_protocol::Refusal;

use crate::audit::append::append;
use crate::audit::log_subject::subject_of_key;

/// The account name in entries that the recorder makes by itself.
pub(crate) const RECORDER: &str = "recorder";

/// Name, roles and key of an account.
pub(crate) type AccountLine = (String, Vec<Role>, VerificationKey);

/// A malformed line; the number counts from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {0} is not of the form: account NAME ROLE[,ROLE] KEY")]
pub(crate) struct BadLine(usize);

/// Reads `account NAME ROLE[,ROLE] KEY` lines.
pub(crate) fn read(text: &str) -> Result<Vec<AccountLine>, BadLine> {
    text.lines().enumerate().map(|(index, line)| person(line).ok_or(BadLine(index + 1))).collect()
}

fn person(line: &str) -> Option<AccountLine> {
    let [label, name, roles, key] = line.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let roles = roles.split(',').map(Role::of_code).collect::<Option<_>>()?;
    (label == "account").then_some(())?;
    Some((name.to_owned(), roles, VerificationKey::try_from(key.to_owned()).ok()?))
}

/// Enters accounts into the roster, as confirmed by the recorder's operator.
pub(crate) fn enroll(logbook: &Logbook, people: Vec<AccountLine>) -> Result<(), Refusal> {
    // The log needs the exact time.
    #[allow(clippy::disallowed_methods)]
    let now = Timestamp::now().to_string();
    for (account, roles, key) in people {
        let entry = NewEntry {
            at: now.clone(),
            account: RECORDER.to_owned(),
            action: "confirm-key".to_owned(),
            subject: subject_of_key(&account, &roles, key),
            ..NewEntry::default()
        };
        append(logbook, entry, Accompanying::Person(AccountChange::Confirm { account, roles, key }))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_account_or_refused() {
        let key = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";
        let people = read(&format!("account zhou officer,approver {key}\n")).expect("people");
        assert_eq!(
            (people[0].0.as_str(), people[0].1.as_slice()),
            ("zhou", [Role::Officer, Role::Approver].as_slice())
        );
        for wrong in [format!("account zhou {key}"), format!("zhou officer {key}"), format!("account zhou boss {key}")]
        {
            assert_eq!(read(&wrong), Err(BadLine(1)));
        }
    }
}
