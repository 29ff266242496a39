//! Applying an outward bundle. Every step may be interrupted and repeated; that the bundle was applied is stored last.

use std::path::Path;

use bundle::{
    BundleError, BundleFile, BundleHead, CheckedBundle, MailboxRange, Outward, OutwardRecord, Place, Taken, WrongBundle,
};
use crypto::letters::mailbox::MailboxId;
use letterbox::{ExchangeState, LetterName, PublicNote};
use model::Day;

use super::Passage;
use crate::config::Config;

/// Slots and acknowledgements in one transaction: 10 MB.
const AT_ONCE: usize = 300;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// What became of a bundle.
pub(super) enum Applied {
    /// It was applied now; a sentence for the operator.
    Now(String),
    /// It was applied before.
    Before,
}

/// What is collected from records before it is written.
#[derive(Default)]
struct Batch {
    slots: Vec<(MailboxId, Option<Vec<u8>>)>,
    letters: Vec<(LetterName, Taken)>,
    enclosures: Vec<(LetterName, u64)>,
}

impl Passage {
    pub(super) async fn apply(
        &self,
        config: &Config,
        file: Result<BundleFile<Outward>, BundleError>,
        today: Day,
    ) -> Fallible<Applied> {
        let file = file?;
        let (head, keys) = file.head_from_root(&config.root_key, today)?;
        let state = self.letterbox.exchange_state().await?;
        if state.keys_from.is_some_and(|newest| keys.from < newest) {
            // The root has replaced them since: whoever has the old key must not speak for the console.
            return Err(WrongBundle::NotInForce.into());
        }
        let place = match state.applied.place(&head, self.confirmed) {
            // One that was skipped is older than what is here, and must not bring that back.
            Err(WrongBundle::Repeated) | Ok(Place::Late) => return Ok(Applied::Before),
            Err(WrongBundle::NewEpoch) => {
                let epoch = head.epoch.to_hex();
                let confirm = format!("compare {epoch} with the console's page, then run pass --accept-epoch {epoch}");
                return Err(format!("{}: {confirm}", WrongBundle::NewEpoch).into());
            }
            place => place?,
        };
        let continues = head.mailboxes.is_some_and(|range| range.first > 0);
        if continues && place != Place::Next {
            // Acknowledgements are in the first file of an exchange.
            return Err("it goes on from a bundle that is not here".into());
        }
        let checked = file.checked(head, Path::new(&self.spool))?;
        let head = checked.head.clone();
        let is_other = state.applied.epoch.is_some_and(|known| known != head.epoch);
        if is_other {
            // A console that was restored needs again what it had acknowledged since its backup.
            self.letterbox.send_all_again().await?;
        }
        let all_have_slots = self.take(config, checked, today).await?;
        if let Some(applied) = head.applied {
            self.letterbox.send_lost_again(applied.number).await?;
        }
        let mut after = state.applied.after(&head, &place);
        // What a skipped one told is told again by this one.
        after.missing.clear();
        let said = match &place {
            Place::AfterGap(skipped) => {
                format!("applied; {} before it never came, and this one says all they said", skipped.len())
            }
            _ => "applied".to_owned(),
        };
        let state = ExchangeState { keys_from: Some(keys.from), ..state };
        self.letterbox.keep_exchange_state(next(state, &head, after, all_have_slots)).await?;
        Ok(Applied::Now(said))
    }

    /// Applies the records; returns whether every mailbox that they name has a slot here.
    async fn take(&self, config: &Config, mut checked: CheckedBundle<Outward>, today: Day) -> Fallible<bool> {
        let range = checked.head.mailboxes;
        // The first row key that is not yet looked at for mailboxes that are not named.
        let mut from = range.map(|range| range.first);
        let (mut batch, mut all) = (Batch::default(), true);
        for record in checked.records()? {
            let (record, bytes) = record?;
            match record {
                OutwardRecord::Mailbox { mailbox } => {
                    let before = batch.slots.last().map(|(before, _)| before.row_key()).or(from);
                    let in_order = before.is_some_and(|before| before <= mailbox.row_key());
                    if !in_order || range.is_none_or(|range| mailbox.row_key() > range.last) {
                        return Err(WrongBundle::Record.into());
                    }
                    batch.slots.push((mailbox, (!bytes.is_empty()).then_some(bytes)));
                }
                OutwardRecord::Letter { mailbox, letter, taken } => batch.letters.push(((mailbox, letter), taken)),
                OutwardRecord::Enclosure { mailbox, letter, attempt } => {
                    batch.enclosures.push(((mailbox, letter), attempt));
                }
                OutwardRecord::Statement {} => self.publish(config, &bytes, today).await,
                OutwardRecord::Checkpoint {} => self.publish_note(PublicNote::Checkpoint, bytes).await?,
                OutwardRecord::Results {} => self.publish_note(PublicNote::Results, bytes).await?,
            }
            if batch.slots.len() + batch.letters.len() + batch.enclosures.len() >= AT_ONCE {
                let last = batch.slots.last().map(|(mailbox, _)| mailbox.row_key());
                all &= self.keep(std::mem::take(&mut batch), from, last, today).await?;
                from = last.map(|last| last.saturating_add(1)).or(from);
            }
        }
        all &= self.keep(batch, from, range.map(|range| range.last), today).await?;
        Ok(all)
    }

    /// Writes a batch, and drops the mailboxes between its ends that it does not name.
    async fn keep(&self, batch: Batch, from: Option<i64>, upto: Option<i64>, today: Day) -> Fallible<bool> {
        self.letterbox.acknowledge_letters(batch.letters, today).await?;
        self.letterbox.acknowledge_enclosures(batch.enclosures, today).await?;
        let named: Vec<MailboxId> = batch.slots.iter().map(|(mailbox, _)| *mailbox).collect();
        let all = self.letterbox.replace_slots(batch.slots).await?;
        if let (Some(first), Some(last)) = (from, upto) {
            self.letterbox.drop_unnamed(MailboxRange { first, last }, &named).await?;
        }
        Ok(all)
    }

    /// A statement that is refused stops nothing: the reporters' answers are in the same bundle.
    async fn publish(&self, config: &Config, bytes: &[u8], today: Day) {
        let published = match serde_json::from_slice(bytes) {
            Ok(statement) => self.letterbox.publish_statement(statement, &config.root_key, today).await.map(|_| ()),
            Err(_) => Err(letterbox::LetterboxError::Statement(crypto::keys::statement::BadStatement::Form("JSON"))),
        };
        if let Err(error) = published {
            println!("the key statement was refused: {}", program::chain(&error));
        }
    }

    async fn publish_note(&self, which: PublicNote, bytes: Vec<u8>) -> Fallible<()> {
        let note = String::from_utf8(bytes).map_err(|_| WrongBundle::Record)?;
        Ok(self.letterbox.publish_note(which, note).await?)
    }
}

/// How far the exchange is after a bundle was applied.
fn next(state: ExchangeState, head: &BundleHead<Outward>, applied: bundle::Chain, all: bool) -> ExchangeState {
    let reaches = head.mailboxes.filter(|range| {
        let follows = state.covered.is_some_and(|covered| covered.checked_add(1) == Some(range.first));
        all && (range.first == 0 || follows)
    });
    let covered = match state.covered {
        // Once everybody is served, it stays so.
        Some(i64::MAX) => Some(i64::MAX),
        before => reaches.map(|range| range.last).or(before),
    };
    ExchangeState { applied, covered, ..state }
}
