//! Sealing letters that do not come through a browser, in their form and to the keys that browsers seal to.

use crypto::keys::statement::{BadStatement, VerifiedStatement};
use crypto::letters::enclosure_token::EnclosureLock;
use crypto::letters::letter::Body;
use crypto::letters::mailbox::LetterId;
use crypto::letters::visit::Visit;
use model::Day;
use opening::reporter::{Reporter, ReporterError};

use crate::error::ConsoleError;
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
pub(crate) async fn keys_in_force(resources: &Resources) -> Result<Result<VerifiedStatement, NotSealed>, ConsoleError> {
    let newest = resources.letterbox.latest_statement().await.map_err(ConsoleError::inside)?;
    let Some((_, bundle)) = newest else { return Ok(Err(NotSealed::NoKeys(None))) };
    let verified = bundle.verify(&resources.root_key, resources.clock.today(), None);
    Ok(verified.map_err(|bad| NotSealed::NoKeys(Some(bad))))
}

/// A sealed letter, and the first slot that belongs to it if the mailbox is new.
pub(crate) struct SealedVisit {
    pub(crate) enclosure: EnclosureLock,
    pub(crate) letter: Vec<u8>,
    pub(crate) first_slot: Vec<u8>,
}

/// Seals a letter as a browser would.
pub(crate) fn seal(
    reporter: &Reporter,
    id: LetterId,
    body: Body,
    keys: &VerifiedStatement,
    today: Day,
) -> Result<Result<SealedVisit, NotSealed>, ConsoleError> {
    match reporter.letter(id, body, keys).and_then(|letter| reporter.visit(&letter, keys, today)) {
        Ok(sealed) => {
            let visit = Visit::parse(&sealed.request).map_err(ConsoleError::inside)?;
            let (letter, first_slot) = (visit.letter.to_vec(), visit.first_slot.to_vec());
            Ok(Ok(SealedVisit { enclosure: visit.enclosure, letter, first_slot }))
        }
        Err(error @ ReporterError::Letter(_)) => Ok(Err(NotSealed::TooLong(error))),
        Err(error) => Err(ConsoleError::inside(error)),
    }
}
