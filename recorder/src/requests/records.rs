//! Recording of signed requests, and the content that an entry then permits to be sent.

use crypto::keys::signature::Signed;
use crypto::letters::mailbox::MailboxId;
use jiff::Timestamp;
use logbook::{Accompanying, AccountChange, NewEntry};
use model::{Day, Purpose, Role};
use recorder_protocol::{AnyAction, Ask, Granted, Named, Refusal, Response};

use super::Recorder;
use crate::audit::append::append;
use crate::audit::log_subject::LogSubject;
use crate::audit::queries;
use crate::refusals::{no_keys, no_proof, not_recorded};
use crate::reports::erasure_check;

impl Recorder {
    pub(super) fn record(&self, signed: &Signed, named: &Named, now: Timestamp) -> Result<Response, Refusal> {
        let (ask, person) = self.verified(signed, now)?;
        let fits = match (&ask.action, named) {
            (AnyAction::RenewSlots(action), Named::Mailboxes(of)) => {
                action.mailboxes as usize == of.len() && action.digest == named.digest()
            }
            (AnyAction::EraseReports(action), Named::Letters(of)) => action.digest == named.digest() && !of.is_empty(),
            (AnyAction::CompareReports(action), Named::Letters(of)) => {
                action.with as usize == of.len() && action.digest == named.digest()
            }
            // Opening a letter has a request of its own, which contains the letter.
            (
                AnyAction::RenewSlots(_)
                | AnyAction::EraseReports(_)
                | AnyAction::CompareReports(_)
                | AnyAction::OpenLetter(_),
                _,
            ) => false,
            (_, named) => matches!(named, Named::Nothing),
        };
        if !fits {
            return Err(Refusal::NotUnderstood);
        }
        match (&ask.action, named) {
            (AnyAction::GrantKeys(action), _) => self.check_officer(&action.account)?,
            (AnyAction::PayOrder(action), _) if !action.again => {
                // The console's register may have been restored from before the payment; the log has not.
                let before = self.logbook.is_recorded(ask.action.code(), &action.order.to_hex());
                if before.map_err(|error| not_recorded(&error))? {
                    return Err(Refusal::PaidBefore);
                }
            }
            (AnyAction::EraseReports(action), Named::Letters(letters)) => {
                erasure_check::check(&self.logbook, &ask.account, action.reports, letters)?;
            }
            _ => {}
        }
        let sequence = self.append(&ask, signed, person, now)?;
        let granted = match (&ask.action, named) {
            (AnyAction::RenewSlots(action), Named::Mailboxes(of)) => self.access_lists(of, action.proved_at, now)?,
            (AnyAction::EraseReports(_), Named::Letters(letters)) => {
                self.letter_keys.erase(letters).map_err(|error| no_keys(&error))?;
                Granted::Permission {}
            }
            (AnyAction::CompareReports(action), Named::Letters(others)) => {
                Granted::Precedence { before: queries::precedence(&self.logbook, action.letter, others)? }
            }
            (AnyAction::ReadLog(action), _) => {
                Granted::Log(queries::log(&self.logbook, &action.filter, queries::PAGE)?)
            }
            (AnyAction::ExportLog(action), _) => {
                Granted::Log(queries::log(&self.logbook, &action.filter, queries::FILE)?)
            }
            (AnyAction::ReadRoster(_), _) => Granted::Roster { people: queries::roster(&self.logbook)? },
            _ => Granted::Permission {},
        };
        self.recorded(signed, sequence, granted)
    }

    /// The post's keys are granted only to officers whose key the auditor has confirmed.
    fn check_officer(&self, account: &str) -> Result<(), Refusal> {
        let person = self.logbook.person(account).map_err(|error| not_recorded(&error))?;
        let officer = person.is_some_and(|person| person.confirmed && person.roles.contains(&Role::Officer));
        if officer { Ok(()) } else { Err(Refusal::UnknownPerson) }
    }

    pub(super) fn append(&self, ask: &Ask, signed: &Signed, person: u32, now: Timestamp) -> Result<u64, Refusal> {
        let about = LogSubject::of(&ask.action);
        let with = match (&ask.action, about.purpose) {
            (_, Some(purpose)) => opening(ask, person, purpose, now),
            (AnyAction::ConfirmKey(action), _) => Accompanying::Person(AccountChange::Confirm {
                account: action.account.clone(),
                roles: action.roles.clone(),
                key: action.key,
            }),
            (AnyAction::RevokeKey(action), _) => {
                Accompanying::Person(AccountChange::Revoke { account: action.account.clone() })
            }
            _ => Accompanying::Nothing,
        };
        let entry = NewEntry {
            at: now.to_string(),
            account: ask.account.clone(),
            role: ask.role.code().to_owned(),
            action: ask.action.code().to_owned(),
            subject: about.subject,
            letter: about.letter,
            purpose: about.purpose.map(|purpose| purpose.code().to_owned()),
            nonce: Some(ask.nonce.clone()),
            ask: Some(serde_json::to_string(signed).map_err(|_| Refusal::NotUnderstood)?),
        };
        append(&self.logbook, entry, with)
    }

    fn access_lists(&self, mailboxes: &[MailboxId], proved_at: u64, now: Timestamp) -> Result<Granted, Refusal> {
        let listed = self.logbook.access_lists(mailboxes.to_vec(), Day::of(now), proved_at).map_err(no_proof)?;
        let (mut lists, mut proofs) = (Vec::with_capacity(listed.len()), Vec::with_capacity(listed.len()));
        for (list, proved) in listed {
            lists.push(list.sign(self.signing.signing_key()).map_err(|_| Refusal::NotUnderstood)?);
            proofs.push(proved);
        }
        Ok(Granted::AccessLists { lists, proofs })
    }
}

/// The access record of an opening.
pub(super) fn opening(ask: &Ask, person: u32, purpose: Purpose, now: Timestamp) -> Accompanying {
    Accompanying::Opening { day: Day::of(now).to_string(), role: ask.role, person, purpose }
}
