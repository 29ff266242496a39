//! Every log line has a stable code, and docs/operate/logging.md lists exactly these codes.

use std::collections::BTreeSet;

use crate::source::{files, read};

/// The calls that write a log line.
const CALLS: [&str; 5] =
    ["tracing::error!(", "tracing::warn!(", "tracing::info!(", "tracing::debug!(", "tracing::trace!("];

/// The codes of a source text's log lines; the error is a line without a code.
fn codes(source: &str) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    for call in CALLS {
        for rest in source.split(call).skip(1) {
            let code = rest.trim_start().strip_prefix("code = \"").and_then(|rest| rest.split('"').next());
            found.insert(code.ok_or_else(|| rest.lines().next().unwrap_or_default().to_owned())?.to_owned());
        }
    }
    Ok(found)
}

/// The codes in the first column of the document's tables.
fn listed(document: &str) -> BTreeSet<String> {
    let cells = document.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn every_log_line_has_a_code_that_the_document_lists() {
    let mut written = BTreeSet::new();
    for (path, source) in files("*.rs") {
        if !path.contains("src/") || path.starts_with("tests/") {
            continue;
        }
        written.extend(codes(&source).unwrap_or_else(|line| panic!("{path}: a log line without a code: {line}")));
    }
    assert!(written.len() > 40, "log lines are found at all");
    assert_eq!(written, listed(&read("docs/operate/logging.md")));
}

#[test]
fn a_line_without_a_code_would_be_found() {
    assert_eq!(codes("tracing::warn!(code = \"a.b\", \"text {}\", 1);"), Ok(BTreeSet::from(["a.b".to_owned()])));
    assert!(codes("tracing::info!(\"text\");").is_err());
    assert_eq!(listed("| `a.b`, `c.d` | when |\n| code | `x` |"), BTreeSet::from(["a.b".to_owned(), "c.d".to_owned()]));
}
