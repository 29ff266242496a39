//! The results: what the public is told of reports and cases, quarter by quarter, signed by the statement
//! key.

use std::sync::Arc;

use actix_web::web::block;
use crypto::day::Day;
use crypto::results::Results;
use letterbox::PublicNote;

use super::{Exchange, Stopped};
use crate::fault::Fault;
use crate::figures::{self, Source};
use crate::sessions::Session;

impl Exchange {
    /// Tells of quarters whose time has come, and publishes everything that was told so far.
    pub(super) async fn publish_results(&self, session: &Arc<Session>, today: Day) -> Result<(), Stopped> {
        let (exchange, session) = (self.clone(), Arc::clone(session));
        let note = block(move || exchange.results(&session, today)).await.map_err(|_| Stopped::Inside)?;
        let note = note.map_err(|error| match error {
            Fault::Register(error) => Stopped::Register(error),
            Fault::Recorder(error) => Stopped::Recorder(error),
            error => {
                tracing::error!("the results could not be drawn: {}", database::chain(&error));
                Stopped::Inside
            }
        })?;
        let Some(note) = note else { return Ok(()) };
        if self.letterbox.latest_note(PublicNote::Results).await?.as_ref() != Some(&note) {
            self.letterbox.publish_note(PublicNote::Results, note).await?;
        }
        Ok(())
    }

    /// The note; none before anything may be told.
    fn results(&self, session: &Session, today: Day) -> Result<Option<String>, Fault> {
        let register = &self.books.register;
        let source = Source { books: &self.books, recorder: &self.recorder, today };
        let due = figures::quarters_due(source, &register.results()?)?;
        if !due.is_empty() {
            for quarter in figures::results(source, session, &due)? {
                let text = serde_json::to_string(&quarter).map_err(Fault::inside)?;
                register.keep_results(quarter.quarter, text)?;
            }
        }
        let told = register.results()?;
        if told.is_empty() {
            return Ok(None);
        }
        let quarters = told.iter().map(|(_, text)| serde_json::from_str(text));
        let results = Results { quarters: quarters.collect::<Result<_, _>>().map_err(Fault::inside)? };
        let keys = session.keys.post.as_ref().ok_or(Fault::NoPostKeys)?;
        let text = results.to_text().map_err(Fault::inside)?;
        // Ed25519 signs the same text the same way: nothing new is published while nothing is new.
        keys.statement.sign_note(&text).map(Some).map_err(Fault::inside)
    }
}
