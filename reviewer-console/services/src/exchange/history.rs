//! Results of the last exchanges.

use register::ExchangeTotals;

use crate::actor::Actor;
use crate::error::ConsoleError;

/// Number of exchanges that are listed.
const LAST: i64 = 20;

/// The last 20 exchanges, newest first: number, day, and totals of each.
pub fn last_exchanges(actor: &Actor) -> Result<Vec<(u64, String, ExchangeTotals)>, ConsoleError> {
    Ok(actor.register().exchanges(LAST)?)
}
