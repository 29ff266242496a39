//! Answers of the post: checking, sealing, recording, storing and reading them.

use crypto::slots::slot::MESSAGE;
use human_text::is_blank;
use model::{Digest, LetterDigest};
use opening::PostKeys;
use recorder_protocol::{AnyAction, ReadReplies, Recorded, WriteReply};
use register::{Conflict, RecordSeries, StoredRecord};

use crate::actor::Actor;
use crate::audit::attested_register::{self, AttestedRegister, ReadRecord, RecordedPlace};
use crate::audit::permissions::{Permits, Replies};
use crate::error::ConsoleError;
use crate::sealed_record;

/// Why a text is not taken as an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadReply {
    /// The text is empty, or shows nothing.
    Empty,
    /// The text takes this many bytes more than a slot holds.
    TooLong(usize),
}

/// The text as it will be sent: line ends of one kind, trimmed, without control characters.
pub fn check(text: &str) -> Result<String, BadReply> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain: String = lines.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect();
    let plain = plain.trim().to_owned();
    if is_blank(&plain) {
        return Err(BadReply::Empty);
    }
    let bytes = as_in_slot(&plain);
    if bytes > MESSAGE { Err(BadReply::TooLong(bytes - MESSAGE)) } else { Ok(plain) }
}

/// Bytes that a text takes in a slot, as JSON within signed JSON.
fn as_in_slot(text: &str) -> usize {
    let once = serde_json::to_string(text).unwrap_or_default();
    serde_json::to_string(&once).unwrap_or_default().len()
}

/// Answers to a report, oldest first, each opened on its own. An answer that cannot be read, or was never recorded,
/// gives none in its place, and an error is logged for the operator.
pub(crate) fn read(
    permit: &impl Permits<Replies>,
    attested: &AttestedRegister,
    keys: &PostKeys,
    report: u64,
) -> Result<Vec<(StoredRecord, Option<String>)>, ConsoleError> {
    let fits = |act: &AnyAction, _: &String| match act {
        AnyAction::WriteReply(action) => {
            Some(RecordedPlace { letter: action.letter, number: action.number, digest: action.digest })
        }
        _ => None,
    };
    let told = |(stored, text): ReadRecord<String>| {
        let text = text.inspect_err(|error| {
            let error = program::chain(error);
            tracing::error!(
                code = "reply.unreadable",
                "answer {} to report {report} unreadable: {error}",
                stored.number
            );
        });
        (stored, text.ok())
    };
    let records = attested.sealed_records::<Replies, _>(permit, keys, report, fits)?;
    Ok(records.into_iter().map(told).collect())
}

/// Request to answer a report.
pub struct NewReply {
    /// Number of the report.
    pub report: u64,
    /// How many answers the author has seen; any other number is a conflict.
    pub expected_version: u64,
    /// The text, as [`check`] returned it.
    pub text: String,
}

/// Outcome of [`write_reply`]: stored, or why not.
#[derive(Debug, PartialEq, Eq)]
pub enum ReplyWritten {
    /// The answer is stored and durable; the reporter has it after the next exchange.
    Kept,
    /// The form was sent twice, by a double click or after going back; the answer is stored already.
    KeptBefore,
    /// A colleague answered in the meantime.
    Conflict,
}

/// Answers a report: seals the answer, records it, and stores it as the next one after those that the author has seen.
pub fn write_reply(actor: &Actor, reply: &NewReply) -> Result<ReplyWritten, ConsoleError> {
    let report = actor.register().report(reply.report)?.ok_or(ConsoleError::NotFound)?;
    let newest = report.letters.last().map(|letter| letter.digest).or(report.aside.last().map(|letter| letter.digest));
    let letter = newest.ok_or(ConsoleError::NotFound)?;
    // Checked first, so that most conflicts leave no entry of an answer that was never stored.
    if actor.register().sealed_records(reply.report, RecordSeries::Reply)?.len() as u64 != reply.expected_version {
        return kept_before(actor, reply, letter);
    }
    let sealed = sealed_record::seal(actor.post_keys()?, &reply.text)?;
    let digest = Digest::of(&sealed);
    let recorded = actor.record(WriteReply { letter, number: reply.expected_version + 1, digest })?;
    match keep(recorded, actor, reply.report, sealed)? {
        Ok(()) => Ok(ReplyWritten::Kept),
        Err(Conflict) => kept_before(actor, reply, letter),
    }
}

fn keep(
    recorded: Recorded<WriteReply>,
    actor: &Actor,
    report: u64,
    sealed: Vec<u8>,
) -> Result<Result<(), Conflict>, ConsoleError> {
    let (action, attested) = recorded.attested();
    let (author, attested) = (actor.account().to_owned(), attested_register::written(&attested)?);
    let record = StoredRecord { number: action.number, written_on: actor.today, author, sealed, attested };
    Ok(actor.register().add_reply(report, record)?)
}

/// Whether the newest answer has this very text and author; nothing else of it is revealed. Reading it is recorded.
fn kept_before(actor: &Actor, reply: &NewReply, letter: LetterDigest) -> Result<ReplyWritten, ConsoleError> {
    let newest = actor.register().sealed_records(reply.report, RecordSeries::Reply)?.pop();
    if newest.is_none_or(|newest| newest.author != actor.account()) {
        return Ok(ReplyWritten::Conflict);
    }
    let same = is_newest(actor.record(ReadReplies { letter })?, actor, reply)?;
    Ok(if same { ReplyWritten::KeptBefore } else { ReplyWritten::Conflict })
}

fn is_newest(recorded: Recorded<ReadReplies>, actor: &Actor, reply: &NewReply) -> Result<bool, ConsoleError> {
    let newest = read(&recorded, actor.attested(), actor.post_keys()?, reply.report)?.pop();
    Ok(newest.is_some_and(|(stored, text)| stored.author == actor.account() && text.as_ref() == Some(&reply.text)))
}

/// Number of answers to a report.
pub fn count_replies(actor: &Actor, report: u64) -> Result<u64, ConsoleError> {
    actor.register().report(report)?.ok_or(ConsoleError::NotFound)?;
    Ok(actor.register().sealed_records(report, RecordSeries::Reply)?.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_plain_text_that_fits_a_slot() {
        assert_eq!(check("  您好。\r\n请看\u{0}这里。 "), Ok("您好。\n请看这里。".to_owned()));
        assert_eq!(check(" \r\n "), Err(BadReply::Empty));
        assert!(check(&"水".repeat(4000)).is_ok());
        assert!(matches!(check(&"水".repeat(4200)), Err(BadReply::TooLong(_))));
        assert!(matches!(check(&"\"".repeat(4000)), Err(BadReply::TooLong(_))), "quotes take more room");
    }
}
