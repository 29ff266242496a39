//! One exchange, step by step: bundles of the portal are taken in, and one for it is written. Every step may be
//! interrupted and repeated.

use std::collections::BTreeMap;
use std::sync::Arc;

use bundle::Taken;
use model::{Day, Digest, Role};
use register::{ExchangeTotals, SequenceConflict, UnopenedLetter};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::stopped::ExchangeError;
use crate::accounts::sessions::Session;
use crate::actor::Actor;
use crate::intake::ingest::{AT_ONCE, Arrived, outer_key_name, place_in_order};
use crate::keys::publish::published_statement;
use crate::resources::Resources;

/// The problem code of an exchange that collected letters while no officer was signed in: slots need the post's keys,
/// which are in clear only inside a session.
pub const SLOTS_WAIT: &str = "slots-wait";

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
        if !self.resources.passage.folder.is_there() {
            return Err(ExchangeError::NoFolder);
        }
        let needed = self.needed_outer_key(today)?;
        let (exchange, runtime, mut totals) = (self.clone(), Handle::current(), done.clone());
        let imported = blocking(move || {
            // First, since outer keys whose period is over may be destroyed when everything has come.
            totals.letters += exchange.try_unopened(today, needed)?;
            let imported = exchange.import_all(&runtime, today, needed, &mut totals);
            Ok::<_, ExchangeError>((imported, totals))
        });
        let (imported, totals) = imported.await?;
        *done = totals;
        let exchange = self.clone();
        let (checkpoint, published) = match blocking(move || exchange.newest_checkpoint()).await {
            Ok((note, asked)) => (Some(note), asked),
            Err(error) => (None, Err(error)),
        };
        if let Err(error) = &published {
            tracing::error!(
                code = "checkpoint.not-published",
                "publishing the checkpoint failed: {}",
                program::chain(error)
            );
        }
        let (exchange, mut totals, is_signed_in) = (self.clone(), done.clone(), officer.is_some());
        let written = blocking(move || {
            let results = officer.as_ref().map_or(Ok(()), |officer| exchange.sign_results(officer));
            exchange.give_up_mailboxes(today)?;
            exchange.write_outward(officer.as_ref(), number, checkpoint.as_deref(), &mut totals)?;
            Ok::<_, ExchangeError>((results, totals))
        });
        let (results, totals) = written.await?;
        *done = totals;
        if !is_signed_in {
            done.problem = Some(SLOTS_WAIT.to_owned());
        }
        // A failure of one of these does not stop the others; the first one is returned at the end.
        imported.and(published).and(results)
    }

    /// The name of the outer key that the statement in force names; none without a statement.
    fn needed_outer_key(&self, today: Day) -> Result<Option<Digest>, ExchangeError> {
        let newest = published_statement(&self.resources)?;
        let verified = newest.and_then(|bundle| bundle.verify(&self.resources.root_key, today, None).ok());
        Ok(verified.map(|verified| outer_key_name(&verified.statement)))
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
            let taken = register.take_in(placed.journalled(&self.resources.journal)?)?;
            opened += taken.map_err(|SequenceConflict| ExchangeError::Order)?.admitted as u64;
            let mut told = BTreeMap::new();
            for name in &settled {
                let wanted = register.awaits_enclosure(name.1)?;
                told.insert(*name, if wanted { Taken::EnclosureWanted } else { Taken::Done });
            }
            self.tell(told)?;
            register.forget_unopened(settled)?;
        }
    }
}
