//! Answering requests. Every answer follows its durable entry; a failed entry permits nothing.

use crypto::access::{Purpose, Role};
use crypto::day::Day;
use crypto::mailbox::{LetterDigest, MailboxId};
use crypto::outer;
use crypto::signature::Signed;
use jiff::{SignedDuration, Timestamp};
use logbook::{Logbook, NewEntry, NoProof, NotAppended, PersonChange, With};
use opening::NoteSigningKey;
use recording::{
    ASK_REFUSED, Act, Ask, Granted, InnerFile, LOG_EXPORTED, Named, Notice, OUTER_KEY_DESTROYED, Provable, Receipt,
    Received, ReceivedLetter, Recordable, Refusal, Reply, Request, SealedLetter, Told,
};

use zeroize::Zeroizing;

use crate::about::{About, subject_of_key};
use crate::letter_keys::LetterKeys;
use crate::people::Person;
use crate::periods::{Inside, OuterKey, Periods};
use crate::{erasing, reading};

/// How far a request's time may be from ours: the clocks of two machines, not more. A captured
/// request is of no use after it, and within it the nonce is known.
const CLOCKS: SignedDuration = SignedDuration::from_mins(10);

/// A notice that comes later than this says when it happened.
const LATE: SignedDuration = SignedDuration::from_mins(1);

/// Whose entries those of the recorder itself are.
const RECORDER: &str = "recorder";

/// What answering needs.
pub(crate) struct Recorder {
    pub(crate) periods: Periods,
    pub(crate) letter_keys: LetterKeys,
    pub(crate) signing: NoteSigningKey,
    pub(crate) log_key: NoteSigningKey,
    pub(crate) logbook: Logbook,
}

impl Recorder {
    pub(crate) fn answer(&self, request: Request) -> Reply {
        // The log is the one place that needs the time: an auditor must be able to order events.
        #[allow(clippy::disallowed_methods)]
        let now = Timestamp::now();
        let answered = match request {
            Request::Receive { letters } => self.receive(&letters, now),
            Request::Open { ask, letter } => {
                self.open(&ask, &letter, now).inspect_err(|reason| self.note_refused(&ask, *reason, now))
            }
            Request::Record { of: Recordable::Asked { ask, named } } => {
                self.record(&ask, &named, now).inspect_err(|reason| self.note_refused(&ask, *reason, now))
            }
            Request::Record { of: Recordable::Told(notices) } => self.note(notices, now),
            Request::Checkpoint {} => self.checkpoint(),
            Request::Proof { of } => self.prove(of),
        };
        answered.unwrap_or_else(|reason| Reply::Refused { reason })
    }

    /// A request that was refused is an entry too: forged, repeated or late ones do not come from
    /// people at work. The account is only named if there is one of that name.
    fn note_refused(&self, signed: &Signed, reason: Refusal, now: Timestamp) {
        if reason == Refusal::NotRecorded {
            return;
        }
        tracing::warn!("a request was refused: {}", reason.code());
        let claimed = Ask::claimed(signed).ok().and_then(|ask| self.logbook.person(&ask.account).ok().flatten());
        let entry = NewEntry {
            at: now.to_string(),
            account: claimed.map(|person| person.account).unwrap_or_default(),
            action: ASK_REFUSED.to_owned(),
            subject: reason.code().to_owned(),
            ..NewEntry::default()
        };
        // Nothing was permitted; a log that cannot be written says so by itself.
        let _ = append(&self.logbook, entry, With::Nothing);
    }

