//! How far the exchange of bundles is, what the portal must still be told, and what every outward bundle brings.

use std::collections::BTreeMap;

use bundle::{BundleHead, Chain, Epoch, Outward, OutwardRecord, RESTORED};
use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;
use model::Day;

use crate::Register;
use crate::schema::{acknowledgements, bundle_state, public_notes};

/// How far the exchange of bundles is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleState {
    /// This console's epoch.
    pub epoch: Epoch,
    /// The head of the last outward bundle; none before the first of this epoch.
    pub last: Option<BundleHead<Outward>>,
    /// The portal's bundles that were applied.
    pub applied: Chain,
    /// The day on which the newest of them was made.
    pub applied_on: Option<Day>,
    /// Outward bundles have numbers above this.
    pub lowest: u64,
    /// The portal's epoch that a person has confirmed, after it was made anew or restored.
    pub confirmed: Option<Epoch>,
    /// The outward bundle that first told the portal of missing bundles, and up to which number; zeros for none.
    pub reported: (u64, u64),
    /// The newest outward bundle of this epoch that the portal is known to have applied; 0 for none.
    pub told: u64,
    /// An epoch of the portal that waits to be confirmed.
    pub proposed: Option<Epoch>,
}

impl BundleState {
    /// The number of the next outward bundle.
    #[must_use]
    pub fn next_number(&self) -> u64 {
        self.last.as_ref().map_or(0, |last| last.number).max(self.lowest) + 1
    }
}

model::codes! {
    /// What every outward bundle brings to the portal, beside slots and acknowledgements.
    PublicNoteKind {
        /// The key statement, in JSON.
        Statement = "statement",
        /// The published results, a signed note.
        Results = "results",
    }
}

type Row = (String, String, String, String, i64, String, i64, i64, i64, String);

impl Register {
    /// Begins an epoch: of a new console, or after a restore, when numbers of before may have been used since.
    pub fn begin_epoch(&self, epoch: Epoch) -> Result<(), DatabaseError> {
        let begun = self.writer.write(move |connection| {
            let known = load(connection)?.map(|row| read(&row).ok_or(diesel::result::Error::RollbackTransaction));
            let state = match known.transpose()? {
                Some(before) => {
                    let lowest = before.next_number().saturating_add(RESTORED);
                    BundleState { epoch, last: None, lowest, told: 0, ..before }
                }
                None => BundleState {
                    epoch,
                    last: None,
                    applied: Chain::default(),
                    applied_on: None,
                    lowest: 0,
                    confirmed: None,
                    reported: (0, 0),
                    told: 0,
                    proposed: None,
                },
            };
            keep(connection, &state)
        });
        begun.wait()
    }

    /// How far the exchange is.
    pub fn bundle_state(&self) -> Result<BundleState, DatabaseError> {
        let row = self.readers.read(load)?;
        row.and_then(|row| read(&row)).ok_or(DatabaseError::Corrupt)
    }

    /// Stores how far the exchange is.
    pub fn keep_bundle_state(&self, state: BundleState) -> Result<(), DatabaseError> {
        self.writer.write(move |connection| keep(connection, &state)).wait()
    }

    /// Confirms the portal's epoch that waits for it; false if another one waits by now. An exchange may be writing
    /// meanwhile, so that nothing else is changed.
    pub fn confirm_epoch(&self, epoch: Epoch) -> Result<bool, DatabaseError> {
        let epoch = epoch.to_hex();
        let confirmed = self.writer.write(move |connection| {
            let waits = bundle_state::table.filter(bundle_state::proposed.eq(&epoch));
            let values = (bundle_state::confirmed.eq(&epoch), bundle_state::proposed.eq(""));
            diesel::update(waits).set(values).execute(connection)
        });
        Ok(confirmed.wait()? > 0)
    }

    /// Notes an epoch of the portal that a person must confirm.
    pub fn propose_epoch(&self, epoch: Epoch) -> Result<(), DatabaseError> {
        let proposed = diesel::update(bundle_state::table).set(bundle_state::proposed.eq(epoch.to_hex()));
        self.writer.write(move |connection| proposed.execute(connection)).wait().map(|_| ())
    }

