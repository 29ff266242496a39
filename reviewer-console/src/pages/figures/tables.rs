//! Figures: a grid of townships, tables and charts, and a CSV file of the tables. Numbers of reports that are small
//! enough to identify somebody are hidden.

use std::io;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use casework::figures::Cell;
use console_services::figures::counts::{Counts, EARLIER, PublishedTable, read_figures};
use human_text::SpreadsheetWriter;
use maud::{Markup, PreEscaped, html};
use web::headers::{DOWNLOAD_POLICY, set};

use crate::http::download::saved_as;
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::figures::charts::{self, Bar};
use crate::pages::reports::labels::{category, origin_name};

/// All tables and charts.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let counts = blocking(move || read_figures(&actor)).await?;
    let town = |name: &str| town_name(&at, name);
    let body = html! {
        p.hint { (say!(at, "figures-lead", largest = counts.smallest.saturating_sub(1))) }
        p.hint { (say!(at, "figures-unfiled")) }
        h2 { (say!(at, "figures-map")) }
        (chart(&charts::tiles(&tiles(&at, &counts))))
        (cases_table(&at, &counts))
        h2 { (say!(at, "figures-by-town")) }
        (table(&at, &counts.by_town, &town, &|code| category(&at, code)))
        h2 { (say!(at, "figures-by-fate")) }
        (table(&at, &counts.by_fate, &town, &|code| fate_name(&at, code)))
        h2 { (say!(at, "figures-by-origin")) }
        (table(&at, &counts.by_origin, &|code| origin_name(&at, code), &|code| fate_name(&at, code)))
        h2 { (say!(at, "figures-trend")) }
        (chart(&charts::bars(&trend(&counts))))
        h2 { (say!(at, "figures-by-quarter")) }
        (table(&at, &counts.trend, &|quarter| quarter_name(&at, quarter), &|code| source_name(&at, code)))
        p.actions {
            a.button.second href=(at.path("figures.csv")) { (say!(at, "figures-csv")) }
            a.button.second href=(at.path("cases")) { (say!(at, "nav-cases")) }
        }
    };
    Ok(at.page(&say!(at, "figures-title"), &body))
}

fn chart(svg: &str) -> Markup {
    html! { div.chart.wide { (PreEscaped(svg)) } }
}

fn town_name(at: &RequestContext, name: &str) -> String {
    if name.is_empty() { say!(at, "figures-elsewhere") } else { name.to_owned() }
}

fn fate_name(at: &RequestContext, code: &str) -> String {
    match code {
        "open" => say!(at, "fate-open"),
        "confirmed" => say!(at, "fate-confirmed"),
        "not-confirmed" => say!(at, "fate-not-confirmed"),
        _ => say!(at, "fate-not-taken"),
    }
}

fn source_name(at: &RequestContext, code: &str) -> String {
    if code == "people" { say!(at, "figures-people") } else { say!(at, "figures-feeds") }
}

fn quarter_name(at: &RequestContext, quarter: &str) -> String {
    if quarter == EARLIER { say!(at, "figures-earlier") } else { quarter.to_owned() }
}

/// Townships with their open and late cases, which are not hidden: they are on a public list anyway.
fn tiles(at: &RequestContext, counts: &Counts) -> Vec<Bar> {
    let tile = |(town, cases): &(Option<String>, casework::figures::TownCases)| Bar {
        label: town.clone().unwrap_or_else(|| say!(at, "figures-elsewhere")),
        value: cases.open + cases.overdue,
        marked: cases.overdue > 0,
    };
    counts.cases.iter().map(tile).collect()
}

fn trend(counts: &Counts) -> Vec<Bar> {
    let bar = |(quarter, opened): &(String, u32)| Bar { label: quarter.clone(), value: *opened, marked: false };
    counts.cases_opened.iter().map(bar).collect()
}

