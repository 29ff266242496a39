//! The post's own papers on a report, sealed to the post: its answers, and the steps of handling.

use crypto::slot::State;
use database::{AnyConnection, Error};
use diesel::dsl::max;
use diesel::prelude::*;
use model::Day;

use crate::Register;
use crate::dossiers::{self, Entering, NotEntered};
use crate::reports::state_code;
use crate::schema::{mailboxes, papers};
use crate::sheets::{self, StoredSheet};

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

/// A step of handling, and the stage that it leads to.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// The report's number.
    pub report: u64,
    /// The sealed step.
    pub paper: StoredPaper,
    /// The stage's code.
    pub stage: &'static str,
}

/// What belongs together: steps, what they enter on the case side, the fact sheet that begins to
/// wait, those that wait no longer.
#[derive(Clone, Debug, Default)]
pub struct Together {
    /// At most one for each report.
    pub steps: Vec<NewStep>,
    /// At most one for each dossier.
    pub entering: Vec<Entering>,
    /// A fact sheet that will become a case.
    pub sheet: Option<StoredSheet>,
    /// Rows of fact sheets whose cases are opened.
    pub released: Vec<i64>,
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

    /// Keeps steps of handling with everything that belongs to them, all in one transaction or nothing.
    /// Durable when it returns.
    pub fn take(&self, together: Together) -> Result<Result<(), NotEntered>, Error> {
        let written = self.writer.write(move |connection| {
            // Everything is looked at before anything is written.
            let mut mailboxes = Vec::new();
            for step in &together.steps {
                let Some(mailbox) = next_in(connection, step.report, Series::Handling, step.paper.number)? else {
                    return Ok(Err(NotEntered::Meanwhile));
                };
                mailboxes.push(mailbox);
            }
            for entering in &together.entering {
                if let Err(refused) = dossiers::may_enter(connection, entering)? {
                    return Ok(Err(refused));
                }
            }
            if !sheets::are_waiting(connection, &together.released)? {
                return Ok(Err(NotEntered::Meanwhile));
            }
            for entering in together.entering {
                dossiers::enter(connection, entering)?;
            }
            for (mailbox, step) in mailboxes.into_iter().zip(together.steps) {
                insert(connection, mailbox, Series::Handling, step.paper)?;
                let stage = mailboxes::stage.eq(step.stage);
                diesel::update(mailboxes::table.find(mailbox)).set(stage).execute(connection)?;
            }
            sheets::release(connection, &together.released)?;
            sheets::keep(connection, together.sheet)?;
            Ok(Ok(()))
        });
        written.wait()
    }
}

/// The mailbox, if `number` is the next one in its series.
fn next_in(connection: &mut AnyConnection, report: u64, series: Series, number: u64) -> QueryResult<Option<i64>> {
    let report = i64::try_from(report).unwrap_or(i64::MAX);
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
    use crate::OrderChange;
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
        assert_eq!(register.take(step(1, "zhou", "verifying")).expect("asked"), Ok(()));
        let late = register.take(step(1, "wu", "not-ours")).expect("asked");
        assert_eq!(late, Err(NotEntered::Meanwhile));
        assert_eq!(register.report(1).expect("asked").expect("a report").stage, "verifying");
    }

    fn step(number: u64, author: &str, stage: &'static str) -> Together {
        let steps = vec![NewStep { report: 1, paper: paper(number, author), stage }];
        Together { steps, ..Together::default() }
    }

    fn case(dossier: u64, number: u64) -> Entering {
        Entering {
            series: Dossiers::Cases,
            dossier,
            number,
            on: "2026-11-23".parse().expect("a day"),
            author: "zhou".to_owned(),
            entry: "{}".to_owned(),
            attested: String::new(),
            state: "listed",
            unit: None,
            documents: Vec::new(),
            resting_on: None,
            evidence: Vec::new(),
            event: None,
            order: OrderChange::None,
        }
    }

    #[test]
    fn a_step_and_the_case_that_it_opens_are_kept_together_or_not_at_all() {
        let (register, _folder) = register();
        register.take_in(vec![incoming(Some(header(1, 1)), 1)]).expect("asked").expect("taken in");
        let with = |number| Together { entering: vec![case(1, number)], ..step(1, "zhou", "confirmed") };
        let refused = register.take(with(2)).expect("asked");
        assert_eq!(refused, Err(NotEntered::Meanwhile), "its first entry is number 1");
        assert!(register.papers(1, Series::Handling).expect("papers").is_empty());
        register.take(with(1)).expect("asked").expect("kept");
        let late = register.take(Together { entering: vec![case(1, 2)], ..step(1, "wu", "confirmed") });
        assert_eq!(late.expect("asked"), Err(NotEntered::Meanwhile));
        assert_eq!(register.dossier(Dossiers::Cases, 1).expect("asked").expect("a case").entries.len(), 1);
    }

    #[test]
    fn a_sheet_waits_until_its_case_is_opened_once() {
        let (register, _folder) = register();
        register.take_in(vec![incoming(Some(header(1, 1)), 1)]).expect("asked").expect("taken in");
        let sheet = |row| StoredSheet { row, sealed: vec![1], attested: "{}".to_owned() };
        let kept = Together { sheet: Some(sheet(7)), ..step(1, "zhou", "confirmed") };
        register.take(kept).expect("asked").expect("kept");
        register.take(Together { sheet: Some(sheet(3)), ..Together::default() }).expect("asked").expect("kept");
        let rows = || register.waiting_sheets().expect("sheets").iter().map(|one| one.row).collect::<Vec<_>>();
        assert_eq!(rows(), [3, 7]);
        let release = |released: &[i64], number| {
            let together =
                Together { released: released.to_vec(), entering: vec![case(number, 1)], ..Together::default() };
            register.take(together).expect("asked")
        };
        assert_eq!(release(&[7, 8], 1), Err(NotEntered::Meanwhile));
        assert_eq!((release(&[7], 1), rows()), (Ok(()), vec![3]));
        assert_eq!(release(&[7], 2), Err(NotEntered::Meanwhile), "once");
    }
}
