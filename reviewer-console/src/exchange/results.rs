//! The results: what the public is told of reports and cases, quarter by quarter, signed by the statement
//! key.

use std::sync::Arc;

use actix_web::web::block;
use crypto::results::{Quarter, Results};
use letterbox::PublicNote;
use model::{Day, LetterDigest, Role};
use recorder_protocol::{Act, PublishResults};
use register::StoredResults;

use super::{Exchange, Stopped};
use crate::books::{self, Books};
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
                tracing::error!("the results could not be drawn: {}", program::chain(&error));
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
            let person = session.person(Role::Officer);
            for quarter in figures::results(source, session, &due)? {
                let figures = serde_json::to_string(&quarter).map_err(Fault::inside)?;
                let deed =
                    PublishResults { quarter: quarter.quarter.clone(), digest: LetterDigest::of(figures.as_bytes()) };
                let (_, attested) = self.recorder.connect()?.record(&person, deed)?.0.attested();
                let attested = books::written(&attested)?;
                register.keep_results(StoredResults { quarter: quarter.quarter, figures, attested })?;
            }
        }
        let told = register.results()?;
        if told.is_empty() {
            return Ok(None);
        }
        let quarters = told.iter().map(|told| read(&self.books, told));
        let results = Results { quarters: quarters.collect::<Result<_, _>>()? };
        let keys = session.keys.post.as_ref().ok_or(Fault::NoPostKeys)?;
        let text = results.to_text().map_err(Fault::inside)?;
        // Ed25519 signs the same text the same way: nothing new is published while nothing is new.
        keys.statement.sign_note(&text).map(Some).map_err(Fault::inside)
    }
}

/// What was told of a quarter, where the recorder has signed that this very text was recorded: whoever can
/// write the register's file must not tell the public anything.
fn read(books: &Books, told: &StoredResults) -> Result<Quarter, Fault> {
    let (quarter, digest) = (told.quarter.clone(), LetterDigest::of(told.figures.as_bytes()));
    if books.attested(&told.attested)?.act != Act::PublishResults(PublishResults { quarter, digest }) {
        return Err(Fault::Unsound);
    }
    serde_json::from_str(&told.figures).map_err(Fault::inside)
}
