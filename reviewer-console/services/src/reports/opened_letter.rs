//! What a session remembers of a letter that it has opened.

use casework::reports::{Origin, ReporterKind};
use crypto::letters::letter::{Body, Letter, Report as Fields};
use crypto::sealing::enclosure::EnclosureKey;
use model::Day;
use register::StoredLetter;

/// What a session remembers of an opened letter: enough to search, and the enclosure's key.
pub struct OpenedLetter {
    /// The report's number.
    pub report: u64,
    /// Category code; empty for what is no report.
    pub category: String,
    /// Who is reported.
    pub party: String,
    /// Where.
    pub address: String,
    /// Township.
    pub town: String,
    /// Whether the reporter works or worked for the party.
    pub insider: bool,
    /// The channel that it came through.
    pub origin: Origin,
    /// The day it came.
    pub received_on: Day,
    /// Names of attached files, once they were listed.
    pub files: Vec<String>,
    /// Whether there are files that were not listed yet.
    pub unlisted: bool,
    /// Everything that search looks into, in lower case.
    pub text: String,
    /// The key to the enclosure.
    pub(crate) enclosure: Option<EnclosureKey>,
}

impl OpenedLetter {
    /// What a session remembers of this letter.
    #[must_use]
    pub fn of(report: u64, stored: &StoredLetter, letter: &Letter) -> Self {
        let nothing = Fields::default();
        let (fields, said) = match &letter.body {
            Body::Report(fields) => (fields.as_ref(), String::new()),
            Body::FollowUp { text } | Body::Claim { text, .. } => (&nothing, text.clone()),
            Body::Cover {} => (&nothing, String::new()),
        };
        let texts = [
            &fields.party,
            &fields.address,
            &fields.town,
            &fields.what,
            &fields.when,
            &fields.knowledge,
            &fields.evidence,
            &fields.elsewhere,
            &fields.danger,
            &said,
        ];
        Self {
            report,
            category: fields.category.clone(),
            party: fields.party.clone(),
            address: fields.address.clone(),
            town: fields.town.clone(),
            insider: fields.reporter == ReporterKind::Insider.code(),
            origin: Origin::of_code(&fields.origin).unwrap_or(Origin::Web),
            received_on: stored.received_on,
            files: Vec::new(),
            unlisted: stored.enclosure.is_some_and(|(_, whole)| whole) && letter.enclosure.is_some(),
            text: texts.map(String::as_str).join("\n").to_lowercase(),
            enclosure: letter.enclosure.clone(),
        }
    }

    /// Whether it is the letter that a report begins with.
    pub(crate) fn is_report(&self) -> bool {
        !self.category.is_empty()
    }
}
