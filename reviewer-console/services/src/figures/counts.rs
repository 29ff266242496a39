//! Counting: what the post's figures are made of.

use casework::figures::{Cell, Smallest, Sum, Table, TownCases, cases_by_town, quarter_of, quarters, suppressed};
use casework::reports::{Category, Handling, Origin, ReportStage};
use model::Day;
use recorder_protocol::{ReadFigures, Recorded};
use register::{LedgerFilter, ListedReport};

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::reports::handling;

/// Cases that are counted: decades of a county's.
const CASES: u32 = 100_000;
/// Quarters that a trend shows.
pub(crate) const TREND: usize = 8;

/// What became of a report, as far as figures tell it apart.
const FATES: [&str; 4] = ["open", "confirmed", "not-confirmed", "not-taken"];
/// Who told of it.
const SOURCES: [&str; 2] = ["people", "feeds"];

/// The row of a trend for everything before its quarters: without it the trend's sums would not be those
/// of the other tables, and the difference would tell how few came early.
pub const EARLIER: &str = "earlier";

/// A report as it is counted.
pub(crate) struct CountedReport {
    pub(crate) first: Day,
    /// As the recorder has recorded it, without what an approver did since.
    pub(crate) stage: ReportStage,
    pub(crate) feed: bool,
    /// As it was filed; none before anybody judged it.
    pub(crate) handling: Option<Handling>,
}

/// A table without what may not be shown; sums stand last.
pub struct PublishedTable {
    /// Names of its rows.
    pub rows: Vec<String>,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Its cells, by row.
    pub cells: Vec<Vec<Cell>>,
}

/// Everything that is counted. Reports are counted once somebody has judged them.
pub struct Counts {
    /// The day on which it was counted.
    pub today: Day,
    /// The smallest number of reports that is shown.
    pub smallest: u32,
    /// Reports by township and category.
    pub by_town: PublishedTable,
    /// Reports by township and what became of them.
    pub by_fate: PublishedTable,
    /// Reports by origin and what became of them.
    pub by_origin: PublishedTable,
    /// Reports by quarter, of people and of feeds.
    pub trend: PublishedTable,
    /// Cases by township.
    pub cases: Vec<(Option<String>, TownCases)>,
    /// Cases opened by quarter.
    pub cases_opened: Vec<(String, u32)>,
}

/// Reads what is counted, once that is recorded.
pub(crate) fn read(actor: &Actor) -> Result<(Vec<CountedReport>, Vec<CaseFile>), ConsoleError> {
    let listed = actor.register().all_reports()?;
    let reports = u32::try_from(listed.len()).map_err(ConsoleError::inside)?;
    in_clear(actor.record(ReadFigures { reports })?, actor, listed)
}

fn in_clear(
    recorded: Recorded<ReadFigures>,
    actor: &Actor,
    listed: Vec<ListedReport>,
) -> Result<(Vec<CountedReport>, Vec<CaseFile>), ConsoleError> {
    let number = |one: &ListedReport| u64::try_from(one.number).unwrap_or_default();
    let numbers: Vec<u64> = listed.iter().map(number).collect();
    let handled = handling::read_all(&recorded, actor.attested(), actor.post_keys()?, &numbers)?;
    let counted = listed.into_iter().zip(handled).filter_map(|(listed, handling)| {
        // The list's stage is anybody's who can write the register.
        let stage = handling.as_ref().map_or(ReportStage::New, |handling| handling.stage);
        Some(CountedReport { first: listed.first.parse().ok()?, stage, feed: listed.feed.is_some(), handling })
    });
    let files = actor.attested().cases(&recorded, &LedgerFilter::default(), 0, CASES)?.0.files;
    Ok((counted.collect(), files))
}

/// Counts everything.
pub fn read_figures(actor: &Actor) -> Result<Counts, ConsoleError> {
    let (reports, files) = read(actor)?;
    let (today, towns) = (actor.today, actor.rules().towns());
    let trend = quarters(today, TREND);
    let smallest = actor.rules().procedure(today).smallest_figure;
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
fn count_reports(reports: &[CountedReport], towns: &[String], trend: &[String]) -> [Table; 4] {
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
fn shown(tables: [Table; 4], figure: u32) -> [PublishedTable; 4] {
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
    tables.map(|Table { rows, columns, .. }| PublishedTable { rows, columns, cells: cells.next().unwrap_or_default() })
}

pub(crate) fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// What became of a report at a stage. One that belongs to an earlier report is as true as that, but
/// what became of it is counted there.
pub(crate) fn fate(stage: ReportStage) -> &'static str {
    match stage {
        ReportStage::New | ReportStage::Verifying | ReportStage::Drafted => FATES[0],
        ReportStage::Confirmed
        | ReportStage::Proposed
        | ReportStage::Returned
        | ReportStage::Approved
        | ReportStage::Minor => FATES[1],
        ReportStage::NotConfirmed => FATES[2],
        ReportStage::NotOurs | ReportStage::NotEffective | ReportStage::Known | ReportStage::Joined => FATES[3],
    }
}
