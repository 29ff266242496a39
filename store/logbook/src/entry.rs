//! Types of the access log's entries, and the query for them.

use model::{LetterDigest, Purpose, Role};

use crate::accounts::AccountChange;

/// An entry to be appended.
#[derive(Clone, Debug, Default)]
pub struct NewEntry {
    /// The time of the entry, UTC, RFC 3339.
    pub at: String,
    /// The account that acts; empty if it is unknown.
    pub account: String,
    /// Code of the role; empty for notices that the console sends by itself.
    pub role: String,
    /// Stable code of the action.
    pub action: String,
    /// The subject of the action, as text.
    pub subject: String,
    /// The letter that the action is about. The entry gets the number of its report.
    pub letter: Option<LetterDigest>,
    /// Code of the purpose, if the action has one.
    pub purpose: Option<String>,
    /// The signed request's nonce, accepted only once.
    pub nonce: Option<String>,
    /// The signed request, as text.
    pub ask: Option<String>,
}

/// The data written together with an entry.
// Variants differ in size; values are short-lived, so boxing gains nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum Accompanying {
    /// The entry alone is written.
    Nothing,
    /// An opening: an access record for the reporter.
    Opening {
        /// The day in Asia/Shanghai.
        day: String,
        /// The role in which the letter is opened.
        role: Role,
        /// The stable number of the account on the roster.
        person: u32,
        /// The purpose of the opening.
        purpose: Purpose,
    },
    /// A change of the roster.
    Person(AccountChange),
}

/// Why an entry was not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAppended {
    /// Its nonce was used before.
    Replayed,
    /// Its letter was never received.
    UnknownLetter,
    /// The roster has no account of that name.
    UnknownPerson,
}

/// A query for entries; empty fields match every entry.
#[derive(Clone, Debug, Default)]
pub struct EntryQuery {
    /// Only entries of this account.
    pub account: Option<String>,
    /// Only entries about this report.
    pub report: Option<u64>,
    /// Only entries with this action's code.
    pub action: Option<String>,
    /// Only entries at this time or later; UTC, RFC 3339.
    pub from: Option<String>,
    /// Only entries before this time; UTC, RFC 3339.
    pub until: Option<String>,
    /// Only entries before this place.
    pub before: Option<u64>,
}
