//! Writing inward bundles: letters, then enclosures, in as many files as they need.

use bundle::{BundleHead, BundleWriter, Inward, InwardRecord};
use letterbox::{ExchangeState, LetterboxError, WaitingEnclosure};
use model::Day;

use super::Passage;

/// Letters that are read at once: 7 MB.
const AT_ONCE: i64 = 100;
/// Enclosures up to this size before sealing go with their letter; larger ones once the console expects them: anybody
/// can send a letter that turns out to be junk.
const UNADMITTED_UP_TO: usize = 64 * 1024 * 1024;
/// Bytes of enclosures that nobody expects yet, in one passage.
const UNADMITTED: usize = 1024 * 1024 * 1024;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// What is still to be written, over several bundles.
struct Waiting {
    enclosures: std::vec::IntoIter<WaitingEnclosure>,
    /// The enclosure that did not fit, and its next part.
    begun: Option<(WaitingEnclosure, u32)>,
    unadmitted: usize,
}

/// What one bundle holds.
#[derive(Default)]
struct Written {
    letters: Vec<i64>,
    /// Enclosures whose last part is in it.
    enclosures: Vec<i64>,
    /// Whether something is left for the next one.
    is_full: bool,
}

impl Passage {
    /// Writes what waits. `is_answer`: a bundle of the console was applied, which it is told by a bundle.
    pub(super) async fn write(&self, today: Day, is_answer: bool) -> Fallible<Vec<BundleHead<Inward>>> {
        let mut heads = Vec::new();
        let waiting = self.letterbox.waiting_enclosures(UNADMITTED_UP_TO).await?;
        tell_malformed("enclosures", &waiting.malformed);
        let mut waiting = Waiting { enclosures: waiting.enclosures.into_iter(), begun: None, unadmitted: UNADMITTED };
        loop {
            let state = self.letterbox.exchange_state().await?;
            let mut writer = BundleWriter::begin(&self.folder)?;
            let written = self.fill(&mut writer, &mut waiting).await?;
            if writer.is_empty() && !(is_answer && heads.is_empty()) {
                return Ok(heads);
            }
            let head = BundleHead { more: written.is_full, ..head(&state, today) };
            let finished = writer.finish(head, &self.key, None)?;
            self.letterbox.note_bundle(finished.head.clone(), written.letters, written.enclosures).await?;
            heads.push(finished.publish()?);
            if !written.is_full {
                return Ok(heads);
            }
        }
    }

    async fn fill(&self, writer: &mut BundleWriter<Inward>, waiting: &mut Waiting) -> Fallible<Written> {
        let mut written = Written::default();
        let mut after = None;
        loop {
            let batch = self.letterbox.waiting_letters(after, AT_ONCE).await?;
            tell_malformed("letters", &batch.malformed);
            for letter in batch.letters {
                let record = InwardRecord::Letter { mailbox: letter.mailbox, received_on: letter.received_on };
                if !writer.add(&record, &letter.sealed)? {
                    written.is_full = true;
                    return Ok(written);
                }
                written.letters.push(letter.row);
            }
            after = batch.last;
            if after.is_none() {
                break;
            }
        }
        while let Some((enclosure, from)) = waiting.next() {
            match self.add(writer, enclosure, from).await? {
                Added::All => written.enclosures.push(enclosure.row),
                Added::Gone => {}
                Added::UpTo(next) => {
                    waiting.begun = Some((enclosure, next));
                    written.is_full = true;
                    return Ok(written);
                }
            }
        }
        Ok(written)
    }

    /// Adds an enclosure from a part on.
    async fn add(&self, writer: &mut BundleWriter<Inward>, which: WaitingEnclosure, from: u32) -> Fallible<Added> {
        if from == 0 && !self.letterbox.close_enclosure(which).await? {
            // The reporter has begun to send other files.
            return Ok(Added::Gone);
        }
        let WaitingEnclosure { mailbox, letter, attempt, size, .. } = which;
        for part in from..size.parts() {
            let bytes = match self.letterbox.part(which, part).await {
                Err(LetterboxError::PartGone) => {
                    tracing::error!(code = "enclosure.part-gone", "a part of an enclosure is gone from the store");
                    return Ok(Added::Gone);
                }
                bytes => bytes?,
            };
            if !writer.add(&InwardRecord::Part { mailbox, letter, attempt, size, part }, &bytes)? {
                return Ok(Added::UpTo(part));
            }
        }
        Ok(Added::All)
    }
}

/// What was added of an enclosure.
enum Added {
    All,
    /// It is not there any more, or another attempt has begun.
    Gone,
    /// The bundle was full before this part.
    UpTo(u32),
}

impl Waiting {
    /// The next enclosure that may go with this passage, and the part to begin with.
    fn next(&mut self) -> Option<(WaitingEnclosure, u32)> {
        if let Some(begun) = self.begun.take() {
            return Some(begun);
        }
        let enclosure = self.enclosures.next()?;
        if !enclosure.wanted {
            // They come by size: what follows is no smaller.
            self.unadmitted = self.unadmitted.checked_sub(enclosure.size.sealed())?;
        }
        Some((enclosure, 0))
    }
}

fn head(state: &ExchangeState, made_on: Day) -> BundleHead<Inward> {
    BundleHead {
        number: state.next_number(),
        previous: state.last.as_ref().map(|last| last.name().digest),
        applied: state.applied.last,
        missing: state.applied.missing.iter().copied().collect(),
        ..BundleHead::first(state.epoch, made_on)
    }
}

/// Tells the operator of rows that are not of their form.
fn tell_malformed(table: &str, rows: &[i64]) {
    for row in rows {
        tracing::error!(
            code = "letterbox.malformed",
            "row {row} of {table} in the letterbox is malformed: left in place"
        );
    }
}
