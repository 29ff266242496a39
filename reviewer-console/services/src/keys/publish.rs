//! Publishing a key statement: it is verified and kept, and every outward bundle brings it to the portal.

use crypto::keys::statement::{KeyStatement, VerifiedStatement};
use database::DatabaseError;
use register::PublicNoteKind;

use crate::resources::Resources;

/// The statement that was published last, not verified here; none before the first.
pub(crate) fn published_statement(resources: &Resources) -> Result<Option<KeyStatement>, DatabaseError> {
    let text = resources.register.public_note(PublicNoteKind::Statement)?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| DatabaseError::Corrupt)).transpose()
}

/// Verifies a statement and keeps it for the next outward bundle. One with a lower serial than the last is refused.
pub fn publish_statement(resources: &Resources, text: &str) -> Result<VerifiedStatement, Box<dyn std::error::Error>> {
    let bundle: KeyStatement = serde_json::from_str(text).map_err(|_| "the file is no key statement")?;
    let (root, today) = (&resources.root_key, resources.clock.today());
    let seen = published_statement(resources)?.and_then(|last| last.verify(root, today, None).ok());
    let verified = bundle.verify(root, today, seen.map(|last| last.statement.serial))?;
    let text = serde_json::to_string(&bundle)?;
    resources.register.keep_public_note(PublicNoteKind::Statement, text)?;
    Ok(verified)
}
