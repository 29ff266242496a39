//! A house's rule sets as files of a folder, where they are not those that the programs come with.

use std::path::Path;
use std::{fs, io};

/// Names and texts of the `.toml` files of a folder, by name. A folder without any is an error of its own:
/// nobody configures it to have no rules.
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