fn cases_table(at: &RequestContext, counts: &Counts) -> Markup {
    html! {
        div.wide {
            table.figures {
                tr {
                    th scope="col" { (say!(at, "field-town")) }
                    th scope="col" { (say!(at, "figures-cases")) }
                    th scope="col" { (say!(at, "figures-open")) }
                    th scope="col" { (say!(at, "case-overdue")) }
                    th scope="col" { (say!(at, "case-closed")) }
                    th scope="col" { (say!(at, "figures-days")) }
                }
                @for (town, cases) in &counts.cases {
                    tr {
                        th scope="row" { (town_name(at, town.as_deref().unwrap_or_default())) }
                        td { (cases.all) }
                        td { (cases.open) }
                        td { (cases.overdue) }
                        td { (cases.closed) }
                        td { @if let Some(days) = cases.days_to_act() { (days) } @else { "—" } }
                    }
                }
            }
        }
    }
}

fn table(
    at: &RequestContext,
    table: &PublishedTable,
    row_name: &dyn Fn(&str) -> String,
    column_name: &dyn Fn(&str) -> String,
) -> Markup {
    let all = say!(at, "figures-all");
    let names = |codes: &[String], name: &dyn Fn(&str) -> String| -> Vec<String> {
        codes.iter().map(|code| name(code)).chain([all.clone()]).collect()
    };
    let (rows, columns) = (names(&table.rows, row_name), names(&table.columns, column_name));
    html! {
        div.wide {
            table.figures {
                tr { th {} @for column in &columns { th scope="col" { (column) } } }
                @for (name, cells) in rows.iter().zip(&table.cells) {
                    tr {
                        th scope="row" { (name) }
                        @for cell in cells { td { (cell_text(*cell)) } }
                    }
                }
            }
        }
    }
}

fn cell_text(cell: Cell) -> String {
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Hidden => "·".to_owned(),
    }
}

/// The tables as CSV with the columns table, row, column, count; the count is empty where it is hidden.
pub(crate) async fn csv(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.officer()?;
    let counts = blocking(move || read_figures(&actor)).await?;
    let bytes = table_file(&counts).map_err(PageError::inside)?;
    let name = format!("figures-{}.csv", counts.today);
    let mut response = HttpResponse::Ok();
    response.content_type("text/csv; charset=utf-8").insert_header((CONTENT_DISPOSITION, saved_as(&name, &name)?));
    let mut response = response.body(bytes);
    set(response.headers_mut(), DOWNLOAD_POLICY);
    Ok(response)
}

fn table_file(counts: &Counts) -> io::Result<Vec<u8>> {
    let mut file = SpreadsheetWriter::default();
    file.row(["table", "row", "column", "count"])?;
    let tables = [
        ("reports-by-town-and-category", &counts.by_town),
        ("reports-by-town-and-outcome", &counts.by_fate),
        ("reports-by-origin-and-outcome", &counts.by_origin),
        ("reports-by-quarter", &counts.trend),
    ];
    for (name, table) in tables {
        let all = || std::iter::once("all");
        for (row, cells) in table.rows.iter().map(String::as_str).chain(all()).zip(&table.cells) {
            for (column, cell) in table.columns.iter().map(String::as_str).chain(all()).zip(cells) {
                let count = if let Cell::Count(count) = cell { count.to_string() } else { String::new() };
                file.row([name, row, column, &count])?;
            }
        }
    }
    for (town, cases) in &counts.cases {
        let town = town.as_deref().unwrap_or_default();
        let numbers = [("all", cases.all), ("open", cases.open), ("overdue", cases.overdue), ("closed", cases.closed)];
        for (what, count) in numbers {
            file.row(["cases-by-town", town, what, &count.to_string()])?;
        }
        let days = cases.days_to_act().map(|days| days.to_string()).unwrap_or_default();
        file.row(["cases-by-town", town, "days-to-assignment", &days])?;
    }
    for (quarter, opened) in &counts.cases_opened {
        file.row(["cases-by-quarter", quarter, "opened", &opened.to_string()])?;
    }
    file.finish()
}
