//! Counting reports and cases for the post's figures.

use casework::figures::{Cell, Smallest, Sum, Table, TownCases, cases_by_town, quarter_of, quarters, suppressed};
use casework::reports::{Category, Handling, Origin, ReportStage};
use model::Day;
use recorder_protocol::{ReadFigures, Recorded};
use register::{LedgerFilter, ListedReport};

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::reports::handling;

/// Cases counted at most: decades of a county's cases.
const CASES: u32 = 100_000;
/// Quarters that a trend shows.
pub(crate) const TREND: usize = 8;

/// Codes of the outcomes of a report that figures distinguish.
const FATES: [&str; 4] = ["open", "confirmed", "not-confirmed", "not-taken"];
/// Codes of the sources of a report that figures distinguish.
const SOURCES: [&str; 2] = ["people", "feeds"];

/// The row of a trend for everything before its quarters. Without it the trend's sums would differ from those of the
/// other tables, and the difference would reveal how few reports came early.
pub const EARLIER: &str = "earlier";

/// A report as it is counted.
pub(crate) struct CountedReport {
    pub(crate) first: Day,
    /// The stage by the recorded steps, without an approver's decision since.
    pub(crate) stage: ReportStage,
    pub(crate) feed: bool,
    /// The report's handling; none if it cannot be read.
    pub(crate) handling: Option<Handling>,
}

/// A table in which small numbers are hidden. The last row and the last column are sums.
pub struct PublishedTable {
    /// Codes or names of the rows, without the row of sums.
    pub rows: Vec<String>,
    /// Codes or names of the columns, without the column of sums.
    pub columns: Vec<String>,
    /// Cells by row, one row and one column more than there are names.
    pub cells: Vec<Vec<Cell>>,
}

/// All figures of the post. Reports are counted once an officer has judged them.
pub struct Counts {
    /// The day of counting, in Asia/Shanghai.
    pub today: Day,
    /// The smallest number of reports that is shown; those above zero and below it are hidden.
    pub smallest: u32,
    /// Reports by township and category.
    pub by_town: PublishedTable,
    /// Reports by township and outcome.
    pub by_fate: PublishedTable,
    /// Reports by origin and outcome.
    pub by_origin: PublishedTable,
    /// Reports by quarter and by source: people or feeds.
    pub trend: PublishedTable,
    /// Cases by township; those elsewhere last, under no name.
    pub cases: Vec<(Option<String>, TownCases)>,
    /// Number of cases opened in each quarter of the trend.
    pub cases_opened: Vec<(String, u32)>,
}

/// Reads reports' handlings and cases for counting, which is recorded first.
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
        // Not the stage in the list: somebody able to write the register could change it.
        let stage = handling.as_ref().map_or(ReportStage::New, |handling| handling.stage);
        Some(CountedReport { first: listed.first.parse().ok()?, stage, feed: listed.feed.is_some(), handling })
    });
    let files = actor.attested().cases(&recorded, &LedgerFilter::default(), 0, CASES)?.0.files;
    Ok((counted.collect(), files))
}

/// Computes all figures, which is recorded.
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

/// Four tables of the same reports: by town and category, by town and fate, by origin and fate, by quarter and source.
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

/// Hides small numbers in the four tables together, since they share sums.
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

/// Code of the outcome of a report at a stage. A joined report is as true as the earlier one, but its outcome is
/// counted with that one.
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
