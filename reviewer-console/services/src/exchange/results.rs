//! Published results: figures of reports and cases by quarter, signed with the statement key.

use crypto::slots::results::{Quarter, Results};
use model::Digest;
use recorder_protocol::{AnyAction, PublishResults, Recorded};
use register::{PublicNoteKind, StoredResults};

use super::run::Exchange;
use super::stopped::ExchangeError;
use crate::actor::Actor;
use crate::audit::attested_register::{self, AttestedRegister};
use crate::error::ConsoleError;
use crate::figures::published::{quarters_due, results_of};

impl Exchange {
    /// Computes the results of quarters that are due, and keeps the note of all quarters for the portal. Blocks.
    pub(super) fn sign_results(&self, officer: &Actor) -> Result<(), ExchangeError> {
        let signed = results(officer).map_err(ExchangeError::from).and_then(|note| match note {
            // Ed25519 is deterministic: without new results the note stays the same.
            Some(note) => Ok(self.resources.register.keep_public_note(PublicNoteKind::Results, note)?),
            None => Ok(()),
        });
        signed.inspect_err(|error| {
            tracing::error!(code = "results.not-published", "publishing the results failed: {}", program::chain(error));
        })
    }
}

/// The signed note of all quarters; none before the first quarter is due.
fn results(officer: &Actor) -> Result<Option<String>, ConsoleError> {
    let register = officer.register();
    let due = quarters_due(officer, &register.results()?)?;
    if !due.is_empty() {
        for quarter in results_of(officer, &due)? {
            let figures = serde_json::to_string(&quarter).map_err(ConsoleError::inside)?;
            let digest = Digest::of(figures.as_bytes());
            let recorded = officer.record(PublishResults { quarter: quarter.quarter, digest })?;
            keep(recorded, officer, figures)?;
        }
    }
    let told = register.results()?;
    if told.is_empty() {
        return Ok(None);
    }
    let quarters = told.iter().map(|told| read(officer.attested(), told));
    let results = Results { quarters: quarters.collect::<Result<_, _>>()? };
    officer.post_keys()?.statement.sign_note(&results).map(Some).map_err(ConsoleError::inside)
}

fn keep(recorded: Recorded<PublishResults>, officer: &Actor, figures: String) -> Result<(), ConsoleError> {
    let (PublishResults { quarter, .. }, attested) = recorded.attested();
    let attested = attested_register::written(&attested)?;
    Ok(officer.register().keep_results(StoredResults { quarter, figures, attested })?)
}

/// Stored results of a quarter; `Unsound` unless the recorder has signed this very text. Somebody able to write the
/// register's file must not be able to publish anything.
fn read(attested: &AttestedRegister, told: &StoredResults) -> Result<Quarter, ConsoleError> {
    let (quarter, digest) = (told.quarter.clone(), Digest::of(told.figures.as_bytes()));
    if attested.attested(&told.attested)?.action != AnyAction::PublishResults(PublishResults { quarter, digest }) {
        return Err(ConsoleError::Unsound);
    }
    serde_json::from_str(&told.figures).map_err(ConsoleError::inside)
}
