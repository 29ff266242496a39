//! The post's answers, sealed to the post.

use crypto::day::Day;
use crypto::slot::State;
use database::Error;
use diesel::dsl::max;
use diesel::prelude::*;

use crate::Register;
use crate::reports::state_code;
use crate::schema::{mailboxes, replies};

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReply {
    /// From 1 within the report.
    pub number: u64,
    /// The day it was written.
    pub written_on: Day,
    /// The account that wrote it.
    pub author: String,
    /// What it says, sealed to the post.
    pub sealed: Vec<u8>,
}

/// Somebody else has answered since this officer looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweredMeanwhile;

impl Register {
    /// The answers to a report, oldest first.
    pub fn replies(&self, report: u64) -> Result<Vec<StoredReply>, Error> {
        let report = i64::try_from(report).map_err(|_| Error::Corrupt)?;
        let rows: Vec<(i64, String, String, Vec<u8>)> = self.readers.read(|connection| {
            replies::table
                .inner_join(mailboxes::table)
                .filter(mailboxes::number.eq(report))
                .select((replies::number, replies::written_on, replies::author, replies::sealed))
                .order(replies::number)
                .load(connection)
        })?;
        let reply = |(number, day, author, sealed): (i64, String, String, Vec<u8>)| {
            let number = u64::try_from(number).ok()?;
            Some(StoredReply { number, written_on: day.parse().ok()?, author, sealed })
        };
        rows.into_iter().map(|row| reply(row).ok_or(Error::Corrupt)).collect()
    }

    /// Keeps an answer, if the officer has seen all earlier ones; the reporter is then told
    /// "answered". Durable when it returns.
    pub fn add_reply(&self, report: u64, reply: StoredReply) -> Result<Result<(), AnsweredMeanwhile>, Error> {
        let report = i64::try_from(report).map_err(|_| Error::Corrupt)?;
        let number = i64::try_from(reply.number).map_err(|_| Error::Corrupt)?;
        self.writer
            .write(move |connection| {
                let mailbox = mailboxes::table.filter(mailboxes::number.eq(report)).select(mailboxes::id);
                let mailbox: i64 = mailbox.first(connection)?;
                let earlier = replies::table.filter(replies::mailbox.eq(mailbox)).select(max(replies::number));
                if earlier.first::<Option<i64>>(connection)?.unwrap_or(0) + 1 != number {
                    return Ok(Err(AnsweredMeanwhile));
                }
                diesel::insert_into(replies::table)
                    .values((
                        replies::mailbox.eq(mailbox),
                        replies::number.eq(number),
                        replies::written_on.eq(reply.written_on.to_string()),
                        replies::author.eq(reply.author),
                        replies::sealed.eq(reply.sealed),
                    ))
                    .execute(connection)?;
                let answered = mailboxes::state.eq(state_code(State::Answered));
                diesel::update(mailboxes::table.find(mailbox)).set(answered).execute(connection)?;
                Ok(Ok(()))
            })
            .wait()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::tests::{header, incoming};
    use crate::tests::register;

    #[test]
    fn of_two_officers_who_answer_at_once_the_second_is_told() {
        let (register, _folder) = register();
        register.take_in(vec![incoming(Some(header(1, 1)), 1)]).expect("asked").expect("taken in");
        let reply = |number, author: &str| StoredReply {
            number,
            written_on: "2026-11-23".parse().expect("a day"),
            author: author.to_owned(),
            sealed: vec![1],
        };
        assert_eq!(register.add_reply(1, reply(1, "zhou")).expect("asked"), Ok(()));
        assert_eq!(register.add_reply(1, reply(1, "wu")).expect("asked"), Err(AnsweredMeanwhile));
        assert_eq!(register.add_reply(1, reply(2, "wu")).expect("asked"), Ok(()));
        let authors: Vec<String> = register.replies(1).expect("replies").into_iter().map(|one| one.author).collect();
        assert_eq!(authors, ["zhou", "wu"]);
        assert_eq!(register.report(1).expect("asked").expect("a report").state, State::Answered);
    }
}
