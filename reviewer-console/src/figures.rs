//! Counting: what the post's figures and the public's results are made of.

use casework::case::{Entry, State};
use casework::figures::{Cases, Cell, Smallest, Sum, Table, cases_by_town, quarter_of, quarters, suppressed};
use casework::report::{Category, Origin};
use casework::triage::{Handling, Stage};
use crypto::results::{Quarter, Reports};
use model::{Day, Role};
use recorder_protocol::DrawFigures;
use register::{Dossiers, Filter, Listed, StoredResults};

use crate::books::Books;
use crate::dossiers::{self, CaseFile};
use crate::fault::Fault;
use crate::handling;
use crate::recorder::Recorder;
use crate::sessions::Session;

/// Cases that are counted: decades of a county's.
const CASES: u32 = 100_000;
/// Quarters that a trend shows.
const TREND: usize = 8;

/// What became of a report, as far as figures tell it apart.
const FATES: [&str; 4] = ["open", "confirmed", "not-confirmed", "not-taken"];
/// Who told of it.
const SOURCES: [&str; 2] = ["people", "feeds"];

/// The row of a trend for everything before its quarters: without it the trend's sums would not be those
/// of the other tables, and the difference would tell how few came early.
pub(crate) const EARLIER: &str = "earlier";

/// A report as it is counted.
pub(crate) struct Counted {
    first: Day,
    /// As the recorder has recorded it, without what an approver did since.
    stage: Stage,
    feed: bool,
    /// As it was filed; none before anybody judged it.
    handling: Option<Handling>,
}

/// A table without what may not be shown; sums stand last.
pub(crate) struct Shown {
    pub(crate) rows: Vec<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) cells: Vec<Vec<Cell>>,
}

/// Everything that is counted. Reports are counted once somebody has judged them.
pub(crate) struct Counts {
    pub(crate) today: Day,
    pub(crate) smallest: u32,
    /// Reports by township and category.
    pub(crate) by_town: Shown,
    /// Reports by township and what became of them.
    pub(crate) by_fate: Shown,
    /// Reports by origin and what became of them.
    pub(crate) by_origin: Shown,
    /// Reports by quarter, of people and of feeds.
    pub(crate) trend: Shown,
    /// Cases by township.
    pub(crate) cases: Vec<(Option<String>, Cases)>,
    /// Cases opened by quarter.
    pub(crate) cases_opened: Vec<(String, u32)>,
}

/// Where what is counted is read.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) books: &'a Books,
    pub(crate) recorder: &'a Recorder,
    pub(crate) today: Day,
}

/// Reads what is counted, once that is recorded.
fn read(source: Source<'_>, session: &Session) -> Result<(Vec<Counted>, Vec<CaseFile>), Fault> {
    let Source { books, recorder, .. } = source;
    let listed = books.register.all_reports()?;
    let number = |one: &Listed| u64::try_from(one.number).unwrap_or_default();
    let numbers: Vec<u64> = listed.iter().map(number).collect();
    let deed = DrawFigures { reports: u32::try_from(numbers.len()).map_err(Fault::inside)? };
    let (recorded, _) = recorder.connect()?.record(&session.person(Role::Officer), deed)?;
    let keys = session.keys.post.as_ref().ok_or(Fault::NoPostKeys)?;
    let handled = handling::read_all(recorded, books, keys, &numbers)?;
    let counted = listed.into_iter().zip(handled).filter_map(|(listed, handling)| {
        // The list's stage is anybody's who can write the register.
        let stage = handling.as_ref().map_or(Stage::New, |handling| handling.stage);
        Some(Counted { first: listed.first.parse().ok()?, stage, feed: listed.feed.is_some(), handling })
    });
    let (found, _) = books.register.dossiers(Dossiers::Cases, &Filter::default(), 0, CASES)?;
    let files = dossiers::readable(found, |one| books.case_of(one)).files;
    Ok((counted.collect(), files))
}

