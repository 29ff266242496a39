//! Sealing letters that do not come through a browser, in their form and to the keys that browsers seal to.

use crypto::keys::statement::{BadStatement, VerifiedStatement};
use crypto::letters::letter::Body;
use crypto::letters::mailbox::LetterId;
use crypto::letters::visit::Visit;
use model::Day;
use opening::reporter::{Reporter, ReporterError};

use crate::error::ConsoleError;
use crate::keys::publish::published_statement;
use crate::resources::Resources;

/// Why nothing can be sealed, except for internal errors.
#[derive(Debug, thiserror::Error)]
pub enum NotSealed {
    /// The post has published no keys, or they are not in force.
    #[error("there is no key statement in force")]
    NoKeys(#[source] Option<BadStatement>),
    /// The text is too long for a letter.
    #[error("the letter cannot be sealed")]
    TooLong(#[source] ReporterError),
}

/// The keys that browsers seal to, verified from the root key as browsers do.
pub(crate) fn keys_in_force(resources: &Resources) -> Result<Result<VerifiedStatement, NotSealed>, ConsoleError> {
    let Some(bundle) = published_statement(resources)? else { return Ok(Err(NotSealed::NoKeys(None))) };
    let verified = bundle.verify(&resources.root_key, resources.clock.today(), None);
    Ok(verified.map_err(|bad| NotSealed::NoKeys(Some(bad))))
}

/// Seals a letter as a browser would; returns the sealed letter.
pub(crate) fn seal(
    reporter: &Reporter,
    id: LetterId,
    body: Body,
    keys: &VerifiedStatement,
    today: Day,
) -> Result<Result<Vec<u8>, NotSealed>, ConsoleError> {
    match reporter.letter(id, body, keys).and_then(|letter| reporter.visit(&letter, keys, today)) {
        Ok(sealed) => {
            let visit = Visit::parse(&sealed.request).map_err(ConsoleError::inside)?;
            Ok(Ok(visit.letter.to_vec()))
        }
        Err(error @ ReporterError::Letter(_)) => Ok(Err(NotSealed::TooLong(error))),
        Err(error) => Err(ConsoleError::inside(error)),
    }
}
