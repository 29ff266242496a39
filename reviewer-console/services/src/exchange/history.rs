//! What the last exchanges did.

use register::Exchanged;

use crate::actor::Actor;
use crate::error::ConsoleError;

/// Exchanges that are listed.
const LAST: i64 = 20;

/// The last exchanges, newest first: number, day, and what each did.
pub fn last_exchanges(actor: &Actor) -> Result<Vec<(u64, String, Exchanged)>, ConsoleError> {
    Ok(actor.register().exchanges(LAST)?)
}
