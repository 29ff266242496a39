//! Taking in the portal's bundles. Every step may be interrupted and repeated: a letter that is taken in twice is stored
//! once, and that a bundle was taken in is stored last.

use std::collections::BTreeMap;
use std::path::Path;

use bundle::{BundleError, BundleFile, BundleHead, Inward, InwardRecord, OutwardRecord, Place, Taken, WrongBundle};
use bytes::Bytes;
use crypto::letters::mailbox::MailboxId;
use crypto::sealing::enclosure::EnclosureSize;
use crypto::sealing::outer::SEALED;
use enclosure_store::PartsError;
use model::{Day, Digest, LetterDigest};
use recorder_protocol::Notice;
use register::{BundleState, ExchangeTotals, SequenceConflict};
use tokio::runtime::Handle;

use super::run::Exchange;
use super::stopped::ExchangeError;
use crate::intake::ingest::{AT_ONCE, Arrived, place_in_order};

/// Most days that a letter can have waited at the portal: keys that it is sealed to are signed for a year.
const LONGEST_WAIT: u16 = 366;

/// One import of one bundle.
struct Import<'a> {
    exchange: &'a Exchange,
    runtime: &'a Handle,
    today: Day,
    /// The name of the outer key that browsers seal to.
    needed: Option<Digest>,
    letters: Vec<WaitingLetter>,
    /// Enclosures of which a part was stored: their rows here.
    touched: BTreeMap<LetterDigest, PartsHere>,
    done: &'a mut ExchangeTotals,
}

struct WaitingLetter {
    mailbox: MailboxId,
    received_on: Day,
    sealed: Vec<u8>,
}

/// Where parts of an enclosure are stored here.
#[derive(Clone, Copy)]
struct PartsHere {
    row: i64,
    mailbox: MailboxId,
    attempt: u64,
    size: EnclosureSize,
}

impl Exchange {
    /// Takes in the bundles that are in the folder, in order. A bundle that is refused stops no other; the first refusal
    /// is returned at the end. Blocks.
    pub(super) fn import_all(
        &self,
        runtime: &Handle,
        today: Day,
        needed: Option<Digest>,
        done: &mut ExchangeTotals,
    ) -> Result<(), ExchangeError> {
        let folder = &self.resources.passage.folder;
        let mut refused = Ok(());
        for path in folder.bundles::<Inward>()? {
            match self.import(&path, runtime, today, needed, done) {
                // What is here already is not wanted there; a stick that cannot be written to may keep it.
                Ok(()) | Err(ExchangeError::Bundle(BundleError::Wrong(WrongBundle::Repeated))) => {
                    if let Err(error) = folder.remove(&path) {
                        tracing::warn!(code = "bundle.not-removed", "bundle not removed: {}", program::chain(&error));
                    }
                }
                Err(error @ ExchangeError::Bundle(_)) => {
                    tracing::error!(code = "bundle.refused", "bundle refused: {}", program::chain(&error));
                    refused = refused.and(Err(error));
                }
                Err(error) => return Err(error),
            }
        }
        self.tell_complete()?;
        refused
    }

    fn import(
        &self,
        path: &Path,
        runtime: &Handle,
        today: Day,
        needed: Option<Digest>,
        done: &mut ExchangeTotals,
    ) -> Result<(), ExchangeError> {
        let (passage, register) = (&self.resources.passage, &self.resources.register);
        let file = BundleFile::<Inward>::open(path)?;
        let head = file.head(&passage.portal_key).map_err(BundleError::from)?;
        let state = register.bundle_state()?;
        let place = match state.applied.place(&head, state.confirmed) {
            Err(WrongBundle::NewEpoch) => {
                register.propose_epoch(head.epoch)?;
                return Err(BundleError::from(WrongBundle::NewEpoch).into());
            }
            place => place.map_err(BundleError::from)?,
        };
        let mut checked = file.checked(head, &passage.spool)?;
        let head = checked.head.clone();
        let (letters, touched) = (Vec::new(), BTreeMap::new());
        let mut import = Import { exchange: self, runtime, today, needed, letters, touched, done };
        for record in checked.records()? {
            let (record, bytes) = record?;
            import.take(record, bytes)?;
        }
        import.finish()?;
        let name = head.name();
        let notice = Notice::Bundle {
            direction: "inward".to_owned(),
            number: head.number,
            made_on: head.made_on,
            digest: name.digest,
        };
        self.resources.recorder.notice(&notice)?;
        if let Some(applied) = head.applied.filter(|applied| applied.epoch == state.epoch) {
            register.forget_told(applied.number)?;
        }
        if let Place::AfterGap(missing) = &place {
            tracing::warn!(code = "bundle.missing", "bundles {missing:?} of the portal never came");
        }
        Ok(register.keep_bundle_state(next(state, &head, &place))?)
    }

