//! Slots: at every exchange every mailbox gets a new one, so that nothing shows who was answered.

use crypto::letters::mailbox::MailboxId;
use crypto::log::access_list::Witnessed;
use crypto::log::checkpoint::Checkpoint;
use crypto::slots::slot::{MOST_LETTERS, Message, PostSlot, ReportOutcome, Slot};
use database::DatabaseError;
use model::Day;
use recorder_protocol::{ProvedAccessList, Recorded, RenewSlots};
use register::{ExchangeTotals, StoredReport};

use super::run::{Exchange, blocking, log_malformed};
use super::stopped::ExchangeError;
use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::{replies, tell_outcome};
use crate::rewards::deadlines::apply_deadlines;

/// Mailboxes in one request to the recorder and one transaction at the portal: 17 MB.
const BATCH: i64 = 500;
/// Days after which a mailbox that received only cover letters is dropped.
const COVERS_FOR: u16 = 30;

/// Values that all slots of an exchange have in common.
struct Telling {
    number: u64,
    witnessed: Option<(String, Checkpoint)>,
}

impl Exchange {
    pub(super) async fn renew_slots(
        &self,
        officer: &Actor,
        number: u64,
        done: &mut ExchangeTotals,
    ) -> Result<(), ExchangeError> {
        let clerk = officer.clone();
        blocking(move || apply_deadlines(&clerk)).await?;
        let (exchange, mut after) = (self.clone(), None);
        let witnessed = blocking(move || exchange.witnessed()).await?;
        let letterbox = &self.resources.letterbox;
        loop {
            let batch = letterbox.mailboxes_after(after, BATCH).await?;
            if batch.last.is_none() {
                return Ok(());
            }
            log_malformed("mailboxes", &batch.malformed);
            after = batch.last;
            let (officer, at) = (officer.clone(), Telling { number, witnessed: witnessed.clone() });
            let sealed = blocking(move || renew(&officer, &batch.ids, &at)).await?;
            done.slots += sealed.len() as u64;
            letterbox.replace_slots(sealed).await?;
        }
    }

    /// Drops mailboxes that received only cover letters, the last one more than [`COVERS_FOR`] days ago.
    pub(super) async fn give_up_covers(&self, today: Day) -> Result<(), ExchangeError> {
        let register = self.resources.register.clone();
        let old = blocking(move || register.only_covers(today.minus_days(COVERS_FOR))).await?;
        self.resources.letterbox.drop_mailboxes(old.clone()).await?;
        let register = self.resources.register.clone();
        blocking(move || register.forget_mailboxes(&old)).await
    }
}

/// New slots for those of these mailboxes that the console knows. A mailbox without an admitted letter has no recipient
/// and keeps the slot that its browser made.
fn renew(officer: &Actor, mailboxes: &[MailboxId], at: &Telling) -> Result<Vec<(MailboxId, Vec<u8>)>, ExchangeError> {
    let mut reports = Vec::new();
    for mailbox in mailboxes {
        match officer.register().report_of(mailbox) {
            Ok(report) => reports.extend(report),
            // One damaged row must not keep the others from their slots.
            Err(DatabaseError::Corrupt) => {
                tracing::error!(
                    code = "mailbox.altered",
                    "a mailbox's row in the register is malformed: it gets no slot"
                );
            }
            Err(error) => return Err(error.into()),
        }
    }
    officer.post_keys()?;
    let ids = reports.iter().map(|report| report.mailbox).collect();
    let proved_at = at.witnessed.as_ref().map_or(0, |(_, at)| at.size);
    let (recorded, lists) = officer.connect()?.renew_slots(&officer.person(), ids, proved_at)?;
    seal(recorded, officer, reports, lists, at)
}

fn seal(
    recorded: Recorded<RenewSlots>,
    officer: &Actor,
    reports: Vec<StoredReport>,
    lists: Vec<ProvedAccessList>,
    at: &Telling,
) -> Result<Vec<(MailboxId, Vec<u8>)>, ExchangeError> {
    let keys = officer.post_keys()?;
    let mut sealed = Vec::with_capacity(reports.len());
    for (report, (access, proofs)) in reports.into_iter().zip(lists) {
        if !report.is_intact() {
            tracing::error!(
                code = "mailbox.altered",
                "report {} gets no slot: its keys in the register are not its mailbox's",
                report.number
            );
            continue;
        }
        let (messages, damaged) = messages(&recorded, officer, report.number)?;
        let outcome = outcome(&recorded, officer, &report)?;
        let due = report.letters.first().map(|first| officer.rules().due(first.received_on));
        // Letters that cannot be opened were received all the same.
        let mut received = report.aside;
        received.extend(report.letters.iter().map(|letter| letter.digest));
        let left_out = received.len().saturating_sub(MOST_LETTERS);
        let slot = PostSlot {
            mailbox: report.mailbox,
            number: at.number,
            day: officer.today,
            earlier: left_out as u64,
            received: received.split_off(left_out),
            state: report.state,
            outcome,
            due,
            messages,
            dropped: damaged,
            erased_on: report.erased_on,
            access,
            witnessed: at.witnessed.as_ref().map(|(note, _)| Witnessed::fitting(note.clone(), proofs)),
        };
        let bytes = Slot::seal_fitting(slot, keys.signing.signing_key(), &report.reply_to)?;
        sealed.push((report.mailbox, bytes));
    }
    Ok(sealed)
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
