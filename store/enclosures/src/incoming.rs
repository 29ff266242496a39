//! Parts as they come: written to a file of their own, so that a slow sender holds no memory, and put in place when they
//! are whole. A file that a killed program left is removed at the next start.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::{Builder, NamedTempFile};
use tokio::task::spawn_blocking;

use crate::PartsError;

/// The folder of unfinished parts, beside the enclosures' folders.
const INCOMING: &str = "incoming";

/// A part that is being received. Dropped before it is kept, it leaves nothing.
pub struct IncomingPart {
    /// None while it is being written to, and once it is kept.
    file: Option<NamedTempFile>,
    size: usize,
}

impl Drop for IncomingPart {
    fn drop(&mut self) {
        let Some(file) = self.file.take() else { return };
        let folder = file.path().parent().map(Path::to_owned);
        drop(file);
        // A sender that hung up: no error can be told to anybody, and the next part that is kept does the same.
        let _ = folder.map(|folder| blur(&[&folder]));
    }
}

impl IncomingPart {
    /// Begins in a local store's directory, or in the system's folder for temporary files.
    pub(crate) async fn begin(root: Option<PathBuf>) -> Result<Self, PartsError> {
        let made = spawn_blocking(move || match root {
            Some(root) => {
                let folder = root.join(INCOMING);
                fs::create_dir_all(&folder)?;
                // Read by the exchange too, under another user of one group: the umask decides, as for other files.
                Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)
            }
            None => NamedTempFile::new(),
        });
        Ok(Self { file: Some(made.await??), size: 0 })
    }

    /// Bytes received so far.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Adds bytes.
    pub async fn write(&mut self, bytes: bytes::Bytes) -> Result<(), PartsError> {
        let mut file = self.file.take().ok_or(PartsError::Stopping)?;
        self.size += bytes.len();
        let written = spawn_blocking(move || file.write_all(&bytes).map(|()| file));
        self.file = Some(written.await??);
        Ok(())
    }

    pub(crate) fn into_file(mut self) -> Result<NamedTempFile, PartsError> {
        self.file.take().ok_or(PartsError::Stopping)
    }
}

/// Puts a whole part in place, durably; the same content again is no error. Blocks.
pub(crate) fn keep(file: NamedTempFile, root: &Path, place: &Path) -> Result<(), PartsError> {
    file.as_file().sync_all()?;
    let folder = place.parent().ok_or(PartsError::Stopping)?;
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        File::open(root)?.sync_all()?;
    }
    match fs::hard_link(file.path(), place) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if fs::read(place)? != fs::read(file.path())? {
                return Err(PartsError::OtherContent);
            }
        }
        Err(error) => return Err(error.into()),
    }
    File::open(folder)?.sync_all()?;
    file.close()?;
    blur(&[place, folder, &root.join(INCOMING), root])
}

/// Sets modification times to the epoch: the real ones would show to the second when something was sent. (The file
/// system's change times remain: SECURITY.md.)
fn blur(paths: &[&Path]) -> Result<(), PartsError> {
    paths.iter().try_for_each(|path| Ok(File::open(path)?.set_modified(SystemTime::UNIX_EPOCH)?))
}

/// Removes unfinished parts that a killed program left.
pub(crate) fn remove_unfinished(root: &Path) -> io::Result<()> {
    match fs::remove_dir_all(root.join(INCOMING)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