    /// Notes what the portal is to be told of letters.
    pub(super) fn tell(&self, told: BTreeMap<(MailboxId, LetterDigest), Taken>) -> Result<(), ExchangeError> {
        let record = |((mailbox, letter), taken)| OutwardRecord::Letter { mailbox, letter, taken };
        let records: Vec<OutwardRecord> = told.into_iter().map(record).collect();
        Ok(self.resources.register.acknowledge(&records)?)
    }

    /// Tells the recorder up to which day everything was taken in, so that it may destroy outer keys. Nothing is told
    /// while a bundle is missing: letters that it holds may need them.
    fn tell_complete(&self) -> Result<(), ExchangeError> {
        let state = self.resources.register.bundle_state()?;
        let Some(made_on) = state.applied_on.filter(|_| state.applied.missing.is_empty()) else { return Ok(()) };
        Ok(self.resources.recorder.connect()?.complete(made_on)?)
    }
}

/// How far the exchange is after a bundle was taken in.
fn next(state: BundleState, head: &BundleHead<Inward>, place: &Place) -> BundleState {
    let mut applied = state.applied.after(head, place);
    let (reported_in, reported_upto) = state.reported;
    let of_this_epoch = head.applied.filter(|applied| applied.epoch == state.epoch);
    let told = of_this_epoch.map_or(0, |applied| applied.number);
    let knows = reported_in > 0 && told >= reported_in;
    if knows {
        // The portal was told what is missing before it made this bundle: it has sent that again.
        applied.sent_again(reported_upto);
    }
    let is_newest = !matches!(place, Place::Late);
    BundleState {
        applied,
        // Of one that says that more was waiting, not everything of its day is here.
        applied_on: if is_newest && !head.more { Some(head.made_on) } else { state.applied_on },
        confirmed: None,
        proposed: None,
        told: state.told.max(told),
        // Numbers of another epoch mean other bundles.
        reported: if knows || state.applied.epoch != Some(head.epoch) { (0, 0) } else { state.reported },
        ..state
    }
}

