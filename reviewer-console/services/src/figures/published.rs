//! Figures for the public, by quarter.

use casework::cases::{CaseEntry, CaseState};
use casework::figures::{Cell, Smallest, Table, quarter_of, quarters, suppressed};
use casework::reports::Category;
use crypto::slots::results::{Quarter, Reports};
use model::Day;
use register::StoredResults;

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::error::ConsoleError;
use crate::figures::counts::{CountedReport, TREND, count, fate, read};

/// Quarters that may be published and are not yet, oldest first: from the quarter of the first letter, at most
/// [`TREND`].
pub(crate) fn quarters_due(actor: &Actor, told: &[StoredResults]) -> Result<Vec<String>, ConsoleError> {
    let today = actor.today;
    let Some(first) = actor.register().first_day()?.map(quarter_of) else { return Ok(Vec::new()) };
    let delay = actor.rules().procedure(today).publish_after_days;
    // A quarter is due once it and the delay are over: the quarter of the day that long ago is the first that is not
    // due.
    let running = quarter_of(today.minus_days(delay));
    let until = quarters(today, TREND).into_iter().take_while(|quarter| *quarter < running);
    let new = |quarter: &String| *quarter >= first && told.iter().all(|known| known.quarter != *quarter);
    Ok(until.filter(new).collect())
}

/// Computes the public figures of quarters, which is recorded.
pub(crate) fn results_of(actor: &Actor, due: &[String]) -> Result<Vec<Quarter>, ConsoleError> {
    let (reports, files) = read(actor)?;
    let smallest = actor.rules().procedure(actor.today).smallest_figure;
    let told = due.iter().map(|quarter| told_of(quarter, smallest, &reports, &files));
    Ok(told.collect())
}

fn told_of(quarter: &str, smallest: u32, reports: &[CountedReport], files: &[CaseFile]) -> Quarter {
    let mut categories: Vec<String> = Category::ALL.iter().map(|one| one.code().to_owned()).collect();
    let mut table = Table::new(&categories, &["confirmed".to_owned(), "other".to_owned()]);
    // Alarms and patrols are not reports of the public.
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
    // A reporter may be the only one of their category: a zero would then reveal the outcome of their report.
    let cells = suppressed(&[&table], &[], Smallest { figure: smallest, zero_tells: true }).remove(0);
    let lines = categories.into_iter().zip(cells).map(|(category, cells)| Reports {
        category,
        confirmed: shown(&cells[0]),
        other: shown(&cells[1]),
        all: shown(&cells[2]),
    });
    let in_quarter = |day: Option<Day>| day.is_some_and(|day| quarter_of(day) == quarter);
    let closed = || files.iter().filter(|file| file.now.state == CaseState::Closed && in_quarter(file.now.closed_on));
    let note = |file: &CaseFile| {
        file.entries.iter().rev().find_map(|entered| match &entered.what {
            CaseEntry::Closed { publication, .. } => Some(publication.trim().to_owned()),
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
