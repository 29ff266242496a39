//! One exchange, step by step. Every step may be interrupted and repeated: a letter is erased at the portal only when
//! it is durable here, and a letter that is collected twice is stored once.

use std::sync::Arc;

use letterbox::PulledLetter;
use model::{Day, Digest, LetterDigest, Role};
use register::{Admission, ExchangeTotals, SequenceConflict, UnopenedLetter};
use tokio::task::spawn_blocking;

use super::stopped::ExchangeError;
use crate::accounts::sessions::Session;
use crate::actor::Actor;
use crate::intake::ingest::{AT_ONCE, Arrived, nothing_waits, outer_key_name, place_in_order};
use crate::resources::Resources;

/// The problem code of an exchange that collected letters while no officer was signed in: slots need the post's keys,
/// which are in clear only inside a session.
pub const SLOTS_WAIT: &str = "slots-wait";

/// Most days that a letter can have waited at the portal: keys that it is sealed to are signed for a year.
const LONGEST_WAIT: u16 = 366;

/// A running exchange. Clones share everything.
#[derive(Clone)]
pub(super) struct Exchange {
    pub(super) resources: Arc<Resources>,
}

/// Runs blocking work on a thread of the blocking pool.
pub(super) async fn blocking<T: Send + 'static, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, ExchangeError>
where
    E: Send + 'static,
    ExchangeError: From<E>,
{
    spawn_blocking(work).await.map_err(|_| ExchangeError::Inside)?.map_err(ExchangeError::from)
}

impl Exchange {
    /// Runs one exchange; stores its totals in the register and returns them. Without a session letters come in and
    /// slots are not renewed.
    pub(super) async fn run(&self, session: Option<Arc<Session>>) -> Result<ExchangeTotals, ExchangeError> {
        let (register, today) = (self.resources.register.clone(), self.resources.clock.today());
        let number = blocking(move || register.begin_exchange(today)).await?;
        let officer = session.map(|session| Actor {
            resources: Arc::clone(&self.resources),
            session,
            role: Role::Officer,
            today,
        });
        let mut done = ExchangeTotals::default();
        if let Err(stopped) = self.steps(officer, number, today, &mut done).await {
            tracing::error!(code = "exchange.stopped", "exchange stopped: {}", program::chain(&stopped));
            done.problem = Some(stopped.code().to_owned());
        }
        let (register, kept) = (self.resources.register.clone(), done.clone());
        blocking(move || register.end_exchange(number, kept)).await?;
        Ok(done)
    }

    async fn steps(
        &self,
        officer: Option<Actor>,
        number: u64,
        today: Day,
        done: &mut ExchangeTotals,
    ) -> Result<(), ExchangeError> {
        let letterbox = &self.resources.letterbox;
        let needed = self.needed_outer_key(today).await?;
        // First, since outer keys whose period is over may be destroyed when nothing waits any more.
        let exchange = self.clone();
        done.letters += blocking(move || exchange.try_unopened(today, needed)).await?;
        self.pull_letters(today, needed, done).await?;
        let enclosures = self.pull_enclosures(done).await;
        let published = self.publish_checkpoint().await.inspect_err(|error| {
            tracing::error!(
                code = "checkpoint.not-published",
                "publishing the checkpoint failed: {}",
                program::chain(error)
            );
        });
        let mut results = Ok(());
        match officer {
            Some(officer) => {
                self.renew_slots(&officer, number, done).await?;
                results = self.publish_results(&officer).await.inspect_err(|error| {
                    tracing::error!(
                        code = "results.not-published",
                        "publishing the results failed: {}",
                        program::chain(error)
                    );
                });
            }
            None => done.problem = Some(SLOTS_WAIT.to_owned()),
        }
        // A failure of one of these does not stop the others; the first one is returned at the end.
        let swept = letterbox.sweep(today).await.map(|_| ()).map_err(ExchangeError::from);
        let given_up = self.give_up_mailboxes(today).await;
        let compacted = letterbox.compact().await.map_err(ExchangeError::from);
        enclosures.and(swept).and(given_up).and(compacted).and(published).and(results)
    }

    /// The name of the outer key that the statement in force at the portal names; none without a statement.
    async fn needed_outer_key(&self, today: Day) -> Result<Option<Digest>, ExchangeError> {
        let newest = self.resources.letterbox.latest_statement().await?;
        let verified = newest.and_then(|(_, bundle)| bundle.verify(&self.resources.root_key, today, None).ok());
        Ok(verified.map(|verified| outer_key_name(&verified.statement)))
    }

