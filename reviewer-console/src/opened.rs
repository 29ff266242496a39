//! Opening letters: the one place where a sealed letter becomes text, and only with the
//! recorder's permission.

use crypto::enclosure::EnclosureKey;
use crypto::letter::{Body, Letter};
use crypto::mailbox::LetterDigest;
use opening::PostKeys;
use opening::letter::open_inner;
use recording::{Notice, OpenLetter, Recorded, SealedLetter};
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
    /// Township.
    pub(crate) town: String,
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
    under: recording::Opened,
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
    let recording::Opened::Letter(header, inner) = under else { return refuse(Refused::Outer) };
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
    pub(crate) fn of(report: u64, letter: &Letter) -> Self {
        let (category, party, town, said) = match &letter.body {
            Body::Report(fields) => {
                let said = [
                    &fields.party,
                    &fields.address,
                    &fields.town,
                    &fields.what,
                    &fields.when,
                    &fields.knowledge,
                    &fields.evidence,
                    &fields.elsewhere,
                    &fields.danger,
                ];
                let said = said.map(String::as_str).join("\n");
                (fields.category.clone(), fields.party.clone(), fields.town.clone(), said)
            }
            Body::FollowUp { text } | Body::Claim { text } => {
                (String::new(), String::new(), String::new(), text.clone())
            }
            Body::Cover {} => (String::new(), String::new(), String::new(), String::new()),
        };
        Self { report, category, party, town, text: said.to_lowercase(), enclosure: letter.enclosure.clone() }
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