    /// A letter that does not open has its place too. Its outside tells the recorder for which
    /// mailbox an opening must be shown later. What opens is sealed again under a key of its own,
    /// which is durable on both disks before the answer.
    fn receive(&self, letters: &[SealedLetter], now: Timestamp) -> Result<Reply, Refusal> {
        let outer = self.periods.keys().map_err(|error| no_keys(&error))?;
        let opened: Vec<(LetterDigest, Option<Inside>)> = letters
            .iter()
            .map(|letter| {
                (LetterDigest::of(letter.as_bytes()), outer.iter().find_map(|key| key.open(letter.as_bytes())))
            })
            .collect();
        let plain = |(digest, inside): &(LetterDigest, Option<Inside>)| {
            inside.as_ref().map(|inside| (*digest, LetterDigest::of(&inside.plain)))
        };
        let new: Vec<_> = opened.iter().filter_map(plain).collect();
        self.letter_keys.make(&new).map_err(|error| no_keys(&error))?;
        let places =
            opened.iter().map(|(digest, inside)| (*digest, inside.as_ref().map(|inside| inside.header.mailbox)));
        let places = self.logbook.receive(places.collect(), now.to_string()).map_err(|error| not_recorded(&error))?;
        let received = opened.into_iter().zip(places).map(|((digest, inside), sequence)| {
            let (header, rewrapped) = match inside {
                None => (None, None),
                Some(inside) => (Some(inside.header), Some(self.rewrap(&digest, &inside.plain)?)),
            };
            Ok(ReceivedLetter { digest, sequence, header, rewrapped })
        });
        let received = Received { letters: received.collect::<Result<_, Refusal>>()? };
        if letters.is_empty() {
            self.end_periods(&outer, now);
        }
        Ok(Reply::Received(received))
    }

    fn rewrap(&self, letter: &LetterDigest, plain: &[u8]) -> Result<SealedLetter, Refusal> {
        let key = self.letter_keys.find(letter).and_then(|key| key.map(|key| key.rewrap(plain)).transpose());
        let rewrapped = key.map_err(|error| no_keys(&error))?.ok_or(Refusal::NoKeys)?;
        SealedLetter::new(rewrapped).map_err(|_| Refusal::NoKeys)
    }

    /// Nothing more waits at the portal: keys whose period is over open nothing that is still
    /// wanted, and an old recording of the wire or an old copy of the portal must not open either.
    fn end_periods(&self, outer: &[OuterKey], now: Timestamp) {
        // The key that ends last stays until another one follows: a clock that is wrong by months
        // must not destroy what browsers still seal to.
        for key in outer.iter().skip(1).filter(|key| key.is_over(Day::of(now))) {
            let entry = NewEntry {
                at: now.to_string(),
                account: RECORDER.to_owned(),
                action: OUTER_KEY_DESTROYED.to_owned(),
                subject: key.name().to_owned(),
                ..NewEntry::default()
            };
            if append(&self.logbook, entry, With::Nothing).is_ok()
                && let Err(error) = self.periods.destroy(key)
            {
                tracing::error!("an outer key was not destroyed: {}", database::chain(&error));
            }
        }
    }

    fn checkpoint(&self) -> Result<Reply, Refusal> {
        let (_, note) = crate::log::sign(&self.logbook, &self.log_key).map_err(|error| {
            tracing::error!("a checkpoint was not signed: {}", database::chain(error.as_ref()));
            Refusal::NotRecorded
        })?;
        Ok(Reply::Checkpoint { note })
    }

    fn prove(&self, of: Provable) -> Result<Reply, Refusal> {
        let proof = match of {
            Provable::Entry { sequence, size } => self.logbook.prove_entry(sequence, size),
            Provable::Growth { from, to } => self.logbook.prove_growth(from, to),
        };
        Ok(Reply::Proof { proof: proof.map_err(no_proof)? })
    }

    fn open(&self, signed: &Signed, letter: &SealedLetter, now: Timestamp) -> Result<Reply, Refusal> {
        let (ask, person) = self.verified(signed, now)?;
        let Act::OpenLetter(deed) = &ask.act else { return Err(Refusal::NotUnderstood) };
        // Under its own key since it was received; else it must be the very letter that came.
        let key = self.letter_keys.find(&deed.letter).map_err(|error| no_keys(&error))?;
        if key.is_none() && LetterDigest::of(letter.as_bytes()) != deed.letter {
            return Err(Refusal::UnknownLetter);
        }
        let sequence = self.append(&ask, signed, person, now)?;
        // Only now: the entry is durable.
        let plain = match key {
            Some(key) => key.unwrap(letter.as_bytes()),
            None => self.open_outer(letter)?,
        };
        let granted = match plain.and_then(|plain| outer::split(plain).ok()) {
            Some((header, inner)) => {
                let with = opening(&ask, person, deed.purpose, now);
                let told = self.logbook.tell_opening(deed.letter, header.mailbox, with);
                told.map_err(|error| not_recorded(&error))?;
                Granted::Letter { header: Box::new(header), inner: InnerFile(inner) }
            }
            None => Granted::Unreadable {},
        };
        self.recorded(signed, sequence, granted)
    }

