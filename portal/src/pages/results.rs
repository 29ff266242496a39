//! The results of reports and cases, by quarter.

use casework::reports::Category;
use crypto::slots::results::{Quarter, Results};
use maud::{Markup, html};

use super::parts::category_name;
use super::{Frame, say};

pub(super) fn body(frame: &Frame<'_>, results: &Results) -> Markup {
    html! {
        h1 { (say!(frame, "results-title")) }
        p { (say!(frame, "results-lead")) }
        @if results.quarters.is_empty() { p.state { (say!(frame, "results-none")) } }
        @for quarter in results.quarters.iter().rev() { (told(frame, quarter)) }
        @if !results.quarters.is_empty() { p.hint { (say!(frame, "results-signed")) } }
    }
}

fn told(frame: &Frame<'_>, quarter: &Quarter) -> Markup {
    let number = |count: Option<u32>| count.map_or_else(|| "·".to_owned(), |count| count.to_string());
    html! {
        h2 { (quarter.quarter) }
        p { (say!(frame, "results-cases", opened = quarter.cases_opened, closed = quarter.cases_closed)) }
        table {
            tr {
                th scope="col" { (say!(frame, "results-category")) }
                th scope="col" { (say!(frame, "results-confirmed")) }
                th scope="col" { (say!(frame, "results-other")) }
                th scope="col" { (say!(frame, "results-all")) }
            }
            @for line in &quarter.reports {
                tr {
                    th scope="row" {
                        @match Category::of_code(&line.category) {
                            Some(category) => (category_name(frame, category)),
                            None => (say!(frame, "results-all")),
                        }
                    }
                    td { (number(line.confirmed)) }
                    td { (number(line.other)) }
                    td { (number(line.all)) }
                }
            }
        }
        p.hint { (say!(frame, "results-hidden", smallest = quarter.smallest)) }
        @if !quarter.notes.is_empty() {
            h3 { (say!(frame, "results-notes")) }
            ul { @for note in &quarter.notes { li.plain-text { (note) } } }
        }
    }
}
