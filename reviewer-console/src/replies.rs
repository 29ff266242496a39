//! Answers: sealed to the post as soon as they are written, in clear again only in a session.

use crypto::day::Day;
use crypto::padded;
use crypto::sealed::seal;
use crypto::slot::MESSAGE;
use opening::PostKeys;
use recording::{Recorded, WriteReply};
use register::{AnsweredMeanwhile, Register, StoredReply};

use crate::fault::Fault;

/// Bytes of every answer before sealing, so that its length says nothing.
const PLAIN: usize = 16 * 1024;

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

/// Keeps an answer whose entry is durable; `number` is one more than the last that the officer
/// has seen.
pub(crate) fn keep(
    recorded: Recorded<WriteReply>,
    register: &Register,
    keys: &PostKeys,
    report: u64,
    reply: &NewReply<'_>,
) -> Result<Result<(), AnsweredMeanwhile>, Fault> {
    let _ = recorded.use_up();
    let plain = padded::pad(&reply.text, PLAIN).map_err(Fault::inside)?;
    let sealed = seal(&keys.post.recipient(), &plain).map_err(Fault::inside)?;
    let stored = StoredReply { number: reply.number, written_on: reply.day, author: reply.author.to_owned(), sealed };
    Ok(register.add_reply(report, stored)?)
}

/// An answer before it is kept.
pub(crate) struct NewReply<'a> {
    pub(crate) number: u64,
    pub(crate) day: Day,
    pub(crate) author: &'a str,
    pub(crate) text: &'a str,
}

/// An answer in clear.
pub(crate) fn open(keys: &PostKeys, sealed: &[u8]) -> Result<String, Fault> {
    let plain = keys.post.open(sealed, PLAIN).map_err(Fault::inside)?;
    padded::unpad(&plain, PLAIN).map_err(Fault::inside)
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

    #[test]
    fn an_answer_is_sealed_to_the_post_in_one_size() {
        let keys = PostKeys::generate("demo.test").expect("keys");
        let seal = |text: &str| {
            let plain = padded::pad(&text, PLAIN).expect("padded");
            seal(&keys.post.recipient(), &plain).expect("sealed")
        };
        let longest = check(&"水".repeat(4000)).expect("fits");
        assert_eq!(seal("短").len(), seal(&longest).len());
        assert_eq!(open(&keys, &seal(&longest)).expect("opened"), longest);
    }
}
