//! The folder in which log and witness exchange files: `to-witness` and `from-witness`.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crypto::log::checkpoint::BadProof;
use crypto::log::witness::{ANSWER, CosignAnswer, SUBMISSION, Submission};

pub(crate) struct CheckpointFolder(PathBuf);

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckpointFolderError {
    #[error("{0} cannot be read or written")]
    Io(String, #[source] io::Error),
    #[error("what waits is no submission")]
    Form(#[from] BadProof),
}

impl CheckpointFolder {
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The submission that awaits an answer; `None` once it was answered.
    pub(crate) fn waiting(&self) -> Result<Option<Submission>, CheckpointFolderError> {
        let path = self.0.join(SUBMISSION);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Submission::parse(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.0.is_dir() => Ok(None),
            Err(error) => Err(CheckpointFolderError::Io(path.display().to_string(), error)),
        }
    }

    /// Writes the answer and removes the submission.
    pub(crate) fn answer(&self, answer: &CosignAnswer) -> Result<(), CheckpointFolderError> {
        let failed = |error| CheckpointFolderError::Io(self.0.display().to_string(), error);
        program::files::write_whole(&self.0, ANSWER, answer.to_text().as_bytes()).map_err(failed)?;
        fs::remove_file(self.0.join(SUBMISSION)).map_err(failed)
    }
}
