//! An entry of the access log: as it is appended, and which ones are asked for.

use model::{LetterDigest, Purpose, Role};

use crate::accounts::AccountChange;

/// An entry to be appended.
#[derive(Clone, Debug, Default)]
pub struct NewEntry {
    /// UTC, RFC 3339.
    pub at: String,
    /// Who; empty where nobody knows.
    pub account: String,
    /// In which role; empty for what the console tells on its own.
    pub role: String,
    /// The action's code.
    pub action: String,
    /// What it is about.
    pub subject: String,
    /// The letter that it is about: the entry gets its report's number.
    pub letter: Option<LetterDigest>,
    /// The purpose's code.
    pub purpose: Option<String>,
    /// Taken but once.
    pub nonce: Option<String>,
    /// The signed request.
    pub ask: Option<String>,
}

/// What is written together with an entry.
// One lives as long as a request; its size matters to nobody.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum Accompanying {
    /// Nothing.
    Nothing,
    /// What the reporter will be told.
    Opening {
        /// The day, Asia/Shanghai.
        day: String,
        /// The role.
        role: Role,
        /// The person's number.
        person: u32,
        /// The purpose.
        purpose: Purpose,
    },
    /// A change of the roster.
    Person(AccountChange),
}

/// Why an entry was not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAppended {
    /// Its nonce was taken before.
    Replayed,
    /// Its letter was never received.
    UnknownLetter,
    /// There is nobody of that name.
    UnknownPerson,
}

/// Which entries are asked for; empty fields ask for all.
#[derive(Clone, Debug, Default)]
pub struct EntryQuery {
    /// Only this account's.
    pub account: Option<String>,
    /// Only about this report.
    pub report: Option<u64>,
    /// Only this action.
    pub action: Option<String>,
    /// From this moment, UTC.
    pub from: Option<String>,
    /// Before this moment, UTC.
    pub until: Option<String>,
    /// Before this place.
    pub before: Option<u64>,
}