impl Import<'_> {
    fn take(&mut self, record: InwardRecord, bytes: Vec<u8>) -> Result<(), ExchangeError> {
        match record {
            InwardRecord::Letter { mailbox, received_on } => {
                if bytes.len() != SEALED {
                    return Err(BundleError::from(WrongBundle::Record).into());
                }
                self.letters.push(WaitingLetter { mailbox, received_on, sealed: bytes });
                if self.letters.len() >= AT_ONCE { self.take_letters() } else { Ok(()) }
            }
            InwardRecord::Part { mailbox, letter, attempt, size, part } => {
                // Whether it is wanted shows once its letter is taken in.
                self.take_letters()?;
                if size.part_size(part) != Some(bytes.len()) {
                    return Err(BundleError::from(WrongBundle::Record).into());
                }
                self.take_part(letter, (mailbox, attempt, size), part, bytes)
            }
        }
    }

    fn finish(mut self) -> Result<(), ExchangeError> {
        self.take_letters()?;
        for (letter, parts) in std::mem::take(&mut self.touched) {
            self.complete(letter, parts)?;
        }
        Ok(())
    }

    /// Takes letters in and notes what the portal is to be told of them. Letters that came through another mailbox than
    /// they name are counted as refused, and leave nothing else.
    fn take_letters(&mut self) -> Result<(), ExchangeError> {
        let letters = std::mem::take(&mut self.letters);
        if letters.is_empty() {
            return Ok(());
        }
        let (resources, today) = (&self.exchange.resources, self.today);
        tell_wrong_days(&letters, today);
        let mut told: BTreeMap<(MailboxId, LetterDigest), Taken> =
            letters.iter().map(|letter| ((letter.mailbox, LetterDigest::of(&letter.sealed)), Taken::Done)).collect();
        let arrived = |WaitingLetter { mailbox, received_on, sealed }: WaitingLetter| Arrived {
            mailbox,
            sealed,
            on: believed(received_on, today).unwrap_or(today),
            tag: (),
        };
        let placed = place_in_order(resources, letters.into_iter().map(arrived).collect(), self.needed)?;
        for letter in &placed.unopened {
            // One that was admitted before comes again from a portal that was restored, and its outer key may be gone.
            let known = resources.register.knows_letter(letter.digest)?;
            let wanted = known && resources.register.awaits_enclosure(letter.digest)?;
            let taken = match (known, wanted) {
                (false, _) => Taken::Unopened,
                (true, false) => Taken::Done,
                (true, true) => Taken::EnclosureWanted,
            };
            told.insert((letter.came_through, letter.digest), taken);
        }
        let own: Vec<_> = placed.letters.iter().map(|(letter, ())| (letter.header.mailbox(), letter.digest)).collect();
        let foreign = placed.foreign;
        let taken = resources
            .register
            .take_in(placed.journalled(&resources.journal)?)?
            .map_err(|SequenceConflict| ExchangeError::Order)?;
        for name in own {
            if resources.register.awaits_enclosure(name.1)? {
                told.insert(name, Taken::EnclosureWanted);
            }
        }
        self.done.letters += taken.admitted as u64;
        self.done.unreadable += (taken.refused + foreign) as u64;
        self.exchange.tell(told)
    }

    fn take_part(
        &mut self,
        letter: LetterDigest,
        (mailbox, attempt, size): (MailboxId, u64, EnclosureSize),
        part: u32,
        bytes: Vec<u8>,
    ) -> Result<(), ExchangeError> {
        let resources = &self.exchange.resources;
        let known = self.touched.get(&letter).copied().filter(|parts| parts.attempt == attempt);
        let parts = match known {
            Some(parts) => parts,
            // It is here by now, it was erased, or its letter announces none. Of a letter that is not known nothing is
            // said: it is still to come, and its enclosure with it.
            None if !resources.register.awaits_enclosure(letter)? => {
                if !resources.register.knows_letter(letter)? {
                    return Ok(());
                }
                let record = OutwardRecord::Enclosure { mailbox, letter, attempt };
                return Ok(resources.register.acknowledge(&[record])?);
            }
            None => {
                if let Some(row) = resources.register.other_attempt(letter, attempt)? {
                    // Before the new number is stored: after a power cut they are removed then.
                    self.runtime.block_on(resources.enclosures.remove(row))?;
                }
                let row = resources.register.note_enclosure(letter, attempt, size.plain() as u64, false)?;
                PartsHere { row, mailbox, attempt, size }
            }
        };
        self.touched.insert(letter, parts);
        self.put(parts.row, part, bytes.into())
    }

    fn put(&self, row: i64, part: u32, bytes: Bytes) -> Result<(), ExchangeError> {
        let store = &self.exchange.resources.enclosures;
        match self.runtime.block_on(store.put(row, part, bytes.clone())) {
            Err(PartsError::OtherContent) => {
                // Of another sealing under the same number, as after a restore of the portal. The rest comes again, since
                // the enclosure is not acknowledged before it is whole.
                self.runtime.block_on(store.remove(row))?;
                Ok(self.runtime.block_on(store.put(row, part, bytes))?)
            }
            put => Ok(put?),
        }
    }

    /// Notes an enclosure as whole if all its parts are here.
    fn complete(&mut self, letter: LetterDigest, parts: PartsHere) -> Result<(), ExchangeError> {
        let PartsHere { row, mailbox, attempt, size } = parts;
        let resources = &self.exchange.resources;
        let here = self.runtime.block_on(resources.enclosures.list(row))?;
        let fitting = here.iter().filter(|(part, bytes)| size.part_size(*part) == Some(*bytes)).count();
        if fitting != size.parts() as usize {
            return Ok(());
        }
        resources.register.note_enclosure(letter, attempt, size.plain() as u64, true)?;
        self.done.enclosures += 1;
        Ok(resources.register.acknowledge(&[OutwardRecord::Enclosure { mailbox, letter, attempt }])?)
    }
}

fn tell_wrong_days(letters: &[WaitingLetter], today: Day) {
    let wrong = letters.iter().filter(|letter| believed(letter.received_on, today).is_none()).count();
    if wrong > 0 {
        tracing::error!(
            code = "letterbox.clock",
            "{wrong} letters have a day that cannot be: the portal's clock is wrong; they count as received today"
        );
    }
}

/// The day on which the portal received a letter, if it can be. Deadlines and rules follow that day, and the portal's
/// clock is not the post's.
fn believed(received_on: Day, today: Day) -> Option<Day> {
    // The portal's day may have begun some seconds before the console's.
    if received_on == today.plus_days(1) {
        return Some(today);
    }
    (today.minus_days(LONGEST_WAIT) <= received_on && received_on <= today).then_some(received_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R14 of the review: a portal whose clock was twenty years off gave deadlines of that time.
    #[test]
    fn a_day_that_cannot_be_is_not_believed() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let today = day("2026-11-28");
        for (said, found) in [
            ("2026-11-28", Some("2026-11-28")),
            ("2026-11-29", Some("2026-11-28")),
            ("2026-11-30", None),
            ("2025-11-27", Some("2025-11-27")),
            ("2025-11-26", None),
            ("2006-12-02", None),
        ] {
            assert_eq!(believed(day(said), today), found.map(day), "{said}");
        }
    }
}
