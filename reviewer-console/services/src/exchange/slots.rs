//! Slots: at every exchange every mailbox gets a new one, so that nothing shows who was answered.

use std::collections::BTreeMap;

use crypto::letters::mailbox::MailboxId;
use crypto::log::access_list::Witnessed;
use crypto::log::checkpoint::Checkpoint;
use crypto::slots::slot::{
    EnclosureState, ListedLetter, MOST_LETTERS, Message, PostSlot, ReportOutcome, ReportState, Slot,
};
use database::DatabaseError;
use model::Day;
use recorder_protocol::{ProvedAccessList, Recorded, RenewSlots};
use register::{ExchangeTotals, StoredEnclosure, StoredMailbox, StoredReport};

use super::run::Exchange;
use super::stopped::ExchangeError;
use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::{replies, tell_outcome};
use crate::rewards::deadlines::apply_deadlines;

/// Mailboxes in one request to the recorder: 17 MB of slots.
const BATCH: usize = 500;
/// Days after the last look at a mailbox that never held a report, after which it is dropped.
const COVERS_FOR: u16 = 7;

/// Values that all slots of an exchange have in common.
struct Telling {
    number: u64,
    statement: u64,
    witnessed: Option<(String, Checkpoint)>,
}

impl Exchange {
    /// Writes outward bundles with every mailbox that stays; with an officer's session each has a new slot. Blocks.
    pub(super) fn write_outward(
        &self,
        officer: Option<&Actor>,
        number: u64,
        checkpoint: Option<&str>,
        done: &mut ExchangeTotals,
    ) -> Result<(), ExchangeError> {
        if let Some(officer) = officer {
            apply_deadlines(officer)?;
        }
        let register = &self.resources.register;
        let today = self.resources.clock.today();
        let telling = Telling { number, statement: register.newest_serial(today)?, witnessed: self.witnessed()? };
        let mut out = self.begin_outward(checkpoint, today)?;
        for ids in register.kept_mailboxes()?.chunks(BATCH) {
            let slots = officer.map_or_else(|| Ok(BTreeMap::new()), |officer| renew(officer, ids, &telling))?;
            done.slots += slots.len() as u64;
            for id in ids {
                out.mailbox(*id, slots.get(id).map(Vec::as_slice))?;
            }
        }
        out.finish().map(|_| ())
    }

    /// Forgets mailboxes that never held a report, some time after the last look: the portal drops what it is not told of.
    pub(super) fn give_up_mailboxes(&self, today: Day) -> Result<(), ExchangeError> {
        let register = &self.resources.register;
        Ok(register.forget_mailboxes(&register.only_covers(today.minus_days(COVERS_FOR))?)?)
    }
}

/// New slots for those of these mailboxes that the console knows. A mailbox without an admitted letter has no recipient
/// and keeps the slot that its browser made.
fn renew(officer: &Actor, ids: &[MailboxId], at: &Telling) -> Result<BTreeMap<MailboxId, Vec<u8>>, ExchangeError> {
    let mut mailboxes = Vec::new();
    for id in ids {
        let altered = |what: &str| {
            tracing::error!(code = "mailbox.altered", "{what} of a mailbox in the register: it gets no slot");
        };
        match officer.register().mailbox(id) {
            Ok(Some(mailbox)) if mailbox.is_intact() => mailboxes.push(mailbox),
            Ok(Some(_)) => altered("altered keys"),
            Ok(None) => {}
            // One damaged row must not keep the others from their slots.
            Err(DatabaseError::Corrupt) => altered("a malformed row"),
            Err(error) => return Err(error.into()),
        }
    }
    officer.post_keys()?;
    let ids = mailboxes.iter().map(|mailbox| mailbox.id).collect();
    let proved_at = at.witnessed.as_ref().map_or(0, |(_, at)| at.size);
    let (recorded, lists) = officer.connect()?.renew_slots(&officer.person(), ids, proved_at)?;
    let mut sealed = BTreeMap::new();
    for (mailbox, list) in mailboxes.into_iter().zip(lists) {
        sealed.extend(seal(&recorded, officer, &mailbox, list, at)?.map(|slot| (mailbox.id, slot)));
    }
    Ok(sealed)
}

