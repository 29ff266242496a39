//! Sentences of the English locale by their keys, so that tests name the sentence of a page and do not depend on its
//! wording.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

static SENTENCES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = ["portal/locales/en/portal.ftl", "reviewer-console/locales/en/reviewer-console.ftl"];
    let text: String = files
        .iter()
        .map(|file| fs::read_to_string(root.join(file)).expect("a locale file"))
        .collect::<Vec<_>>()
        .join("\n");
    let pair = |line: &str| line.split_once(" = ").map(|(key, sentence)| (key.to_owned(), sentence.to_owned()));
    text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(pair).collect()
});

/// Whether a page has the sentence of this key, whatever its variables are.
///
/// # Panics
///
/// If no sentence has the key.
#[must_use]
pub fn says(page: &str, key: &str) -> bool {
    says_with(page, key, &[])
}

/// Whether a page has the sentence of this key with these variables; others may be anything.
///
/// # Panics
///
/// If no sentence has the key, or if it has no such variable.
#[must_use]
pub fn says_with(page: &str, key: &str, variables: &[(&str, &str)]) -> bool {
    let mut sentence = SENTENCES.get(key).unwrap_or_else(|| panic!("no sentence {key}")).clone();
    for (name, value) in variables {
        let place = format!("{{ ${name} }}");
        assert!(sentence.contains(&place), "{key} has no {name}");
        sentence = sentence.replace(&place, value);
    }
    let fixed = sentence.split('{').enumerate().map(|(index, part)| match index {
        0 => part,
        _ => part.split_once('}').map_or("", |(_, rest)| rest),
    });
    let mut rest = page;
    for part in fixed {
        let part = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let Some(at) = rest.find(&part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_by_its_key_and_its_variables() {
        let page = "<p>Receipt 2026-0001</p>";
        assert!(says(page, "receipt-title") && says_with(page, "receipt-title", &[("number", "2026-0001")]));
        assert!(!says_with(page, "receipt-title", &[("number", "2026-0002")]) && !says(page, "not-found-title"));
    }
}
