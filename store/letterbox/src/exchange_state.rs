//! How far the exchange is on this side: this portal's epoch and last bundle, and the console's bundles that were applied.

use bundle::{BundleHead, Chain, Epoch, Inward, RESTORED};
use database::AnyConnection;
use diesel::prelude::*;
use model::Day;

use crate::schema::{enclosures, exchange_state, letters};
use crate::{Letterbox, LetterboxError};

/// Row keys that one statement changes.
const AT_ONCE: usize = 500;

/// How far the exchange is.
#[derive(Clone, Debug)]
pub struct ExchangeState {
    /// This portal's epoch.
    pub epoch: Epoch,
    /// The head of the last inward bundle; none before the first of this epoch.
    pub last: Option<BundleHead<Inward>>,
    /// The console's bundles that were applied.
    pub applied: Chain,
    /// Inward bundles have numbers above this.
    pub lowest: u64,
    /// The last row key up to which every mailbox that the console knows has a slot here; none before the first bundle.
    pub covered: Option<i64>,
    /// The first day of the year's keys that signed the newest bundle: older ones were replaced.
    pub keys_from: Option<Day>,
}

impl ExchangeState {
    /// Whether everybody can be served: before that a reporter would be told that nothing is kept.
    #[must_use]
    pub fn serves(&self) -> bool {
        self.covered == Some(i64::MAX)
    }

    /// The number of the next inward bundle.
    #[must_use]
    pub fn next_number(&self) -> u64 {
        self.last.as_ref().map_or(0, |last| last.number).max(self.lowest) + 1
    }
}

type Row = (String, String, String, i64, i64, String);

impl Letterbox {
    /// Makes an epoch, if there is none: a portal that is new.
    pub async fn begin_first_epoch(&self, epoch: Epoch) -> Result<(), LetterboxError> {
        let begun = self.write(move |connection| {
            let none = exchange_state::table.select(exchange_state::id).first::<i64>(connection).optional()?;
            if none.is_none() {
                let state = ExchangeState {
                    epoch,
                    last: None,
                    applied: Chain::default(),
                    lowest: 0,
                    covered: None,
                    keys_from: None,
                };
                insert(connection, &state)?;
            }
            Ok(())
        });
        begun.await
    }

    /// Begins another epoch after a restore. Nobody is served before the console's next bundle: mailboxes that came since
    /// the backup are not here.
    pub async fn begin_epoch_after_restore(&self, epoch: Epoch) -> Result<(), LetterboxError> {
        let before = self.exchange_state().await?;
        let lowest = before.next_number().saturating_add(RESTORED);
        self.keep_exchange_state(ExchangeState { epoch, last: None, lowest, covered: None, ..before }).await?;
        // What went with bundles since the backup may be lost, and none of them is counted as missing in a new epoch.
        self.send_lost_again(u64::MAX).await
    }

    /// How far the exchange is. Fails on a portal without an epoch, which `init` makes.
    pub async fn exchange_state(&self) -> Result<ExchangeState, LetterboxError> {
        let row: Row = self
            .read(|connection| {
                exchange_state::table
                    .select((
                        exchange_state::epoch,
                        exchange_state::last_head,
                        exchange_state::applied,
                        exchange_state::lowest,
                        exchange_state::covered,
                        exchange_state::keys_from,
                    ))
                    .first(connection)
            })
            .await?;
        Ok(read(&row).ok_or(database::DatabaseError::Corrupt)?)
    }

    /// Stores how far the exchange is.
    pub async fn keep_exchange_state(&self, state: ExchangeState) -> Result<(), LetterboxError> {
        self.write(move |connection| insert(connection, &state)).await
    }

    /// Notes a bundle that is written, with the letters and the enclosures whose last part is in it. To be called before
    /// it is published.
    pub async fn note_bundle(
        &self,
        head: BundleHead<Inward>,
        letter_rows: Vec<i64>,
        enclosure_rows: Vec<i64>,
    ) -> Result<(), LetterboxError> {
        let number = i64::try_from(head.number).map_err(|_| database::DatabaseError::Corrupt)?;
        let noted = self.write(move |connection| {
            for some in letter_rows.chunks(AT_ONCE) {
                let sent = letters::table.filter(letters::id.eq_any(some));
                diesel::update(sent).set(letters::bundle.eq(number)).execute(connection)?;
            }
            for some in enclosure_rows.chunks(AT_ONCE) {
                let sent = enclosures::table.filter(enclosures::id.eq_any(some));
                diesel::update(sent).set(enclosures::bundle.eq(number)).execute(connection)?;
            }
            let row = exchange_state::table.find(1);
            diesel::update(row).set(exchange_state::last_head.eq(head.to_text())).execute(connection)
        });
        noted.await.map(|_| ())
    }
}

fn insert(connection: &mut AnyConnection, state: &ExchangeState) -> QueryResult<()> {
    diesel::delete(exchange_state::table).execute(connection)?;
    diesel::insert_into(exchange_state::table)
        .values((
            exchange_state::id.eq(1),
            exchange_state::epoch.eq(state.epoch.to_hex()),
            exchange_state::last_head.eq(state.last.as_ref().map(BundleHead::to_text).unwrap_or_default()),
            exchange_state::applied.eq(state.applied.to_string()),
            exchange_state::lowest.eq(i64::try_from(state.lowest).unwrap_or(i64::MAX)),
            exchange_state::covered.eq(state.covered.unwrap_or(-1)),
            exchange_state::keys_from.eq(state.keys_from.map(|day| day.to_string()).unwrap_or_default()),
        ))
        .execute(connection)?;
    Ok(())
}

fn read((epoch, last, applied, lowest, covered, keys_from): &Row) -> Option<ExchangeState> {
    Some(ExchangeState {
        epoch: epoch.parse().ok()?,
        last: if last.is_empty() { None } else { Some(BundleHead::parse(last).ok()?) },
        applied: applied.parse().ok()?,
        lowest: u64::try_from(*lowest).ok()?,
        covered: (*covered >= 0).then_some(*covered),
        keys_from: if keys_from.is_empty() { None } else { Some(keys_from.parse().ok()?) },
    })
}
