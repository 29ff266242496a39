//! The tracked files of the project.

use std::fs;
use std::path::Path;
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Paths and texts of the tracked files that match a Git pathspec.
pub(crate) fn files(pattern: &str) -> Vec<(String, String)> {
    let output = Command::new("git").args(["ls-files", pattern]).current_dir(ROOT).output().expect("git");
    let paths = String::from_utf8(output.stdout).expect("UTF-8");
    let there = paths.lines().filter(|path| Path::new(ROOT).join(path).is_file());
    there.map(|path| (path.to_owned(), read(path))).collect()
}

/// The text of a file, by its path in the repository.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether the path `to`, relative to the file `from`, exists.
pub(crate) fn leads_somewhere(from: &str, to: &str) -> bool {
    Path::new(ROOT).join(from).parent().is_some_and(|folder| folder.join(to).exists())
}
