//! Reading and writing files. The errors of `read` and `write` name the file.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// A file could not be read or written; names its path.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file could not be read.
    #[error("{0} cannot be read")]
    Read(String, #[source] io::Error),
    /// The file could not be written.
    #[error("{0} cannot be written")]
    Write(String, #[source] io::Error),
}

/// Reads a text file in UTF-8.
pub fn read(path: &Path) -> Result<String, FileError> {
    fs::read_to_string(path).map_err(|error| FileError::Read(path.display().to_string(), error))
}

/// Writes a text file, replacing its content.
pub fn write(path: &Path, text: &str) -> Result<(), FileError> {
    fs::write(path, text).map_err(|error| FileError::Write(path.display().to_string(), error))
}

/// Writes a file in a folder completely or not at all, and durably. A reader of the folder finds the old content or the
/// new one, also after a power cut.
pub fn write_whole(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let new = folder.join(format!(".{name}.new"));
    let mut file = fs::File::create(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(new, folder.join(name))?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_file_and_whole_files_leave_nothing_beside_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("missing");
        assert!(read(&missing).expect_err("missing").to_string().contains("missing cannot be read"));
        write_whole(folder.path(), "note", b"one").expect("written");
        write_whole(folder.path(), "note", b"two").expect("written again");
        assert_eq!(read(&folder.path().join("note")).expect("read"), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
