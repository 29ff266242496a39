//! The manifest of a portal's files, which the installation's root signs so that anyone can compare what a site serves.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// The first line, which distinguishes a manifest from every other text that a key signs.
const MAGIC: &str = "qingniao manifest v1";
const POLICY: &str = "content-security-policy ";
const CHANGING: &str = "changing:";

/// What a portal serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The content security policy of every page.
    pub policy: String,
    /// SHA-256 of each file by its path, in lower-case hexadecimal.
    pub files: BTreeMap<String, String>,
    /// Paths whose content changes while the site runs, each with who signs it.
    pub changing: Vec<(String, String)>,
}

/// A text is no manifest.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not that of a manifest")]
pub struct BadManifest {
    /// The first line that differs from a manifest with the same content, from 1.
    pub line: usize,
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MAGIC}\n{POLICY}{}\n", self.policy)?;
        for (path, digest) in &self.files {
            writeln!(f, "{digest}  {path}")?;
        }
        write!(f, "\n{CHANGING}\n")?;
        self.changing.iter().try_for_each(|(path, signer)| writeln!(f, "{path}  {signer}"))
    }
}

impl FromStr for Manifest {
    type Err = BadManifest;

    /// Reads a manifest of exactly the form that [`Manifest`] writes: one with an unknown or a misplaced line, or with
    /// a file twice, is refused, so that nothing else can be signed as a manifest.
    fn from_str(text: &str) -> Result<Self, BadManifest> {
        let mut read = Self { policy: String::new(), files: BTreeMap::new(), changing: Vec::new() };
        let mut after = false;
        for line in text.lines() {
            if let Some(policy) = line.strip_prefix(POLICY) {
                policy.clone_into(&mut read.policy);
            } else if line == CHANGING {
                after = true;
            } else if let Some((one, other)) = line.split_once("  ") {
                if after && is_path(one) && !other.trim().is_empty() {
                    read.changing.push((one.to_owned(), other.to_owned()));
                } else if !after && is_path(other) && is_digest(one) {
                    read.files.insert(other.to_owned(), one.to_owned());
                }
            }
        }
        let mut again = String::with_capacity(text.len());
        // Writing to a string never fails.
        let _ = write!(again, "{read}");
        if again != text {
            let same = again.split('\n').zip(text.split('\n')).take_while(|(ours, theirs)| ours == theirs).count();
            return Err(BadManifest { line: same + 1 });
        }
        if read.policy.is_empty() {
            return Err(BadManifest { line: 2 });
        }
        if read.files.is_empty() { Err(BadManifest { line: 3 }) } else { Ok(read) }
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            policy: "default-src 'none'".to_owned(),
            files: [("/en/", "ab"), ("/zh/", "cd")].map(|(path, digest)| (path.to_owned(), digest.repeat(32))).into(),
            changing: vec![("/keys/statement.json".to_owned(), "signed by the root".to_owned())],
        }
    }

    #[test]
    fn what_it_writes_it_reads() {
        assert_eq!(manifest().to_string().parse(), Ok(manifest()));
    }

    #[test]
    fn every_other_text_is_refused_with_its_line() {
        let text = manifest().to_string();
        let line = |text: &str| text.parse::<Manifest>().expect_err("refused").line;
        let keys = text.replacen(MAGIC, "qingniao keys v1", 1);
        assert_eq!(line(&keys), 1, "H2 of the review: the text of another note");
        assert_eq!(line(&format!("{text}post age1pq1…\n")), 8, "a line more");
        assert_eq!(line(&text.replacen("/zh/", "/zh/ x", 1)), 4, "a path with a space");
        assert_eq!(line(&text.replacen("abab", "ABAB", 1)), 3, "a digest in capitals");
        assert_eq!(line(&text.replacen("\n\n", "\n", 1)), 5);
        assert_eq!(line(text.trim_end()), 8, "the last line does not end");
        assert_eq!(line(&text.replacen("default-src 'none'", "", 1)), 2, "no policy");
        assert_eq!(line(""), 1);
        let (first, second) = (text.lines().nth(2).expect("a file"), text.lines().nth(3).expect("a file"));
        let swapped = text.replacen(first, "@", 1).replacen(second, first, 1).replacen('@', second, 1);
        assert_eq!(line(&swapped), 3, "out of order");
    }
}
