//! Words for accounts that several pages share.

/// A key in groups of four characters, for reading out.
pub(crate) fn grouped(key: &str) -> String {
    let digits: Vec<char> = key.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