    fn open_outer(&self, letter: &SealedLetter) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
        let outer = self.periods.keys().map_err(|error| no_keys(&error))?;
        Ok(outer.iter().find_map(|key| key.open(letter.as_bytes())).map(|inside| inside.plain))
    }

    fn record(&self, signed: &Signed, named: &Named, now: Timestamp) -> Result<Reply, Refusal> {
        let (ask, person) = self.verified(signed, now)?;
        let fits = match (&ask.act, named) {
            (Act::RenewSlots(deed), Named::Mailboxes(of)) => {
                deed.mailboxes as usize == of.len() && deed.digest == named.digest()
            }
            (Act::EraseReports(deed), Named::Letters(of)) => deed.digest == named.digest() && !of.is_empty(),
            (Act::CompareReports(deed), Named::Letters(of)) => {
                deed.with as usize == of.len() && deed.digest == named.digest()
            }
            // An opening has a request of its own, which carries the letter.
            (Act::RenewSlots(_) | Act::EraseReports(_) | Act::CompareReports(_) | Act::OpenLetter(_), _) => false,
            (_, named) => matches!(named, Named::Nothing),
        };
        if !fits {
            return Err(Refusal::NotUnderstood);
        }
        match (&ask.act, named) {
            (Act::GrantKeys(deed), _) => self.check_officer(&deed.account)?,
            (Act::PayOrder(deed), _) if !deed.again => {
                // The console's books may have been restored from before it was paid: the log has not.
                let before = self.logbook.is_recorded(ask.act.code(), &deed.order.to_hex());
                if before.map_err(|error| not_recorded(&error))? {
                    return Err(Refusal::PaidBefore);
                }
            }
            (Act::EraseReports(deed), Named::Letters(letters)) => {
                erasing::check(&self.logbook, &ask.account, deed.reports, letters)?;
            }
            _ => {}
        }
        let sequence = self.append(&ask, signed, person, now)?;
        let granted = match (&ask.act, named) {
            (Act::RenewSlots(deed), Named::Mailboxes(of)) => self.access_lists(of, deed.proved_at, now)?,
            (Act::EraseReports(_), Named::Letters(letters)) => {
                self.letter_keys.erase(letters).map_err(|error| no_keys(&error))?;
                Granted::Permission {}
            }
            (Act::CompareReports(deed), Named::Letters(others)) => {
                Granted::Precedence { before: reading::precedence(&self.logbook, deed.letter, others)? }
            }
            (Act::ReadLog(deed), _) => Granted::Log(reading::log(&self.logbook, &deed.filter, reading::PAGE)?),
            (Act::ExportLog(deed), _) => Granted::Log(reading::log(&self.logbook, &deed.filter, reading::FILE)?),
            (Act::ReadRoster(_), _) => Granted::Roster { people: reading::roster(&self.logbook)? },
            _ => Granted::Permission {},
        };
        self.recorded(signed, sequence, granted)
    }

    /// Told twice is told once: each notice has an id. One about a letter that this log does not
    /// know is kept without its report.
    fn note(&self, notices: Vec<Told>, now: Timestamp) -> Result<Reply, Refusal> {
        for Told { id, at, notice } in notices {
            let letter = match &notice {
                Notice::Unreadable { letter } => Some(*letter),
                _ => None,
            };
            let late = now.duration_since(at).abs() > LATE;
            let entry = NewEntry {
                at: now.to_string(),
                account: notice.account().unwrap_or_default().to_owned(),
                action: notice.code().to_owned(),
                subject: match &notice {
                    Notice::ErasureDue { reports } => reports.to_string(),
                    _ if late => at.to_string(),
                    _ => String::new(),
                },
                letter,
                nonce: Some(id),
                ..NewEntry::default()
            };
            let told = match append(&self.logbook, entry.clone(), With::Nothing) {
                Err(Refusal::UnknownLetter) => append(&self.logbook, NewEntry { letter: None, ..entry }, With::Nothing),
                told => told,
            };
            match told {
                Ok(_) | Err(Refusal::Replayed) => {}
                Err(reason) => return Err(reason),
            }
        }
        Ok(Reply::Noted {})
    }

    /// Who asks, checked in this order: known and confirmed, signed by that key, on time, in a
    /// role of theirs that may do this.
    fn verified(&self, signed: &Signed, now: Timestamp) -> Result<(Ask, u32), Refusal> {
        let claimed = Ask::claimed(signed).map_err(|_| Refusal::NotUnderstood)?;
        let person = self.logbook.person(&claimed.account).map_err(|error| not_recorded(&error))?;
        let person = person.filter(|person| person.confirmed).ok_or(Refusal::UnknownKey)?;
        let ask = Ask::read(signed, &person.key).map_err(|_| Refusal::UnknownKey)?;
        if now.duration_since(ask.at).abs() > CLOCKS {
            return Err(Refusal::WrongTime);
        }
        if !person.roles.contains(&ask.role) || !ask.act.allowed(ask.role) {
            return Err(Refusal::NotAllowed);
        }
        Ok((ask, person.number))
    }

    /// The post's keys go to nobody whose key the auditor has not confirmed.
    fn check_officer(&self, account: &str) -> Result<(), Refusal> {
        let person = self.logbook.person(account).map_err(|error| not_recorded(&error))?;
        let officer = person.is_some_and(|person| person.confirmed && person.roles.contains(&Role::Officer));
        if officer { Ok(()) } else { Err(Refusal::UnknownPerson) }
    }

    fn append(&self, ask: &Ask, signed: &Signed, person: u32, now: Timestamp) -> Result<u64, Refusal> {
        let about = About::of(&ask.act);
        let with = match (&ask.act, about.purpose) {
            (_, Some(purpose)) => opening(ask, person, purpose, now),
            (Act::ConfirmKey(deed), _) => With::Person(PersonChange::Confirm {
                account: deed.account.clone(),
                roles: deed.roles.clone(),
                key: deed.key,
            }),
            (Act::RevokeKey(deed), _) => With::Person(PersonChange::Revoke { account: deed.account.clone() }),
            _ => With::Nothing,
        };
        let entry = NewEntry {
            at: now.to_string(),
            account: ask.account.clone(),
            role: ask.role.code().to_owned(),
            action: ask.act.code().to_owned(),
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

    fn recorded(&self, signed: &Signed, sequence: u64, granted: Granted) -> Result<Reply, Refusal> {
        let receipt = Receipt { ask: signed.digest().into(), sequence };
        let receipt = receipt.sign(self.signing.signing_key()).map_err(|_| Refusal::NotUnderstood)?;
        Ok(Reply::Recorded { receipt, granted })
    }
}

/// Enters accounts into the roster: the recorder's operator vouches for them.
pub(crate) fn enroll(logbook: &Logbook, people: Vec<Person>) -> Result<(), Refusal> {
    // See above: the log is what needs the time.
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
        append(logbook, entry, With::Person(PersonChange::Confirm { account, roles, key }))?;
    }
    Ok(())
}

