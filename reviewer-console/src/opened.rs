//! Opening letters: the one place where a sealed letter becomes text, and only with the
//! recorder's permission.

use casework::report::{Origin, ReporterKind};
use crypto::enclosure::EnclosureKey;
use crypto::letter::{Body, Letter, Report as Fields};
use model::{Day, LetterDigest};
use opening::PostKeys;
use opening::letter::open_inner;
use recorder_protocol::{Notice, OpenLetter, Recorded, SealedLetter};
use register::{Refused, Report, StoredLetter, kind};

use crate::console::Console;
use crate::fault::Fault;

/// What a session remembers of an opened letter: enough to search, and the enclosure's key.
pub(crate) struct Opened {
    /// The report's number.
    pub(crate) report: u64,
    /// Category code; empty for what is no report.
    pub(crate) category: String,
    /// Who is reported.
    pub(crate) party: String,
    /// Where.
    pub(crate) address: String,
    /// Township.
    pub(crate) town: String,
    /// Whether the reporter works or worked for the party.
    pub(crate) insider: bool,
    /// The channel that it came through.
    pub(crate) origin: Origin,
    /// The day it came.
    pub(crate) received_on: Day,
    /// Names of attached files, once they were listed.
    pub(crate) files: Vec<String>,
    /// Whether there are files that were not listed yet.
    pub(crate) unlisted: bool,
    /// Everything that search looks into, in lower case.
    pub(crate) text: String,
    /// The key to the enclosure.
    pub(crate) enclosure: Option<EnclosureKey>,
}

/// A letter in clear, or why not.
pub(crate) enum Read {
    Letter(Box<Letter>),
    Refused(Refused),
}

/// Takes the inner layer off a letter whose opening was recorded. Refuses, and puts aside, a
/// letter that is not the one its outside announced or that came before in another envelope.
pub(crate) fn read(
    recorded: Recorded<OpenLetter>,
    under: recorder_protocol::Opened,
    report: &Report,
    keys: &PostKeys,
    console: &Console,
) -> Result<Read, Fault> {
    let (OpenLetter { letter: digest, .. }, _) = recorded.use_up();
    let refuse = |reason| {
        console.register.put_aside(digest, reason)?;
        console.recorder.notice(&Notice::Unreadable { letter: digest })?;
        Ok(Read::Refused(reason))
    };
    let recorder_protocol::Opened::Letter(header, inner) = under else { return refuse(Refused::Outer) };
    if !report.admits(&header) {
        return refuse(Refused::ForeignKey);
    }
    let Ok(letter) = open_inner(&keys.post, &header, &inner) else { return refuse(Refused::Inner) };
    let what = match &letter.body {
        Body::Report(_) => kind::REPORT,
        Body::FollowUp { .. } => kind::FOLLOW_UP,
        Body::Claim { .. } => kind::CLAIM,
        Body::Cover {} => kind::COVER,
    };
    match console.register.note_opened(digest, LetterDigest::of(&inner), what)? {
        Ok(()) => Ok(Read::Letter(Box::new(letter))),
        Err(reason) => refuse(reason),
    }
}

impl Opened {
    /// What a session remembers of this letter.
    pub(crate) fn of(report: u64, stored: &StoredLetter, letter: &Letter) -> Self {
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

/// Letters of a report that are opened at once: a page that somebody still reads.
const AT_ONCE: usize = 60;

/// The letters of a report that are opened together, oldest first: its first one and the newest.
/// Also how many stay closed.
pub(crate) fn to_open(report: &Report) -> (Vec<&StoredLetter>, usize) {
    let mut kept: Vec<&StoredLetter> = report.letters.iter().filter(|letter| letter.kept).collect();
    let closed = kept.len().saturating_sub(AT_ONCE);
    kept.drain(usize::from(closed > 0)..closed + usize::from(closed > 0));
    (kept, closed)
}

/// A sealed letter from the register.
pub(crate) fn fetch(console: &Console, letter: &StoredLetter) -> Result<SealedLetter, Fault> {
    let sealed = console.register.sealed(letter.digest)?.ok_or(Fault::NotFound)?;
    SealedLetter::new(sealed).map_err(Fault::inside)
}
