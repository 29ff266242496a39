//! Content of an opened letter that a session holds.

use casework::reports::{Origin, ReporterKind};
use crypto::letters::letter::{Body, Letter, Report as Fields};
use crypto::sealing::enclosure::EnclosureSeed;
use human_text::plain;
use model::Day;
use register::StoredLetter;

/// Content of an opened letter that a session holds: enough to search, and the enclosure's key.
pub struct OpenedLetter {
    /// Number of the report.
    pub report: u64,
    /// Category code; empty for a letter that is not a report's first.
    pub category: String,
    /// The party that is reported.
    pub party: String,
    /// Address of the reported place.
    pub address: String,
    /// The township, as the letter states it.
    pub town: String,
    /// Whether the reporter works or worked for the party.
    pub insider: bool,
    /// The channel that the letter states; `Web` if it is not known.
    pub origin: Origin,
    /// Day on which the letter was received.
    pub received_on: Day,
    /// Names of attached files; empty until they are listed.
    pub files: Vec<String>,
    /// Whether there are attached files that were not listed yet.
    pub unlisted: bool,
    /// All text that a search covers, as [`plain`] gives it.
    pub text: String,
    /// Seed of the enclosure's key; none without one.
    pub(crate) enclosure: Option<EnclosureSeed>,
}

impl OpenedLetter {
    /// Takes from a letter the content that a session holds.
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
            unlisted: stored.enclosure.is_some_and(|enclosure| enclosure.whole) && letter.enclosure.is_some(),
            text: plain(&texts.map(String::as_str).join("\n")),
            enclosure: letter.enclosure.clone(),
        }
    }

    /// Whether it is the first letter of a report.
    pub(crate) fn is_report(&self) -> bool {
        !self.category.is_empty()
    }
}
