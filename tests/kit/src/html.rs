//! Reading pages with an HTML parser.

use scraper::{ElementRef, Html, Selector};

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}

/// The code of the problem that a page shows; none if it shows none.
#[must_use]
pub fn problem(page: &str) -> Option<String> {
    attribute(page, "[data-problem]", "data-problem")
}

/// An attribute of the first element that a selector finds.
#[must_use]
pub fn attribute(page: &str, css: &str, name: &str) -> Option<String> {
    let page = Html::parse_document(page);
    let found = page.select(&selector(css)).next()?.value().attr(name)?.to_owned();
    Some(found)
}

/// An attribute of every element that a selector finds.
#[must_use]
pub fn attributes(page: &str, css: &str, name: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    page.select(&selector(css)).filter_map(|element| element.value().attr(name)).map(str::to_owned).collect()
}

/// The text of each element that a selector finds, with runs of white space as one space.
#[must_use]
pub fn texts(page: &str, css: &str) -> Vec<String> {
    let plain = |element: ElementRef<'_>| {
        let text: String = element.text().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    Html::parse_document(page).select(&selector(css)).map(plain).collect()
}

/// The text of the first element that a selector finds.
///
/// # Panics
///
/// If no element matches the selector.
#[must_use]
#[track_caller]
pub fn text(page: &str, css: &str) -> String {
    texts(page, css).into_iter().next().unwrap_or_else(|| panic!("no {css} in {page}"))
}

/// The HTML inside the first element that a selector finds; empty if there is none.
#[must_use]
pub fn inside(page: &str, css: &str) -> String {
    let page = Html::parse_document(page);
    page.select(&selector(css)).next().map(|element| element.inner_html()).unwrap_or_default()
}

/// Whether a selector finds anything.
#[must_use]
pub fn has(page: &str, css: &str) -> bool {
    Html::parse_document(page).select(&selector(css)).next().is_some()
}

/// The values of the fields of this name, hidden ones among them.
#[must_use]
pub fn values(page: &str, name: &str) -> Vec<String> {
    let css = format!("input[name=\"{name}\"], button[name=\"{name}\"]");
    let value = |element: ElementRef<'_>| element.value().attr("value").unwrap_or_default().to_owned();
    Html::parse_document(page).select(&selector(&css)).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<main><p class=problem data-problem=case-conflict>Somebody  else\n entered</p>\
        <input name=csrf value=abc><input name=csrf value=def></main>";

    #[test]
    fn a_page_is_read_as_a_browser_reads_it() {
        assert_eq!(problem(PAGE).as_deref(), Some("case-conflict"));
        assert_eq!(text(PAGE, "p.problem"), "Somebody else entered");
        assert_eq!(values(PAGE, "csrf"), ["abc", "def"]);
        assert!(has(PAGE, "main") && !has(PAGE, "h1"));
        assert_eq!(problem("<p>fine</p>"), None);
    }
}