/// A slot; none if the report in the register is malformed, which must not keep the others from theirs.
fn seal(
    recorded: &Recorded<RenewSlots>,
    officer: &Actor,
    mailbox: &StoredMailbox,
    (access, proofs): ProvedAccessList,
    at: &Telling,
) -> Result<Option<Vec<u8>>, ExchangeError> {
    let empty = PostSlot {
        mailbox: mailbox.id,
        number: at.number,
        day: officer.today,
        statement: at.statement,
        earlier: 0,
        received: Vec::new(),
        state: ReportState::Received,
        outcome: None,
        due: None,
        messages: Vec::new(),
        dropped: false,
        erased_on: None,
        access,
        witnessed: at.witnessed.as_ref().map(|(note, _)| Witnessed::fitting(note.clone(), proofs)),
    };
    let slot = match mailbox.report.map(|number| officer.register().report(number)).transpose() {
        Ok(None) => empty,
        Ok(Some(Some(report))) if report.mailbox == mailbox.id => with_report(recorded, officer, &report, empty)?,
        Ok(Some(_)) | Err(DatabaseError::Corrupt) => {
            tracing::error!(
                code = "mailbox.altered",
                "report {:?} is malformed in the register: it gets no slot",
                mailbox.report
            );
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Some(Slot::seal_fitting(slot, officer.post_keys()?.signing.signing_key(), &mailbox.reply_to)?))
}

fn with_report(
    recorded: &Recorded<RenewSlots>,
    officer: &Actor,
    report: &StoredReport,
    empty: PostSlot,
) -> Result<PostSlot, ExchangeError> {
    let (messages, damaged) = messages(recorded, officer, report.number)?;
    // Letters that cannot be opened were received all the same.
    let aside = report
        .aside
        .iter()
        .map(|letter| (letter.sequence, ListedLetter { letter: letter.id, enclosure: EnclosureState::None {} }));
    let letters = report.letters.iter().map(|letter| {
        let enclosure = StoredEnclosure::state(letter.enclosure, letter.received_on, officer.today);
        (letter.sequence, ListedLetter { letter: letter.id, enclosure })
    });
    let in_order: BTreeMap<u64, ListedLetter> = aside.chain(letters).collect();
    let mut received: Vec<ListedLetter> = in_order.into_values().collect();
    let left_out = received.len().saturating_sub(MOST_LETTERS);
    Ok(PostSlot {
        earlier: left_out as u64,
        received: received.split_off(left_out),
        state: report.state,
        outcome: outcome(recorded, officer, report)?,
        due: report.letters.first().map(|first| officer.rules().due(first.received_on)),
        messages,
        dropped: damaged,
        erased_on: report.erased_on,
        ..empty
    })
}

/// The answers to a report, and whether one of them cannot be read: other reporters must still get theirs.
fn messages(
    recorded: &Recorded<RenewSlots>,
    officer: &Actor,
    report: u64,
) -> Result<(Vec<Message>, bool), ExchangeError> {
    let (mut messages, mut damaged) = (Vec::new(), false);
    for (reply, text) in replies::read(recorded, officer.attested(), officer.post_keys()?, report)? {
        match text {
            Some(text) => messages.push(Message { day: reply.written_on, text }),
            None => damaged = true,
        }
    }
    Ok((messages, damaged))
}

/// The outcome of a report. If its handling is damaged, the slot has no outcome and an error is logged for the
/// operator, so that other reporters still get their slots.
fn outcome(
    recorded: &Recorded<RenewSlots>,
    officer: &Actor,
    report: &StoredReport,
) -> Result<Option<ReportOutcome>, ExchangeError> {
    match tell_outcome::outcome(recorded, officer.attested(), officer.post_keys()?, report) {
        Ok(outcome) => Ok(outcome),
        Err(ConsoleError::Register(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(
                code = "outcome.unverifiable",
                "outcome of report {} left out of its slot: {}",
                report.number,
                program::chain(&error)
            );
            Ok(None)
        }
    }
}
