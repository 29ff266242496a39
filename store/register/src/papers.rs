//! The post's own papers on a report, sealed to the post: its answers, and the steps of handling.

use crypto::day::Day;
use crypto::slot::State;
use database::{AnyConnection, Error};
use diesel::dsl::max;
use diesel::prelude::*;

use crate::Register;
use crate::dossiers::{self, Entering, NotEntered};
use crate::reports::state_code;
use crate::schema::{mailboxes, papers};

/// Which papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// Answers to the reporter.
    Reply,
    /// Steps of handling.
    Handling,
}

impl Series {
    fn code(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Handling => "handling",
        }
    }
}

/// A paper as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPaper {
    /// From 1 within the report and series.
    pub number: u64,
    /// The day it was written.
    pub written_on: Day,
    /// The account that wrote it.
    pub author: String,
    /// What it says, sealed to the post.
    pub sealed: Vec<u8>,
    /// The author's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

/// Somebody else has written since this officer looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meanwhile;

impl Register {
    /// The papers of a report in one series, oldest first.
    pub fn papers(&self, report: u64, series: Series) -> Result<Vec<StoredPaper>, Error> {
        let report = i64::try_from(report).map_err(|_| Error::Corrupt)?;
        let rows: Vec<(i64, String, String, Vec<u8>, String)> = self.readers.read(|connection| {
            papers::table
                .inner_join(mailboxes::table)
                .filter(mailboxes::number.eq(report).and(papers::series.eq(series.code())))
                .select((papers::number, papers::written_on, papers::author, papers::sealed, papers::attested))
                .order(papers::number)
                .load(connection)
        })?;
        let paper = |(number, day, author, sealed, attested): (i64, String, String, Vec<u8>, String)| {
            let number = u64::try_from(number).ok()?;
            Some(StoredPaper { number, written_on: day.parse().ok()?, author, sealed, attested })
        };
        rows.into_iter().map(|row| paper(row).ok_or(Error::Corrupt)).collect()
    }

    /// Keeps an answer, if the officer has seen all earlier ones; the reporter is then told
    /// "answered". Durable when it returns.
    pub fn add_reply(&self, report: u64, reply: StoredPaper) -> Result<Result<(), Meanwhile>, Error> {
        let report = i64::try_from(report).map_err(|_| Error::Corrupt)?;
        let written = self.writer.write(move |connection| {
            let Some(mailbox) = next_in(connection, report, Series::Reply, reply.number)? else {
                return Ok(Err(Meanwhile));
            };
            insert(connection, mailbox, Series::Reply, reply)?;
            let answered = mailboxes::state.eq(state_code(State::Answered));
            diesel::update(mailboxes::table.find(mailbox)).set(answered).execute(connection)?;
            Ok(Ok(()))
        });
        written.wait()
    }

    /// Keeps a step of handling and the stage that it leads to, if the officer has seen all
    /// earlier ones; and with it, in the same transaction, what it enters on the case side.
    pub fn add_step(
        &self,
        report: u64,
        step: StoredPaper,
        stage: &'static str,
        with: Option<Entering>,
    ) -> Result<Result<(), NotEntered>, Error> {
        let report = i64::try_from(report).map_err(|_| Error::Corrupt)?;
        let written = self.writer.write(move |connection| {
            let Some(mailbox) = next_in(connection, report, Series::Handling, step.number)? else {
                return Ok(Err(NotEntered::Meanwhile));
            };
            if let Some(entering) = with
                && let Err(refused) = dossiers::enter(connection, entering)?
            {
                return Ok(Err(refused));
            }
            insert(connection, mailbox, Series::Handling, step)?;
            diesel::update(mailboxes::table.find(mailbox)).set(mailboxes::stage.eq(stage)).execute(connection)?;
            Ok(Ok(()))
        });
        written.wait()
    }
}

