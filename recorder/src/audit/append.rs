//! Appending entries to the log.

use logbook::{Accompanying, Logbook, NewEntry, NotAppended};
use recorder_protocol::Refusal;

use crate::refusals::not_recorded;

/// Appends an entry with everything that belongs to it, and returns its place. Durable when it returns.
pub(crate) fn append(logbook: &Logbook, entry: NewEntry, with: Accompanying) -> Result<u64, Refusal> {
    let appended = logbook.append(entry, with).map_err(|error| not_recorded(&error))?;
    appended.map_err(|reason| match reason {
        NotAppended::Replayed => Refusal::Replayed,
        NotAppended::UnknownLetter => Refusal::UnknownLetter,
        NotAppended::UnknownPerson => Refusal::UnknownKey,
    })
}
