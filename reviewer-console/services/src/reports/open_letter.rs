//! Opening a letter: the one place where a sealed letter becomes text, and only with the recorder's permission.

use crypto::letters::letter::{Body, Letter};
use model::{LetterDigest, Purpose};
use opening::letter::open_inner;
use recorder_protocol::{Client, Notice, OpenLetter, Recorded, SealedLetter, UnwrappedLetter};
use register::{LetterKind, LetterRefusal, StoredLetter, StoredReport};

use crate::actor::Actor;
use crate::error::ConsoleError;

/// A letter in clear, or why it was refused.
pub(crate) enum LetterOpened {
    Letter(Box<Letter>),
    Refused(LetterRefusal),
}

/// Opens a letter of a report for a purpose, which is recorded first. Refuses, and puts aside, a letter that is not the
/// one its outer layer announced or that came before in another outer layer.
pub(crate) fn open_letter(
    actor: &Actor,
    client: &mut Client,
    report: &StoredReport,
    letter: &StoredLetter,
    purpose: Purpose,
) -> Result<LetterOpened, ConsoleError> {
    let sealed = actor.register().sealed(letter.digest)?.ok_or(ConsoleError::NotFound)?;
    let sealed = SealedLetter::new(sealed).map_err(ConsoleError::inside)?;
    let action = OpenLetter { letter: letter.digest, purpose };
    let (recorded, under) = client.open(&actor.person(), action, sealed)?;
    read(recorded, under, report, actor)
}

/// Opens the inner layer of a letter whose opening was recorded.
fn read(
    recorded: Recorded<OpenLetter>,
    under: UnwrappedLetter,
    report: &StoredReport,
    actor: &Actor,
) -> Result<LetterOpened, ConsoleError> {
    let OpenLetter { letter: digest, .. } = recorded.into_action();
    let refuse = |reason| {
        actor.register().put_aside(digest, reason)?;
        actor.resources.recorder.notice(&Notice::Unreadable { letter: digest })?;
        Ok(LetterOpened::Refused(reason))
    };
    let UnwrappedLetter::Letter(header, inner) = under else { return refuse(LetterRefusal::Outer) };
    if header.mailbox() != report.mailbox {
        return refuse(LetterRefusal::Foreign);
    }
    let Ok(letter) = open_inner(&actor.post_keys()?.post, &header, &inner) else { return refuse(LetterRefusal::Inner) };
    let what = match &letter.body {
        Body::Report(_) => LetterKind::Report.code(),
        Body::FollowUp { .. } => LetterKind::FollowUp.code(),
        Body::Claim { .. } => LetterKind::Claim.code(),
        // Its outside says that it says something.
        Body::Cover {} => return refuse(LetterRefusal::Inner),
    };
    match actor.register().note_opened(digest, LetterDigest::of(&inner), what)? {
        Ok(()) => Ok(LetterOpened::Letter(Box::new(letter))),
        Err(reason) => refuse(reason),
    }
}
