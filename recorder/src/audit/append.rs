//! Appending to the log.

use logbook::{Accompanying, Logbook, NewEntry, NotAppended};
use recorder_protocol::Refusal;

use crate::refusals::not_recorded;

/// Appends an entry and what belongs to it; durable when it returns. Gives its place.
pub(crate) fn append(logbook: &Logbook, entry: NewEntry, with: Accompanying) -> Result<u64, Refusal> {
    let appended = logbook.append(entry, with).map_err(|error| not_recorded(&error))?;
    appended.map_err(|reason| match reason {
        NotAppended::Replayed => Refusal::Replayed,
        NotAppended::UnknownLetter => Refusal::UnknownLetter,
        NotAppended::UnknownPerson => Refusal::UnknownKey,
    })
}