    /// Notes what the portal must be told. What is noted already stays as it is.
    pub fn acknowledge(&self, records: &[OutwardRecord]) -> Result<(), DatabaseError> {
        let records: Vec<String> = records.iter().map(written).collect::<Result<_, _>>()?;
        let noted = self.writer.write(move |connection| {
            for record in records {
                let row = acknowledgements::table.filter(acknowledgements::record.eq(&record));
                // It was told before and must be told again, as to a portal that was restored.
                if diesel::update(row).set(acknowledgements::bundle.eq(0)).execute(connection)? == 0 {
                    let values = (acknowledgements::record.eq(&record), acknowledgements::bundle.eq(0));
                    diesel::insert_into(acknowledgements::table).values(values).execute(connection)?;
                }
            }
            Ok(())
        });
        noted.wait()
    }

    /// What the portal must still be told, by row, in the order in which it was noted.
    pub fn acknowledgements(&self) -> Result<BTreeMap<i64, OutwardRecord>, DatabaseError> {
        let rows: Vec<(i64, String)> = self.readers.read(|connection| {
            let rows = acknowledgements::table.select((acknowledgements::id, acknowledgements::record));
            rows.order(acknowledgements::id).load(connection)
        })?;
        let record = |(row, text): (i64, String)| {
            serde_json::from_str(&text).map(|record| (row, record)).map_err(|_| DatabaseError::Corrupt)
        };
        rows.into_iter().map(record).collect()
    }

    /// Stores a bundle that is written, with the rows of what it tells the portal. To be called before it is published.
    pub fn note_outward(&self, state: BundleState, told: Vec<i64>) -> Result<(), DatabaseError> {
        let number =
            state.last.as_ref().and_then(|head| i64::try_from(head.number).ok()).ok_or(DatabaseError::Corrupt)?;
        let noted = self.writer.write(move |connection| {
            for some in told.chunks(500) {
                // The first bundle that tells of it: the portal may apply that one or any later one.
                let new = acknowledgements::id.eq_any(some).and(acknowledgements::bundle.eq(0));
                diesel::update(acknowledgements::table.filter(new))
                    .set(acknowledgements::bundle.eq(number))
                    .execute(connection)?;
            }
            keep(connection, &state)
        });
        noted.wait()
    }

    /// Forgets what the portal was told with bundles up to this number, which it has applied.
    pub fn forget_told(&self, upto: u64) -> Result<(), DatabaseError> {
        let upto = i64::try_from(upto).unwrap_or(i64::MAX);
        let told = acknowledgements::table.filter(acknowledgements::bundle.between(1, upto));
        self.writer.write(move |connection| diesel::delete(told).execute(connection)).wait().map(|_| ())
    }

    /// Keeps the newest note of a kind.
    pub fn keep_public_note(&self, kind: PublicNoteKind, note: String) -> Result<(), DatabaseError> {
        let kept = self.writer.write(move |connection| {
            diesel::delete(public_notes::table.find(kind.code())).execute(connection)?;
            diesel::insert_into(public_notes::table)
                .values((public_notes::kind.eq(kind.code()), public_notes::note.eq(note)))
                .execute(connection)
        });
        kept.wait().map(|_| ())
    }

    /// The newest note of a kind.
    pub fn public_note(&self, kind: PublicNoteKind) -> Result<Option<String>, DatabaseError> {
        let note = public_notes::table.find(kind.code()).select(public_notes::note);
        self.readers.read(|connection| note.first(connection).optional())
    }
}

fn written(record: &OutwardRecord) -> Result<String, DatabaseError> {
    serde_json::to_string(record).map_err(|_| DatabaseError::Corrupt)
}

fn load(connection: &mut AnyConnection) -> QueryResult<Option<Row>> {
    let columns = (
        bundle_state::epoch,
        bundle_state::last_head,
        bundle_state::applied,
        bundle_state::applied_on,
        bundle_state::lowest,
        bundle_state::confirmed,
        bundle_state::reported_in,
        bundle_state::reported_upto,
        bundle_state::told,
        bundle_state::proposed,
    );
    bundle_state::table.select(columns).first(connection).optional()
}

fn read(
    (epoch, last, applied, applied_on, lowest, confirmed, reported_in, upto, told, proposed): &Row,
) -> Option<BundleState> {
    let number = |number: &i64| u64::try_from(*number).ok();
    Some(BundleState {
        epoch: epoch.parse().ok()?,
        last: if last.is_empty() { None } else { Some(BundleHead::parse(last).ok()?) },
        applied: applied.parse().ok()?,
        applied_on: if applied_on.is_empty() { None } else { Some(applied_on.parse().ok()?) },
        lowest: number(lowest)?,
        confirmed: if confirmed.is_empty() { None } else { Some(confirmed.parse().ok()?) },
        reported: (number(reported_in)?, number(upto)?),
        told: number(told)?,
        proposed: if proposed.is_empty() { None } else { Some(proposed.parse().ok()?) },
    })
}

