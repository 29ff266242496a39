//! File names that are safe to show, to save under and to put into an archive.

use std::collections::HashSet;

use crate::folding::plain;
use crate::invisible::is_invisible;

/// Characters of a name at most; file systems take 255 bytes.
const LONGEST: usize = 80;
/// Names that Windows takes for devices, with any ending.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// The file name of a multipart form as it was before the browser sent it: browsers write `"`, CR and LF as `%22`,
/// `%0D` and `%0A`, and leave every other percent sign as it is.
#[must_use]
pub fn sent_name(raw: &str) -> String {
    raw.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// The name without folders, control, direction and invisible characters, without what some systems refuse, and without
/// the names of devices. Its ending stays. `number` names a file of which nothing is left.
#[must_use]
pub fn safe_name(raw: &str, number: usize) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = last.chars().filter(|c| turns(*c) || !is_invisible(*c));
    let allowed: String = seen.map(|c| if is_refused(c) { '_' } else { c }).collect();
    let name = allowed.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return format!("file-{number}");
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let port = stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT"));
    let prefix = if port || DEVICES.contains(&stem.as_str()) { format!("file-{number}-") } else { String::new() };
    let skipped = name.chars().count().saturating_sub(LONGEST);
    let short: String = name.chars().skip(skipped).collect();
    prefix + short.trim_start_matches(|c: char| c == '.' || c.is_whitespace())
}

/// The names of an archive: a name that reads like an earlier one gets its number, from 1, in front until it does not.
#[derive(Debug, Default)]
pub struct NamesTaken(HashSet<String>);

impl NamesTaken {
    /// The name under which the file of this number is kept.
    pub fn unique(&mut self, name: String, number: usize) -> String {
        let mut unique = name;
        // Some file systems take capitals for small letters, so names are compared as text is.
        while !self.0.insert(plain(&unique)) {
            unique = format!("{number}-{unique}");
        }
        unique
    }
}

/// Characters that turn the direction of text, so that `gpj.exe` looks like `exe.jpg`: they leave a mark.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_refused(c: char) -> bool {
    let line = matches!(c, '\u{2028}' | '\u{2029}');
    c.is_control() || turns(c) || line || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ending_of_a_long_name_stays() {
        let long = safe_name(&format!("{}.pdf", "长".repeat(200)), 1);
        assert!(long.ends_with("长.pdf") && long.chars().count() == LONGEST);
    }

    proptest! {
        #[test]
        fn a_safe_name_is_safe_and_stays(raw in r#"[a-c./\\ :"%20\u{202e}\u{200b}长CON]{0,100}"#) {
            let name = safe_name(&raw, 3);
            let bad = ['/', '\\', '"', '\u{202e}', '\u{200b}'];
            prop_assert!(!name.is_empty() && !name.contains(bad));
            prop_assert!(!name.starts_with('.') && !name.ends_with(['.', ' ']));
        }

        #[test]
        fn no_name_is_taken_twice(names in proptest::collection::vec("[23]-[23]-a|[23]-a|a|A", 0..8)) {
            let mut taken = NamesTaken::default();
            let unique: HashSet<String> =
                names.iter().enumerate().map(|(at, name)| taken.unique(name.clone(), at + 1).to_lowercase()).collect();
            prop_assert_eq!(unique.len(), names.len());
        }
    }
}
