//! Writing outward bundles: what the portal must be told, what everybody may read, and every mailbox with its slot.

use bundle::{BundleHead, BundleWriter, MailboxRange, Outward, OutwardRecord};
use crypto::letters::mailbox::MailboxId;
use model::Day;
use recorder_protocol::Notice;
use register::{BundleState, PublicNoteKind};

use super::run::Exchange;
use super::stopped::ExchangeError;

/// The outward bundles of one exchange: as many files as they need.
pub(super) struct Outgoing<'a> {
    exchange: &'a Exchange,
    today: Day,
    writer: BundleWriter<Outward>,
    /// Rows of acknowledgements in the bundle that is being written.
    told: Vec<i64>,
    /// The first row key that no finished bundle covers.
    from: i64,
    /// The last mailbox in the bundle that is being written.
    last: Option<i64>,
    heads: Vec<BundleHead<Outward>>,
}

impl Exchange {
    /// Begins an outward bundle with what the portal must be told and what everybody may read.
    pub(super) fn begin_outward(&self, checkpoint: Option<&str>, today: Day) -> Result<Outgoing<'_>, ExchangeError> {
        let resources = &self.resources;
        let state = resources.register.bundle_state()?;
        resources.passage.folder.recover(state.last.as_ref())?;
        let writer = BundleWriter::begin(&resources.passage.folder)?;
        let mut out =
            Outgoing { exchange: self, today, writer, told: Vec::new(), from: 0, last: None, heads: Vec::new() };
        for (kind, record) in [
            (PublicNoteKind::Statement, OutwardRecord::Statement {}),
            (PublicNoteKind::Results, OutwardRecord::Results {}),
        ] {
            if let Some(note) = resources.register.public_note(kind)? {
                out.add(&record, note.as_bytes())?;
            }
        }
        if let Some(note) = checkpoint {
            out.add(&OutwardRecord::Checkpoint {}, note.as_bytes())?;
        }
        for (row, record) in resources.register.acknowledgements()? {
            out.add(&record, b"")?;
            out.told.push(row);
        }
        Ok(out)
    }
}

impl Outgoing<'_> {
    /// Adds a mailbox with a new slot, or with the one that it has. They come in the order of their row keys.
    pub(super) fn mailbox(&mut self, mailbox: MailboxId, slot: Option<&[u8]>) -> Result<(), ExchangeError> {
        self.add(&OutwardRecord::Mailbox { mailbox }, slot.unwrap_or_default())?;
        self.last = Some(mailbox.row_key());
        Ok(())
    }

    fn add(&mut self, record: &OutwardRecord, bytes: &[u8]) -> Result<(), ExchangeError> {
        if self.writer.add(record, bytes)? {
            return Ok(());
        }
        let last = self.last.unwrap_or(self.from);
        let next = BundleWriter::begin(&self.exchange.resources.passage.folder)?;
        let full = std::mem::replace(&mut self.writer, next);
        self.write(full, MailboxRange { first: self.from, last }, true)?;
        (self.from, self.last) = (last.saturating_add(1), None);
        if self.writer.add(record, bytes)? { Ok(()) } else { Err(ExchangeError::Inside) }
    }

    /// Finishes the last bundle, and removes those of earlier exchanges: these ones say all that they said.
    pub(super) fn finish(mut self) -> Result<Vec<BundleHead<Outward>>, ExchangeError> {
        let folder = &self.exchange.resources.passage.folder;
        let next = BundleWriter::begin(folder)?;
        let full = std::mem::replace(&mut self.writer, next);
        self.write(full, MailboxRange { first: self.from, last: i64::MAX }, false)?;
        folder.remove_all_but(&self.heads)?;
        Ok(self.heads)
    }

    fn write(&mut self, writer: BundleWriter<Outward>, range: MailboxRange, more: bool) -> Result<(), ExchangeError> {
        let (passage, register) = (&self.exchange.resources.passage, &self.exchange.resources.register);
        let state = register.bundle_state()?;
        let finished =
            writer.finish(BundleHead { more, ..head(&state, self.today, range) }, &passage.key, Some(&passage.year))?;
        let head = finished.head.clone();
        let notice = Notice::Bundle {
            direction: "outward".to_owned(),
            number: head.number,
            made_on: head.made_on,
            digest: head.name().digest,
        };
        self.exchange.resources.recorder.notice(&notice)?;
        let missing = head.missing.last().copied().unwrap_or_default();
        // Only the first bundle that tells of them counts: the portal may apply any later one.
        let reported = if missing > state.reported.1 { (head.number, missing) } else { state.reported };
        let state = BundleState { last: Some(head), reported, ..state };
        register.note_outward(state, std::mem::take(&mut self.told))?;
        self.heads.push(finished.publish()?);
        Ok(())
    }
}

fn head(state: &BundleState, made_on: Day, range: MailboxRange) -> BundleHead<Outward> {
    BundleHead {
        number: state.next_number(),
        previous: state.last.as_ref().map(|last| last.name().digest),
        applied: state.applied.last,
        missing: state.applied.missing.iter().copied().collect(),
        mailboxes: Some(range),
        ..BundleHead::first(state.epoch, made_on)
    }
}