/// Counts everything.
pub(crate) fn draw(source: Source<'_>, session: &Session) -> Result<Counts, Fault> {
    let (reports, files) = read(source, session)?;
    let Source { books, today, .. } = source;
    let towns = books.rules.towns();
    let trend = quarters(today, TREND);
    let smallest = books.rules.procedure(today).smallest_figure;
    let [by_town, by_fate, by_origin, by_quarter] = shown(count_reports(&reports, towns, &trend), smallest);
    let opened = |quarter: &String| count(files.iter().filter(|file| quarter_of(file.now.listed_on) == *quarter));
    Ok(Counts {
        today,
        smallest,
        by_town,
        by_fate,
        by_origin,
        trend: by_quarter,
        cases: cases_by_town(towns, files.iter().map(|file| &file.now), today),
        cases_opened: trend.iter().map(|quarter| (quarter.clone(), opened(quarter))).collect(),
    })
}

/// By town and category, by town and fate, by origin and fate, by quarter and source: the same reports.
fn count_reports(reports: &[Counted], towns: &[String], trend: &[String]) -> [Table; 4] {
    let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    let categories: Vec<&str> = Category::ALL.iter().map(|one| one.code()).collect();
    let origins: Vec<&str> = Origin::ALL.iter().map(|one| one.code()).collect();
    let with_elsewhere: Vec<String> = towns.iter().cloned().chain([String::new()]).collect();
    let with_earlier: Vec<String> = codes(&[EARLIER]).into_iter().chain(trend.iter().cloned()).collect();
    let mut tables = [
        Table::new(&with_elsewhere, &codes(&categories)),
        Table::new(&with_elsewhere, &codes(&FATES)),
        Table::new(&codes(&origins), &codes(&FATES)),
        Table::new(&with_earlier, &codes(&SOURCES)),
    ];
    for report in reports {
        let Some(under) = report.handling.as_ref().and_then(|handling| handling.filed.as_ref()) else { continue };
        let category = Category::of_code(&under.category).unwrap_or(Category::Other);
        let origin = Origin::of_code(&under.origin).unwrap_or(Origin::Web);
        let town = if towns.contains(&under.town) { under.town.as_str() } else { "" };
        let quarter = quarter_of(report.first);
        let quarter = if trend.contains(&quarter) { quarter.as_str() } else { EARLIER };
        let counted = [
            (town, category.code()),
            (town, fate(report.stage)),
            (origin.code(), fate(report.stage)),
            (quarter, SOURCES[usize::from(Origin::FEEDS.contains(&origin))]),
        ];
        tables.iter_mut().zip(counted).for_each(|(table, (row, column))| table.count(row, column));
    }
    tables
}

/// What may be shown of the four tables, which share sums.
fn shown(tables: [Table; 4], figure: u32) -> [Shown; 4] {
    let last = tables.each_ref().map(|table| (table.rows.len(), table.columns.len()));
    let same = |one, other| Sum { parts: vec![one], whole: other };
    let mut links: Vec<Sum> = (0..=last[0].0).map(|town| same((0, town, last[0].1), (1, town, last[1].1))).collect();
    links.extend((0..=last[1].1).map(|fate| same((1, last[1].0, fate), (2, last[2].0, fate))));
    links.push(same((2, last[2].0, last[2].1), (3, last[3].0, last[3].1)));
    for (source, feeds) in [(0, false), (1, true)] {
        let origins = Origin::ALL.iter().enumerate().filter(|(_, origin)| Origin::FEEDS.contains(origin) == feeds);
        let parts = origins.map(|(row, _)| (2, row, last[2].1)).collect();
        links.push(Sum { parts, whole: (3, last[3].0, source) });
    }
    let mut cells = suppressed(&tables.each_ref(), &links, Smallest { figure, zero_tells: false }).into_iter();
    tables.map(|Table { rows, columns, .. }| Shown { rows, columns, cells: cells.next().unwrap_or_default() })
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// What became of a report at a stage. One that belongs to an earlier report is as true as that, but
/// what became of it is counted there.
fn fate(stage: Stage) -> &'static str {
    match stage {
        Stage::New | Stage::Verifying | Stage::Drafted => FATES[0],
        Stage::Confirmed | Stage::Proposed | Stage::Returned | Stage::Approved | Stage::Minor => FATES[1],
        Stage::NotConfirmed => FATES[2],
        Stage::NotOurs | Stage::NotEffective | Stage::Known | Stage::Joined => FATES[3],
    }
}

