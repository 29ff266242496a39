//! SQL in whole-system tests stands in one file, whose functions say that somebody has a database's file in hand. What
//! the product can reach or show by itself is reached and looked at through the product.

use crate::source::{files, read};

const IN_HAND: &str = "tests/kit/src/file_in_hand.rs";

#[test]
fn tests_say_when_somebody_has_a_database_file_in_hand() {
    let words = ["diesel", "sql_query", "batch_execute", "Readers", "AnyConnection"];
    let found = |source: &str| words.iter().any(|word| source.contains(word));
    assert!(found(&read(IN_HAND)), "the words are found at all");
    let tests = ["tests/it/*.rs", "tests/browser/*.rs", "tests/kit/*.rs"].into_iter().flat_map(files);
    let tests: Vec<(String, String)> = tests.filter(|(path, _)| path != IN_HAND).collect();
    assert!(tests.len() > 40, "tests are found at all");
    let raw: Vec<&String> = tests.iter().filter(|(_, source)| found(source)).map(|(path, _)| path).collect();
    assert!(raw.is_empty(), "{raw:?}");
}
