//! Answers: what is taken as one, and keeping it.

use crypto::slot::MESSAGE;
use model::{Day, LetterDigest};
use opening::PostKeys;
use recorder_protocol::{Act, Client, Person, WriteReply};
use register::{Meanwhile, Register, Series, StoredPaper};

use crate::books::{self, Books};
use crate::fault::Fault;
use crate::papers;

/// Why a text is not taken as an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadReply {
    Empty,
    /// So many bytes beyond what a slot holds.
    TooLong(usize),
}

/// The text as it will be sent: line ends as one kind, nothing around it, no control characters.
pub(crate) fn check(text: &str) -> Result<String, BadReply> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain: String = lines.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect();
    let plain = plain.trim().to_owned();
    if plain.is_empty() {
        return Err(BadReply::Empty);
    }
    let bytes = as_in_slot(&plain);
    if bytes > MESSAGE { Err(BadReply::TooLong(bytes - MESSAGE)) } else { Ok(plain) }
}

/// Bytes that a text takes in a slot: as JSON within signed JSON.
fn as_in_slot(text: &str) -> usize {
    let once = serde_json::to_string(text).unwrap_or_default();
    serde_json::to_string(&once).unwrap_or_default().len()
}

/// Answers to a report, oldest first, each by itself: none in the place of one that cannot be read,
/// or that nobody had recorded; the operator is told.
pub(crate) fn read(books: &Books, keys: &PostKeys, report: u64) -> Result<Vec<(StoredPaper, Option<String>)>, Fault> {
    let fits = |act: &Act, _: &String| match act {
        Act::WriteReply(deed) => {
            Some(books::Recorded { letter: deed.letter, number: deed.number, digest: deed.digest })
        }
        _ => None,
    };
    let told = |(paper, text): books::Opened<String>| {
        let text = text.inspect_err(|error| {
            let error = program::chain(error);
            tracing::error!("answer {} to report {report} cannot be read: {error}", paper.number);
        });
        (paper, text.ok())
    };
    Ok(books.papers(keys, report, Series::Reply, fits)?.into_iter().map(told).collect())
}

/// Seals an answer, has it recorded, and keeps it; `number` is one more than the last that the
/// officer has seen.
pub(crate) fn keep(
    client: &mut Client,
    person: &Person<'_>,
    (register, keys): (&Register, &PostKeys),
    (report, letter): (u64, LetterDigest),
    reply: &NewReply<'_>,
) -> Result<Result<(), Meanwhile>, Fault> {
    let sealed = papers::seal(keys, &reply.text)?;
    let deed = WriteReply { letter, number: reply.number, digest: LetterDigest::of(&sealed) };
    let (_, attested) = client.record(person, deed)?.0.attested();
    let (written_on, author) = (reply.day, person.account.to_owned());
    let attested = books::written(&attested)?;
    Ok(register.add_reply(report, StoredPaper { number: reply.number, written_on, author, sealed, attested })?)
}

/// An answer before it is kept.
pub(crate) struct NewReply<'a> {
    pub(crate) number: u64,
    pub(crate) day: Day,
    pub(crate) text: &'a str,
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