    /// Takes in the letters that are there now, each once: those that come meanwhile wait for the next exchange, so that
    /// a flood does not keep this one from its end.
    async fn pull_letters(
        &self,
        today: Day,
        needed: Option<Digest>,
        done: &mut ExchangeTotals,
    ) -> Result<(), ExchangeError> {
        let most = i64::try_from(AT_ONCE).map_err(|_| ExchangeError::Inside)?;
        let letterbox = &self.resources.letterbox;
        let (mut after, mut left, mut old_malformed) = (None, letterbox.count_uncollected(None).await?, 0);
        while left > 0 {
            let batch = letterbox.uncollected(after, most).await?;
            log_malformed("letters", &batch.malformed.iter().map(|place| place.row).collect::<Vec<_>>());
            after = batch.last;
            if after.is_none() {
                break;
            }
            // Only malformed rows that the count below includes, so that none hides a letter that still waits.
            old_malformed += batch.malformed.iter().filter(|place| place.is_before(today)).count() as u64;
            left = left.saturating_sub((batch.letters.len() + batch.malformed.len()) as u64);
            let rows = batch.letters.iter().map(|letter| letter.row).collect();
            let exchange = self.clone();
            let (taken, awaiting) = blocking(move || exchange.take_in(batch.letters, needed, today)).await?;
            done.letters += taken.admitted as u64;
            done.unreadable += taken.refused as u64;
            // Only now: the letters are durable here, with their places in the recorder's order.
            letterbox.collected(rows, awaiting).await?;
        }
        // A letter of today needs no key whose period is over: a stranger who keeps sending keeps no key alive.
        if letterbox.count_uncollected(Some(today)).await? > old_malformed {
            return Ok(());
        }
        let exchange = self.clone();
        blocking(move || nothing_waits(&exchange.resources)).await
    }

    /// Takes letters in. Returns the result, and the rows of letters whose enclosure is still to come. Letters that came
    /// through another mailbox than they name are counted as refused, and leave nothing else.
    fn take_in(
        &self,
        letters: Vec<PulledLetter>,
        needed: Option<Digest>,
        today: Day,
    ) -> Result<(Admission, Vec<i64>), ExchangeError> {
        let wrong = letters.iter().filter(|letter| believed(letter.received_on, today).is_none()).count();
        if wrong > 0 {
            tracing::error!(
                code = "letterbox.clock",
                "{wrong} letters have a day that cannot be: the portal's clock is wrong; they count as received today"
            );
        }
        let arrived = |PulledLetter { row, mailbox, sealed, received_on, .. }: PulledLetter| Arrived {
            mailbox,
            sealed,
            on: believed(received_on, today).unwrap_or(today),
            tag: row,
        };
        let placed = place_in_order(&self.resources, letters.into_iter().map(arrived).collect(), needed)?;
        let digests: Vec<(LetterDigest, i64)> =
            placed.letters.iter().map(|(letter, row)| (letter.digest, *row)).collect();
        let foreign = placed.foreign;
        let taken = self.resources.register.take_in(placed.untagged())?;
        let mut taken = taken.map_err(|SequenceConflict| ExchangeError::Order)?;
        taken.refused += foreign;
        let mut awaiting = Vec::new();
        for (letter, row) in digests {
            if self.resources.register.awaits_enclosure(letter)? {
                awaiting.push(row);
            }
        }
        Ok((taken, awaiting))
    }

    /// Tries again to open letters whose outside did not open, if the recorder has other keys by now. Returns the number
    /// that opened.
    fn try_unopened(&self, today: Day, needed: Option<Digest>) -> Result<u64, ExchangeError> {
        let register = &self.resources.register;
        let (mut opened, mut tried) = (0, None);
        loop {
            let most = i64::try_from(AT_ONCE).map_err(|_| ExchangeError::Inside)?;
            let batch = register.unopened(tried, most)?;
            if batch.is_empty() {
                // Only after a try with all keys: those that a backup brought back may have come today.
                register.give_up_unopened(today)?;
                return Ok(opened);
            }
            let arrived = |letter: UnopenedLetter| Arrived {
                mailbox: letter.came_through,
                sealed: letter.sealed,
                on: letter.received_on,
                tag: (),
            };
            let mut settled: Vec<_> = batch.iter().map(|letter| (letter.came_through, letter.digest)).collect();
            let placed = place_in_order(&self.resources, batch.into_iter().map(arrived).collect(), needed)?;
            tried = placed.unopened.first().map(|letter| letter.outer_keys).or(tried);
            settled.retain(|(through, digest)| {
                !placed.unopened.iter().any(|letter| letter.came_through == *through && letter.digest == *digest)
            });
            let taken = register.take_in(placed.untagged())?;
            opened += taken.map_err(|SequenceConflict| ExchangeError::Order)?.admitted as u64;
            register.forget_unopened(settled)?;
        }
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

/// Tells the operator of rows of the letterbox that are not of their form.
pub(super) fn log_malformed(table: &str, rows: &[i64]) {
    for row in rows {
        tracing::error!(
            code = "letterbox.malformed",
            "row {row} of {table} in the letterbox is malformed: left in place"
        );
    }
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
