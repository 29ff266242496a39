//! What pages say alike of accounts.

/// A key in groups that two people can read to each other.
pub(crate) fn grouped(key: &str) -> String {
    let digits: Vec<char> = key.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