/// Quarters of which the public may be told and was not, oldest first, from the one of the first letter.
pub(crate) fn quarters_due(source: Source<'_>, told: &[StoredResults]) -> Result<Vec<String>, Fault> {
    let today = source.today;
    let Some(first) = source.books.register.first_day()?.map(quarter_of) else { return Ok(Vec::new()) };
    let delay = source.books.rules.procedure(today).publish_after_days;
    // Over, and its delay too: the quarter of a day that lies so long back is the first that is not.
    let running = quarter_of(today.minus_days(delay));
    let until = quarters(today, TREND).into_iter().take_while(|quarter| *quarter < running);
    let new = |quarter: &String| *quarter >= first && told.iter().all(|known| known.quarter != *quarter);
    Ok(until.filter(new).collect())
}

/// What the public is told of quarters.
pub(crate) fn results(source: Source<'_>, session: &Session, due: &[String]) -> Result<Vec<Quarter>, Fault> {
    let (reports, files) = read(source, session)?;
    let smallest = source.books.rules.procedure(source.today).smallest_figure;
    let told = due.iter().map(|quarter| told_of(quarter, smallest, &reports, &files));
    Ok(told.collect())
}

fn told_of(quarter: &str, smallest: u32, reports: &[Counted], files: &[CaseFile]) -> Quarter {
    let mut categories: Vec<String> = Category::ALL.iter().map(|one| one.code().to_owned()).collect();
    let mut table = Table::new(&categories, &["confirmed".to_owned(), "other".to_owned()]);
    // Alarms and patrols are no reports of the public.
    for report in reports.iter().filter(|one| !one.feed && quarter_of(one.first) == quarter) {
        let under = report.handling.as_ref().and_then(|handling| handling.filed.as_ref());
        let category = under.map_or(Category::Other.code(), |under| &under.category);
        table.count(category, if fate(report.stage) == "confirmed" { "confirmed" } else { "other" });
    }
    let shown = |cell: &Cell| match cell {
        Cell::Count(count) => Some(*count),
        Cell::Hidden => None,
    };
    categories.push(String::new());
    // A reporter may be the only one of their category: that none of it was confirmed is about them.
    let cells = suppressed(&[&table], &[], Smallest { figure: smallest, zero_tells: true }).remove(0);
    let lines = categories.into_iter().zip(cells).map(|(category, cells)| Reports {
        category,
        confirmed: shown(&cells[0]),
        other: shown(&cells[1]),
        all: shown(&cells[2]),
    });
    let in_quarter = |day: Option<Day>| day.is_some_and(|day| quarter_of(day) == quarter);
    let closed = || files.iter().filter(|file| file.now.state == State::Closed && in_quarter(file.now.closed_on));
    let note = |file: &CaseFile| {
        file.entries.iter().rev().find_map(|entered| match &entered.what {
            Entry::Closed { publication, .. } => Some(publication.trim().to_owned()),
            _ => None,
        })
    };
    Quarter {
        quarter: quarter.to_owned(),
        smallest,
        reports: lines.collect(),
        cases_opened: count(files.iter().filter(|file| in_quarter(Some(file.now.listed_on)))),
        cases_closed: count(closed()),
        notes: closed().filter_map(note).filter(|note| !note.is_empty()).collect(),
    }
}
