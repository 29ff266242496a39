//! Writing a bundle: records one after the other, the head at the end, and its name only when it is whole.

use std::fs::{self, File, Permissions};
use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};
use std::marker::PhantomData;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use model::Digest;
use sha2::{Digest as _, Sha256};
use signing::NoteSigningKey;
use tempfile::NamedTempFile;

use crate::LARGEST;
use crate::direction::Direction;
use crate::error::{BundleError, WrongBundle};
use crate::folder::BundleFolder;
use crate::head::BundleHead;

/// Bytes at the beginning of a file, for the notes that say what it is.
pub(crate) const HEAD: usize = 16 * 1024;
/// Bytes of the two lengths before each record; both are 0 at the end.
pub(crate) const LENGTHS: usize = 8;
/// The smallest size of a bundle. Sizes are multiples of it …
const STEP: u64 = 256 * 1024;
/// … and above some of them of this part of a power of two, so that a size says little about what is inside.
const PART: u64 = 8;

/// The size of a bundle with so many bytes after its head: at most an eighth more, above 2 MiB.
fn padded(after_head: u64) -> u64 {
    let bytes = HEAD as u64 + after_head;
    bytes.next_multiple_of((bytes.next_power_of_two() / 2 / PART).max(STEP))
}

/// A bundle that is being written. Dropped before it is finished, it leaves nothing.
pub struct BundleWriter<S> {
    folder: BundleFolder,
    file: BufWriter<NamedTempFile>,
    hash: Sha256,
    written: u64,
    direction: PhantomData<S>,
}

impl<S: Direction> BundleWriter<S> {
    /// Begins a bundle in a folder.
    pub fn begin(folder: &BundleFolder) -> Result<Self, BundleError> {
        // For the group too: on one machine the two sides are two users. The umask decides.
        let shared = Permissions::from_mode(0o660);
        let prefix = format!(".{}-", S::NAME);
        let mut named = tempfile::Builder::new();
        let file = named.permissions(shared).prefix(&prefix).suffix(".new").tempfile_in(folder.path())?;
        let mut file = BufWriter::with_capacity(1024 * 1024, file);
        file.write_all(&[0; HEAD])?;
        Ok(Self { folder: folder.clone(), file, hash: Sha256::new(), written: 0, direction: PhantomData })
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written == 0
    }

    /// Adds a record. False if the file would become too large: the record belongs into the next bundle.
    pub fn add(&mut self, record: &S::Record, bytes: &[u8]) -> Result<bool, BundleError> {
        let text = serde_json::to_vec(record).map_err(|_| WrongBundle::Record)?;
        let after = self.written + (LENGTHS + text.len() + bytes.len()) as u64;
        if padded(after + LENGTHS as u64) > LARGEST {
            return if self.is_empty() { Err(BundleError::TooLarge) } else { Ok(false) };
        }
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).map(u32::to_be_bytes).map_err(|_| BundleError::TooLarge);
        for piece in [&length(&text)?, &length(bytes)?, text.as_slice(), bytes] {
            self.write(piece)?;
        }
        Ok(true)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        self.hash.update(bytes);
        self.written += bytes.len() as u64;
        Ok(self.file.write_all(bytes)?)
    }

    /// Pads and signs it. `head` says everything but length and digest of the body; `year` is the root's note that names
    /// the key, in an outward bundle. The file has its final name only after [`FinishedBundle::publish`].
    pub fn finish(
        mut self,
        head: BundleHead<S>,
        key: &NoteSigningKey<S::Key>,
        year: Option<&str>,
    ) -> Result<FinishedBundle<S>, BundleError> {
        self.write(&[0; LENGTHS])?;
        let mut left = padded(self.written) - HEAD as u64 - self.written;
        while left > 0 {
            let some = left.min(STEP);
            self.write(&vec![0; usize::try_from(some).map_err(|_| BundleError::TooLarge)?])?;
            left -= some;
        }
        let body = Digest::from(<[u8; 32]>::from(self.hash.finalize()));
        let head = BundleHead { length: self.written, body, ..head };
        let notes = format!("{}\0{}\0", key.sign_note(&head)?, year.unwrap_or_default());
        if notes.len() > HEAD {
            return Err(BundleError::TooLarge);
        }
        let mut file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(notes.as_bytes())?;
        file.as_file().sync_all()?;
        let finished = FinishedBundle { place: self.folder.place(&head), folder: self.folder, head };
        file.persist(finished.unpublished()).map_err(|error| error.error)?;
        finished.folder.sync()?;
        Ok(finished)
    }
}

/// A bundle that is whole and durable under a temporary name. What it means for the side that writes it is stored before
/// it is published: after a power cut in between it is published at the next start.
pub struct FinishedBundle<S> {
    folder: BundleFolder,
    place: PathBuf,
    /// Its head.
    pub head: BundleHead<S>,
}

impl<S: Direction> FinishedBundle<S> {
    fn unpublished(&self) -> PathBuf {
        self.place.with_extension("new")
    }

    /// Gives the bundle its name, by which the other side finds it.
    pub fn publish(self) -> Result<BundleHead<S>, BundleError> {
        fs::rename(self.unpublished(), &self.place)?;
        self.folder.sync()?;
        Ok(self.head)
    }
}

impl BundleFolder {
    /// Publishes a bundle that was finished and stored before a power cut, and removes what was not.
    pub fn recover<S: Direction>(&self, last: Option<&BundleHead<S>>) -> Result<(), BundleError> {
        for path in self.unfinished::<S>()? {
            fs::remove_file(&path)?;
        }
        for path in self.unpublished::<S>()? {
            let place = path.with_extension("bundle");
            let is_last = last.is_some_and(|head| self.place(head) == place);
            let kept = is_last && File::open(&path).is_ok() && !place.exists();
            if kept { fs::rename(&path, &place)? } else { fs::remove_file(&path)? }
        }
        self.sync()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_say_little() {
        let head = HEAD as u64;
        assert_eq!([1, STEP - head, STEP - head + 1].map(padded), [STEP, STEP, 2 * STEP]);
        assert_eq!(padded(LARGEST - head), LARGEST);
        for bytes in [3 << 20, (5 << 20) + 7, (64 << 20) - 1, (700 << 20) + 1] {
            let size = padded(bytes);
            assert!(size >= bytes + head && size - bytes <= bytes / 8 + head, "{bytes}: {size}");
        }
    }
}