/// The mailbox, if `number` is the next one in its series.
fn next_in(connection: &mut AnyConnection, report: i64, series: Series, number: u64) -> QueryResult<Option<i64>> {
    let mailbox = mailboxes::table.filter(mailboxes::number.eq(report)).select(mailboxes::id);
    let mailbox: i64 = mailbox.first(connection)?;
    let earlier = papers::table.filter(papers::mailbox.eq(mailbox).and(papers::series.eq(series.code())));
    let last = earlier.select(max(papers::number)).first::<Option<i64>>(connection)?.unwrap_or(0);
    Ok((u64::try_from(last + 1) == Ok(number)).then_some(mailbox))
}

fn insert(connection: &mut AnyConnection, mailbox: i64, series: Series, paper: StoredPaper) -> QueryResult<()> {
    diesel::insert_into(papers::table)
        .values((
            papers::mailbox.eq(mailbox),
            papers::series.eq(series.code()),
            papers::number.eq(i64::try_from(paper.number).unwrap_or(i64::MAX)),
            papers::written_on.eq(paper.written_on.to_string()),
            papers::author.eq(paper.author),
            papers::sealed.eq(paper.sealed),
            papers::attested.eq(paper.attested),
        ))
        .execute(connection)
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::tests::{header, incoming};
    use crate::dossiers::Dossiers;
    use crate::tests::register;

    fn paper(number: u64, author: &str) -> StoredPaper {
        let written_on = "2026-11-23".parse().expect("a day");
        StoredPaper { number, written_on, author: author.to_owned(), sealed: vec![1], attested: String::new() }
    }

    #[test]
    fn of_two_officers_who_write_at_once_the_second_is_told() {
        let (register, _folder) = register();
        register.take_in(vec![incoming(Some(header(1, 1)), 1)]).expect("asked").expect("taken in");
        assert_eq!(register.add_reply(1, paper(1, "zhou")).expect("asked"), Ok(()));
        assert_eq!(register.add_reply(1, paper(1, "wu")).expect("asked"), Err(Meanwhile));
        assert_eq!(register.add_reply(1, paper(2, "wu")).expect("asked"), Ok(()));
        let replies = register.papers(1, Series::Reply).expect("replies");
        let authors: Vec<String> = replies.into_iter().map(|one| one.author).collect();
        assert_eq!(authors, ["zhou", "wu"]);
        assert_eq!(register.report(1).expect("asked").expect("a report").state, State::Answered);
        assert_eq!(register.add_step(1, paper(1, "zhou"), "verifying", None).expect("asked"), Ok(()));
        let late = register.add_step(1, paper(1, "wu"), "not-ours", None).expect("asked");
        assert_eq!(late, Err(NotEntered::Meanwhile));
        assert_eq!(register.report(1).expect("asked").expect("a report").stage, "verifying");
    }

    #[test]
    fn a_step_and_the_case_that_it_opens_are_kept_together_or_not_at_all() {
        let (register, _folder) = register();
        register.take_in(vec![incoming(Some(header(1, 1)), 1)]).expect("asked").expect("taken in");
        let case = |number| Entering {
            series: Dossiers::Cases,
            dossier: 1,
            number,
            on: "2026-11-23".parse().expect("a day"),
            author: "zhou".to_owned(),
            entry: "{}".to_owned(),
            attested: String::new(),
            state: "listed",
            unit: None,
            document: None,
            resting_on: None,
        };
        let refused = register.add_step(1, paper(1, "zhou"), "confirmed", Some(case(2))).expect("asked");
        assert_eq!(refused, Err(NotEntered::Meanwhile), "its first entry is number 1");
        assert!(register.papers(1, Series::Handling).expect("papers").is_empty());
        register.add_step(1, paper(1, "zhou"), "confirmed", Some(case(1))).expect("asked").expect("kept");
        let late = register.add_step(1, paper(1, "wu"), "confirmed", Some(case(2))).expect("asked");
        assert_eq!(late, Err(NotEntered::Meanwhile));
        assert_eq!(register.dossier(Dossiers::Cases, 1).expect("asked").expect("a case").entries.len(), 1);
    }
}