/// Exporting the log is an entry of the log.
pub(crate) fn note_export(logbook: &Logbook) -> Result<(), Refusal> {
    #[allow(clippy::disallowed_methods)]
    let at = Timestamp::now().to_string();
    let (account, action) = (RECORDER.to_owned(), LOG_EXPORTED.to_owned());
    append(logbook, NewEntry { at, account, action, ..NewEntry::default() }, With::Nothing).map(|_| ())
}

fn append(logbook: &Logbook, entry: NewEntry, with: With) -> Result<u64, Refusal> {
    let appended = logbook.append(entry, with).map_err(|error| not_recorded(&error))?;
    appended.map_err(|reason| match reason {
        NotAppended::Replayed => Refusal::Replayed,
        NotAppended::UnknownLetter => Refusal::UnknownLetter,
        NotAppended::UnknownPerson => Refusal::UnknownKey,
    })
}

pub(crate) fn not_recorded(error: &database::Error) -> Refusal {
    tracing::error!("a request was not recorded: {}", database::chain(error));
    Refusal::NotRecorded
}

/// Nothing is taken in or opened without the keys of letters.
fn no_keys(error: &dyn std::error::Error) -> Refusal {
    tracing::error!("keys are missing: {}", database::chain(error));
    Refusal::NoKeys
}

fn no_proof(reason: NoProof) -> Refusal {
    match reason {
        NoProof::TooLong => Refusal::NotInLog,
        NoProof::Database(error) => not_recorded(&error),
    }
}

/// What the reporter will be told of an opening.
fn opening(ask: &Ask, person: u32, purpose: Purpose, now: Timestamp) -> With {
    With::Opening { day: Day::of(now).to_string(), role: ask.role, person, purpose }
}
