//! What the last exchanges did.

use register::ExchangeTotals;

use crate::actor::Actor;
use crate::error::ConsoleError;

/// Exchanges that are listed.
const LAST: i64 = 20;

/// The last exchanges, newest first: number, day, and what each did.
pub fn last_exchanges(actor: &Actor) -> Result<Vec<(u64, String, ExchangeTotals)>, ConsoleError> {
    Ok(actor.register().exchanges(LAST)?)
}