fn keep(connection: &mut AnyConnection, state: &BundleState) -> QueryResult<()> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    diesel::delete(bundle_state::table).execute(connection)?;
    diesel::insert_into(bundle_state::table)
        .values((
            bundle_state::id.eq(1),
            bundle_state::epoch.eq(state.epoch.to_hex()),
            bundle_state::last_head.eq(state.last.as_ref().map(BundleHead::to_text).unwrap_or_default()),
            bundle_state::applied.eq(state.applied.to_string()),
            bundle_state::applied_on.eq(state.applied_on.map(|day| day.to_string()).unwrap_or_default()),
            bundle_state::lowest.eq(number(state.lowest)),
            bundle_state::confirmed.eq(state.confirmed.map(|epoch| epoch.to_hex()).unwrap_or_default()),
            bundle_state::reported_in.eq(number(state.reported.0)),
            bundle_state::reported_upto.eq(number(state.reported.1)),
            bundle_state::told.eq(number(state.told)),
            bundle_state::proposed.eq(state.proposed.map(|epoch| epoch.to_hex()).unwrap_or_default()),
        ))
        .execute(connection)
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::register;
    use bundle::Taken;

    fn letter(byte: u8, taken: Taken) -> OutwardRecord {
        OutwardRecord::Letter { mailbox: [byte; 32].into(), letter: [byte; 32].into(), taken }
    }

    #[test]
    fn what_the_portal_must_be_told_is_told_until_it_has_applied_it() {
        let (register, _folder) = register();
        register.begin_epoch([1; 8].into()).expect("begun");
        register.acknowledge(&[letter(1, Taken::Done), letter(2, Taken::Unopened)]).expect("noted");
        register.acknowledge(&[letter(1, Taken::Done)]).expect("noted before");
        let told = register.acknowledgements().expect("asked");
        assert_eq!(told.values().cloned().collect::<Vec<_>>(), [letter(1, Taken::Done), letter(2, Taken::Unopened)]);
        let state = register.bundle_state().expect("a state");
        assert_eq!(state.next_number(), 1);
        let head = BundleHead::first(state.epoch, "2026-11-28".parse().expect("a day"));
        let noted = BundleState { last: Some(head), ..state };
        register.note_outward(noted.clone(), told.keys().copied().collect()).expect("noted");
        assert_eq!(register.bundle_state().expect("a state"), noted);
        register.acknowledge(&[letter(3, Taken::EnclosureWanted)]).expect("noted");
        register.forget_told(0).expect("forgotten");
        assert_eq!(register.acknowledgements().expect("asked").len(), 3, "told, and not applied");
        register.forget_told(1).expect("forgotten");
        let left = register.acknowledgements().expect("asked");
        assert_eq!(left.into_values().collect::<Vec<_>>(), [letter(3, Taken::EnclosureWanted)]);
    }

    #[test]
    fn a_restored_console_begins_an_epoch_far_above_the_numbers_that_it_knows() {
        let (register, _folder) = register();
        register.begin_epoch([1; 8].into()).expect("begun");
        let state = register.bundle_state().expect("a state");
        assert_eq!(state.next_number(), 1);
        register.keep_bundle_state(BundleState { lowest: 7, ..state }).expect("kept");
        register.begin_epoch([2; 8].into()).expect("begun");
        let state = register.bundle_state().expect("a state");
        assert_eq!((state.epoch, state.next_number()), ([2; 8].into(), RESTORED + 9));
    }

    #[test]
    fn the_newest_note_of_a_kind_is_kept() {
        let (register, _folder) = register();
        assert_eq!(register.public_note(PublicNoteKind::Results).expect("asked"), None);
        for note in ["first", "second"] {
            register.keep_public_note(PublicNoteKind::Results, note.to_owned()).expect("kept");
            assert_eq!(register.public_note(PublicNoteKind::Results).expect("asked").as_deref(), Some(note));
        }
        assert_eq!(register.public_note(PublicNoteKind::Statement).expect("asked"), None);
    }
}
