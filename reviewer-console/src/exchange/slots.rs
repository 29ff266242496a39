//! Slots: at every exchange every mailbox gets a new one, so that nothing shows who was answered.

use std::sync::Arc;

use actix_web::web::block;
use crypto::access::Witnessed;
use crypto::log::Checkpoint;
use crypto::mailbox::MailboxId;
use crypto::slot::{MOST_LETTERS, Message, Outcome, PostSlot, Slot};
use model::{Day, Role};
use opening::PostKeys;
use recorder_protocol::{Listed, Recorded, RenewSlots};
use register::{Exchanged, Report};

use super::{Exchange, Stopped};
use crate::claims::Clerk;
use crate::fault::Fault;
use crate::sessions::Session;
use crate::{claim_clock, handling, replies};

/// Mailboxes in one request to the recorder and one transaction at the portal: 17 MB.
const BATCH: i64 = 500;
/// After so many days a mailbox to which nothing but looking came is dropped.
const COVERS_FOR: u16 = 30;

/// What all slots of an exchange say.
struct Telling {
    number: u64,
    today: Day,
    witnessed: Option<(String, Checkpoint)>,
}

impl Exchange {
    pub(super) async fn renew_slots(
        &self,
        session: &Arc<Session>,
        number: u64,
        today: Day,
        done: &mut Exchanged,
    ) -> Result<(), Stopped> {
        let (exchange, officer) = (self.clone(), Arc::clone(session));
        block(move || exchange.look_after_claims(&officer, today)).await.map_err(|_| Stopped::Inside)??;
        let (exchange, mut after) = (self.clone(), None);
        let witnessed = block(move || exchange.witnessed()).await.map_err(|_| Stopped::Inside)??;
        loop {
            let batch = self.letterbox.mailboxes_after(after, BATCH).await?;
            if batch.last.is_none() {
                return Ok(());
            }
            after = batch.last;
            let (exchange, session, witnessed) = (self.clone(), Arc::clone(session), witnessed.clone());
            let sealed = block(move || {
                let at = Telling { number, today, witnessed };
                exchange.batch(&session, &batch.ids, &at)
            });
            let sealed = sealed.await.map_err(|_| Stopped::Inside)??;
            done.slots += sealed.len() as u64;
            self.letterbox.replace_slots(sealed).await?;
        }
    }

    fn look_after_claims(&self, session: &Session, today: Day) -> Result<(), Stopped> {
        let clerk = Clerk { books: &self.books, recorder: &self.recorder, session, today };
        claim_clock::look_after(clerk).map_err(|error| match error {
            Fault::Register(error) => Stopped::Register(error),
            Fault::Recorder(error) => Stopped::Recorder(error),
            _ => Stopped::Inside,
        })
    }

    /// New slots for those of these mailboxes that the console knows. One of which no letter was
    /// ever admitted has no recipient: it keeps the slot that its browser made.
    fn batch(
        &self,
        session: &Session,
        mailboxes: &[MailboxId],
        at: &Telling,
    ) -> Result<Vec<(MailboxId, Vec<u8>)>, Stopped> {
        let mut reports = Vec::new();
        for mailbox in mailboxes {
            reports.extend(self.books.register.report_of(mailbox)?);
        }
        let keys = session.keys.post.as_ref().ok_or(Stopped::Inside)?;
        let ids = reports.iter().map(|report| report.mailbox).collect();
        let proved_at = at.witnessed.as_ref().map_or(0, |(_, at)| at.size);
        let (recorded, lists) = self.recorder.connect()?.renew_slots(&session.person(Role::Officer), ids, proved_at)?;
        self.seal(recorded, reports, lists, keys, at)
    }

    fn seal(
        &self,
        recorded: Recorded<RenewSlots>,
        reports: Vec<Report>,
        lists: Vec<Listed>,
        keys: &PostKeys,
        at: &Telling,
    ) -> Result<Vec<(MailboxId, Vec<u8>)>, Stopped> {
        // The permission for this batch is used up here.
        let _ = recorded.use_up();
        let mut sealed = Vec::with_capacity(reports.len());
        for (report, (access, proofs)) in reports.into_iter().zip(lists) {
            let (messages, damaged) = self.messages(keys, report.number)?;
            let outcome = self.outcome(keys, &report)?;
            let due = report.letters.first().map(|first| self.books.rules.due(first.received_on));
            // Letters that do not open came all the same.
            let mut received = report.aside;
            received.extend(report.letters.iter().map(|letter| letter.digest));
            let left_out = received.len().saturating_sub(MOST_LETTERS);
            let slot = PostSlot {
                mailbox: report.mailbox,
                number: at.number,
                day: at.today,
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

    /// The answers to a report, and whether one of them cannot be read: that must not keep all
    /// others from theirs.
    fn messages(&self, keys: &PostKeys, report: u64) -> Result<(Vec<Message>, bool), Stopped> {
        let (mut messages, mut damaged) = (Vec::new(), false);
        let replies = replies::read(&self.books, keys, report).map_err(|error| match error {
            Fault::Register(error) => Stopped::Register(error),
            _ => Stopped::Inside,
        })?;
        for (reply, text) in replies {
            match text {
                Some(text) => messages.push(Message { day: reply.written_on, text }),
                None => damaged = true,
            }
        }
        Ok((messages, damaged))
    }

    /// Likewise one damaged dossier: its reporter is told no outcome, and the operator is told.
    fn outcome(&self, keys: &PostKeys, report: &Report) -> Result<Option<Outcome>, Stopped> {
        match handling::outcome(&self.books, keys, report) {
            Ok(outcome) => Ok(outcome),
            Err(Fault::Register(error)) => Err(error.into()),
            Err(error) => {
                tracing::error!("the outcome of report {} cannot be told: {}", report.number, program::chain(&error));
                Ok(None)
            }
        }
    }

    /// Drops mailboxes to which nothing but looking came for a month.
    pub(super) async fn give_up_covers(&self, today: Day) -> Result<(), Stopped> {
        let register = self.books.register.clone();
        let old = block(move || register.only_covers(today.minus_days(COVERS_FOR)));
        let old = old.await.map_err(|_| Stopped::Inside)??;
        self.letterbox.drop_mailboxes(old.clone()).await?;
        let register = self.books.register.clone();
        Ok(block(move || register.forget_mailboxes(&old)).await.map_err(|_| Stopped::Inside)??)
    }
}
