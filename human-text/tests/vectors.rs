//! The vectors that the browser's code reads too.

use human_text::{NamesTaken, is_blank, plain, read_fen, safe_name};
use serde_json::Value;

fn cases(part: &str) -> Vec<(Value, Value)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/human-text.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a vector file")).expect("JSON");
    let cases: Vec<(Value, Value)> =
        vectors[part].as_array().expect("cases").iter().map(|case| (case[0].clone(), case[1].clone())).collect();
    assert!(!cases.is_empty());
    cases
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

#[test]
fn text_as_it_is_compared() {
    for (typed, expected) in cases("plain") {
        assert_eq!(plain(text(&typed)), text(&expected), "{typed}");
    }
}

// B16
#[test]
fn text_that_shows_nothing() {
    for (typed, expected) in cases("blank") {
        assert_eq!(is_blank(text(&typed)), expected, "{typed}");
    }
}

// B14
#[test]
fn amounts() {
    for (typed, expected) in cases("amounts") {
        assert_eq!(read_fen(text(&typed)).ok(), expected.as_i64(), "{typed}");
    }
}

// B15
#[test]
fn names_in_an_archive() {
    for (names, expected) in cases("archives") {
        let mut taken = NamesTaken::default();
        let names = names.as_array().expect("names").iter().map(text).zip(1..);
        let kept: Vec<String> = names.map(|(name, at)| taken.unique(safe_name(name, at), at)).collect();
        assert_eq!(Value::from(kept), expected);
    }
}
