//! An installation's own rule sets: files of a folder that replace the built-in ones.

use std::path::Path;
use std::{fs, io};

/// Names and texts of the `.toml` files of a folder, sorted by name. A folder without any is an error,
/// [`NotFound`](io::ErrorKind::NotFound): no installation is meant to have no rules.
pub fn read(folder: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    files.sort();
    if files.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(files) }
}
