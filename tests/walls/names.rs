//! Names and sizes: a public type's name is clear without its module, so no two types share a name; files stay short;
//! links in documents have an existing target.

use std::collections::BTreeMap;

use crate::source::{files, leads_somewhere};

/// Most lines of a source file. A longer one has more than one subject.
const LINES: usize = 400;

/// Public types that a source text declares, by `pub struct` and the like or by `codes!`.
fn public_types(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_codes = false;
    for line in source.lines() {
        let line = line.trim_start();
        let words: Vec<&str> = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        if line.starts_with("codes!") || line.starts_with("model::codes!") {
            in_codes = true;
        } else if in_codes && !line.starts_with("//") {
            found.push(words[0]);
            in_codes = false;
        } else if let ["pub", "struct" | "enum" | "trait" | "type", name, ..] = words[..] {
            found.push(name);
        }
    }
    found
}

#[test]
fn no_two_public_types_have_one_name() {
    let mut declared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, source) in files("*.rs") {
        // The macros themselves, tests and their kit are not part of the crates' interfaces.
        if path.contains("src/") && !path.starts_with("tests/") && path != "model/src/codes.rs" {
            for name in public_types(&source) {
                declared.entry(name.to_owned()).or_default().push(path.clone());
            }
        }
    }
    assert!(declared.len() > 200, "types are found at all");
    declared.retain(|name, paths| paths.len() > 1 && !name.starts_with('$') && !name.is_empty());
    assert!(declared.is_empty(), "{declared:#?}");
}

#[test]
fn files_stay_short() {
    let long = |(path, source): &(String, String)| (source.lines().count() > LINES).then(|| path.clone());
    let sources = ["*.rs", "*.ts", "*.mjs"].into_iter().flat_map(files);
    let long: Vec<String> = sources.collect::<Vec<_>>().iter().filter_map(long).collect();
    assert!(long.is_empty(), "over {LINES} lines: {long:?}");
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for (path, text) in files("*.md") {
        for rest in text.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            let local = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
            if local && !leads_somewhere(&path, target) {
                dead.push(format!("{path}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn types_are_found_however_they_are_declared() {
    let source = "pub struct One {\n}\ncodes!(\n    /// Two.\n    Two {\n        A = \"a\",\n    }\n);\npub(crate) enum Three {}";
    assert_eq!(public_types(source), ["One", "Two"]);
}
