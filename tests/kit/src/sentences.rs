//! Sentences of the English locale by their keys, so that tests name the sentence of a page and do not depend on its
//! wording.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

static SENTENCES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = ["portal/locales/en/portal.ftl", "reviewer-console/locales/en/reviewer-console.ftl"];
    let text: String = files
        .iter()
        .map(|file| fs::read_to_string(root.join(file)).expect("a locale file"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut sentences = BTreeMap::<String, Vec<String>>::new();
    for line in text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
        // Both sites may have a key, each with words of its own.
        if let Some((key, sentence)) = line.split_once(" = ") {
            sentences.entry(key.to_owned()).or_default().push(sentence.to_owned());
        }
    }
    sentences
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
    let sentences = SENTENCES.get(key).unwrap_or_else(|| panic!("no sentence {key}"));
    let with_variables = |sentence: &String| {
        let place = |name: &str| format!("{{ ${name} }}");
        let has = |(name, _): &(&str, &str)| sentence.contains(&place(name));
        variables
            .iter()
            .all(has)
            .then(|| variables.iter().fold(sentence.clone(), |text, (name, value)| text.replace(&place(name), value)))
    };
    let wanted: Vec<String> = sentences.iter().filter_map(with_variables).collect();
    assert!(!wanted.is_empty(), "{key} has not all of {variables:?}");
    wanted.iter().any(|sentence| has_sentence(page, sentence))
}

/// Whether the fixed parts of a sentence stand in a page, one after the other.
fn has_sentence(page: &str, sentence: &str) -> bool {
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
