//! Opening a report: its letters and the answers to it, in clear for one page only.

use crypto::letters::letter::Letter;
use crypto::slots::slot::ReportState;
use model::{Day, Purpose};
use recorder_protocol::{ChangeState, Client, ReadReplies, Recorded};
use register::{LetterRefusal, RecordSeries, StoredLetter, StoredReport};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::open_letter::{LetterOpened, open_letter};
use crate::reports::opened_letter::OpenedLetter;
use crate::reports::replies;

/// Letters of a report that are opened at once: as many as a person reads on one page.
const AT_ONCE: usize = 60;
/// Days for which a page that was open when a statement was replaced may still seal under the old one.
const OLD_KEYS_FOR: u16 = 3;

/// An answer to a report.
pub struct ReadReply {
    /// Day on which the answer was written.
    pub written_on: Day,
    /// Account that wrote the answer.
    pub author: String,
    /// Text of the answer; none if it cannot be read or was never recorded.
    pub text: Option<String>,
}

/// A letter in clear.
pub struct ReadLetter {
    /// The letter.
    pub letter: Box<Letter>,
    /// Whether it was sealed to keys that had been replaced for some days: the portal still served old ones, perhaps
    /// because it was taken over by somebody who has them.
    pub is_under_old_keys: bool,
}

/// A report in clear, for one page only.
pub struct OpenedReport {
    /// The letters, oldest first, each in clear or with the reason why it cannot be read.
    pub letters: Vec<(StoredLetter, Result<ReadLetter, LetterRefusal>)>,
    /// Number of letters that stay closed because there are more than 60.
    pub closed: usize,
    /// The answers to it, oldest first.
    pub replies: Vec<ReadReply>,
    /// Whether the report came from a feed.
    pub is_feed: bool,
}

/// Opens the letters of a report for a purpose, at most 60; each opening is recorded first. The reporter sees the state
/// "read" from the next exchange on.
pub fn open_report(actor: &Actor, number: u64, purpose: Purpose) -> Result<OpenedReport, ConsoleError> {
    let report = actor.register().report(number)?.ok_or(ConsoleError::NotFound)?;
    let mut client = actor.connect()?;
    let mut letters = Vec::new();
    let (together, closed) = to_open(&report);
    for letter in together {
        match open_letter(actor, &mut client, &report, letter, purpose)? {
            LetterOpened::Letter(content) => {
                let remembered = OpenedLetter::of(number, letter, &content);
                actor.session.opened().insert(letter.digest, remembered);
                let is_under_old_keys = is_under_old_keys(actor, letter, &content)?;
                letters.push((letter.clone(), Ok(ReadLetter { letter: content, is_under_old_keys })));
            }
            LetterOpened::Refused(reason) => letters.push((letter.clone(), Err(reason))),
        }
    }
    let replies = match report.letters.first() {
        Some(first) => open_replies(actor, &mut client, number, first)?,
        None => Vec::new(),
    };
    tell_read(actor, &mut client, &report)?;
    Ok(OpenedReport { letters, closed, replies, is_feed: report.feed.is_some() })
}

/// A portal can serve a statement that was replaced for as long as it is in force.
fn is_under_old_keys(actor: &Actor, stored: &StoredLetter, letter: &Letter) -> Result<bool, ConsoleError> {
    let replaced = actor.register().replaced_on(letter.statement)?;
    Ok(replaced.is_some_and(|day| day.plus_days(OLD_KEYS_FOR) < stored.received_on))
}

/// The letters of a report that are opened together, oldest first: its first one and the newest. Also the number of
/// letters that stay closed.
fn to_open(report: &StoredReport) -> (Vec<&StoredLetter>, usize) {
    let mut kept: Vec<&StoredLetter> = report.letters.iter().filter(|letter| letter.kept).collect();
    let closed = kept.len().saturating_sub(AT_ONCE);
    kept.drain(usize::from(closed > 0)..closed + usize::from(closed > 0));
    (kept, closed)
}

fn open_replies(
    actor: &Actor,
    client: &mut Client,
    number: u64,
    first: &StoredLetter,
) -> Result<Vec<ReadReply>, ConsoleError> {
    if actor.register().sealed_records(number, RecordSeries::Reply)?.is_empty() {
        return Ok(Vec::new());
    }
    let (recorded, _) = client.record(&actor.person(), ReadReplies { letter: first.digest })?;
    in_clear(recorded, actor, number)
}

fn in_clear(recorded: Recorded<ReadReplies>, actor: &Actor, number: u64) -> Result<Vec<ReadReply>, ConsoleError> {
    let replies = replies::read(&recorded, actor.attested(), actor.post_keys()?, number)?;
    let reply = |(stored, text): (register::StoredRecord, Option<String>)| ReadReply {
        written_on: stored.written_on,
        author: stored.author,
        text,
    };
    Ok(replies.into_iter().map(reply).collect())
}

/// Changes the state from received to read, which the reporter sees from the next exchange on. This is recorded.
fn tell_read(actor: &Actor, client: &mut Client, report: &StoredReport) -> Result<(), ConsoleError> {
    let Some(first) = report.letters.first().filter(|_| report.state == ReportState::Received) else { return Ok(()) };
    let state = ReportState::Read.code().to_owned();
    let (recorded, _) = client.record(&actor.person(), ChangeState { letter: first.digest, state })?;
    change_state(recorded, actor, report.number)
}

fn change_state(recorded: Recorded<ChangeState>, actor: &Actor, number: u64) -> Result<(), ConsoleError> {
    let ChangeState { .. } = recorded.into_action();
    Ok(actor.register().set_state(number, ReportState::Read)?)
}
