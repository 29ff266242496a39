//! The folder through which checkpoints go to a witness and come back cosigned.

use std::path::PathBuf;
use std::time::Duration;
use std::{fs, io};

use crypto::log::witness::{ANSWER, SUBMISSION};

/// The folder that a witness reads from and writes to.
#[derive(Clone, Debug)]
pub(crate) struct CheckpointFolder {
    pub(crate) folder: PathBuf,
    /// How long an exchange waits for an answer.
    pub(crate) wait: Duration,
}

impl CheckpointFolder {
    /// Writes a submission, whole or not at all.
    pub(crate) fn submit(&self, text: &str) -> io::Result<()> {
        program::files::write_whole(&self.folder, SUBMISSION, text.as_bytes())
    }

    /// Reads an answer and removes it, so that a refused answer does not block the next one.
    pub(crate) fn take_answer(&self) -> io::Result<Option<String>> {
        let path = self.folder.join(ANSWER);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        fs::remove_file(path)?;
        Ok(Some(text))
    }
}
