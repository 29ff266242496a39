//! Parts of enclosures: objects named by the enclosure's row key and the part's number.
//!
//! The portal stores parts for the exchange, the console for the officers. Both see only ciphertext.

mod incoming;

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};
use tokio::task::spawn_blocking;

pub use incoming::IncomingPart;

/// Why a part could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// The object store failed, for example because the disk is full.
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
    /// The local directory failed, for example because the disk is full.
    #[error("the directory of parts failed")]
    File(#[from] std::io::Error),
    /// The part exists with other content.
    #[error("the part is there with other content")]
    OtherContent,
    /// The stored part has another size than the caller expects.
    #[error("the part has another size")]
    Size,
    /// A task was cancelled at shutdown.
    #[error("the store is shutting down")]
    Stopping,
}

impl PartsError {
    /// Whether the part is not there, or not whole.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Size | Self::Store(object_store::Error::NotFound { .. }))
    }
}

impl From<tokio::task::JoinError> for PartsError {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Stopping
    }
}

/// A store of enclosure parts. Clones share it.
#[derive(Clone)]
pub struct PartStore {
    store: Arc<dyn ObjectStore>,
    /// The directory of a local store. File times are reset there.
    root: Option<PathBuf>,
}

/// The URL does not name a usable store.
#[derive(Debug, thiserror::Error)]
pub enum BadPartsUrl {
    /// Not a scheme that this program was built with.
    #[error("enclosures are kept in file:PATH, or in s3://BUCKET with cargo feature s3")]
    Scheme,
    /// The directory or bucket cannot be used.
    #[error("the place for enclosures cannot be used")]
    Unusable(#[source] object_store::Error),
    /// The directory cannot be made.
    #[error("the directory for enclosures cannot be made")]
    Directory(#[source] std::io::Error),
}

impl PartStore {
    /// Opens `file:PATH`, or `s3://BUCKET` (credentials from the environment, cargo feature `s3`).
    pub fn open(url: &str) -> Result<Self, BadPartsUrl> {
        if let Some(path) = url.strip_prefix("file:") {
            return Self::directory(FilePath::new(path));
        }
        #[cfg(feature = "s3")]
        if url.starts_with("s3://") {
            let store = object_store::aws::AmazonS3Builder::from_env().with_url(url).build();
            return Ok(Self { store: Arc::new(store.map_err(BadPartsUrl::Unusable)?), root: None });
        }
        Err(BadPartsUrl::Scheme)
    }

    /// A local directory, created if missing.
    pub fn directory(path: &FilePath) -> Result<Self, BadPartsUrl> {
        std::fs::create_dir_all(path).map_err(BadPartsUrl::Directory)?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(BadPartsUrl::Unusable)?;
        Ok(Self { store: Arc::new(store), root: Some(path.to_owned()) })
    }

    /// Removes parts that were being received when the program was killed. To be called before any is received.
    pub fn remove_unfinished(&self) -> std::io::Result<()> {
        self.root.as_deref().map_or(Ok(()), incoming::remove_unfinished)
    }

    /// Begins to receive a part.
    pub async fn receive(&self) -> Result<IncomingPart, PartsError> {
        IncomingPart::begin(self.root.clone()).await
    }

    /// Stores a received part durably; storing the same content again is no error. Runs as a separate task: it ends
    /// even if the client disconnects.
    pub async fn keep(&self, part: IncomingPart, enclosure: i64, number: u32) -> Result<(), PartsError> {
        let (store, file) = (self.clone(), part.into_file()?);
        tokio::spawn(async move {
            let Some(root) = store.root.clone() else {
                let bytes = spawn_blocking(move || std::fs::read(file.path())).await??;
                return store.put_object(enclosure, number, bytes.into()).await;
            };
            let place = root.join(self::part(enclosure, number).as_ref());
            spawn_blocking(move || incoming::keep(file, &root, &place)).await?
        })
        .await?
    }

    /// Stores a part durably; storing the same content again is no error.
    pub async fn put(&self, enclosure: i64, number: u32, bytes: Bytes) -> Result<(), PartsError> {
        let mut part = self.receive().await?;
        part.write(bytes).await?;
        self.keep(part, enclosure, number).await
    }

    async fn put_object(&self, enclosure: i64, number: u32, bytes: Bytes) -> Result<(), PartsError> {
        let path = part(enclosure, number);
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&path, bytes.clone().into(), create).await {
            Err(object_store::Error::AlreadyExists { .. }) => {
                let kept = self.store.get(&path).await?.bytes().await?;
                if kept == bytes { Ok(()) } else { Err(PartsError::OtherContent) }
            }
            stored => Ok(stored.map(|_| ())?),
        }
    }

    /// Numbers and sizes in bytes of an enclosure's parts, in ascending order.
    pub async fn list(&self, enclosure: i64) -> Result<Vec<(u32, usize)>, PartsError> {
        let objects: Vec<_> = self.store.list(Some(&folder(enclosure))).try_collect().await?;
        let numbered = objects.into_iter().filter_map(|object| {
            let number = object.location.filename()?.parse().ok()?;
            Some((number, usize::try_from(object.size).ok()?))
        });
        let mut parts: Vec<_> = numbered.collect();
        parts.sort_unstable();
        Ok(parts)
    }

    /// Row keys of all enclosures that have a folder.
    pub async fn folders(&self) -> Result<Vec<i64>, PartsError> {
        let found = self.store.list_with_delimiter(None).await?.common_prefixes;
        let key = |prefix: &Path| i64::from_str_radix(prefix.filename()?, 16).ok();
        Ok(found.iter().filter_map(key).collect())
    }

    /// One part, which must have this size in bytes; nothing larger is read into memory.
    pub async fn part(&self, enclosure: i64, number: u32, size: usize) -> Result<Bytes, PartsError> {
        let found = self.store.get(&part(enclosure, number)).await?;
        if found.meta.size != size as u64 {
            return Err(PartsError::Size);
        }
        Ok(found.bytes().await?)
    }

    /// Removes an enclosure's parts; parts that do not exist are no error.
    pub async fn remove(&self, enclosure: i64) -> Result<(), PartsError> {
        for (number, _) in self.list(enclosure).await? {
            match self.store.delete(&part(enclosure, number)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if let Some(root) = &self.root {
            // An empty folder would show that there was an enclosure. It may have been removed before.
            let _ = std::fs::remove_dir(root.join(folder(enclosure).as_ref()));
        }
        Ok(())
    }
}

fn folder(enclosure: i64) -> Path {
    Path::from(format!("{enclosure:016x}"))
}

fn part(enclosure: i64, number: u32) -> Path {
    Path::from(format!("{enclosure:016x}/{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn parts_come_back_are_never_replaced_and_leave_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = PartStore::directory(folder.path()).expect("a store");
        for number in [1, 0] {
            store.put(7, number, Bytes::from_static(b"sealed")).await.expect("kept");
            store.put(7, number, Bytes::from_static(b"sealed")).await.expect("repeating is harmless");
        }
        let other = store.put(7, 1, Bytes::from_static(b"other")).await;
        assert!(matches!(other, Err(PartsError::OtherContent)));
        assert_eq!(store.list(7).await.expect("listed"), [(0, 6), (1, 6)]);
        assert_eq!(store.part(7, 1, 6).await.expect("there"), "sealed");
        assert!(matches!(store.part(7, 1, 5).await, Err(PartsError::Size)));
        assert!(store.part(7, 2, 6).await.is_err());
        store.remove(7).await.expect("removed");
        store.remove(7).await.expect("removed before");
        assert!(store.list(7).await.expect("listed").is_empty());
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file")).collect();
        assert_eq!(left.iter().map(std::fs::DirEntry::file_name).collect::<Vec<_>>(), ["incoming"]);
        assert_eq!(std::fs::read_dir(left[0].path()).expect("a folder").count(), 0);
    }

    /// R8 and L4 of the review: a part that was cut off by a kill stayed, and the folder had the time of the last one.
    #[tokio::test]
    async fn an_unfinished_part_is_removed_at_the_next_start_and_no_time_remains() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = PartStore::directory(folder.path()).expect("a store");
        let mut part = store.receive().await.expect("begun");
        part.write(Bytes::from_static(b"half of it")).await.expect("written");
        assert_eq!(part.size(), 10);
        let incoming = folder.path().join("incoming");
        let unfinished = || std::fs::read_dir(&incoming).map_or(0, Iterator::count);
        assert_eq!(unfinished(), 1);
        // What a killed program does not do.
        std::mem::forget(part);
        store.remove_unfinished().expect("removed");
        store.remove_unfinished().expect("removed before");
        assert_eq!(unfinished(), 0);
        store.put(7, 0, Bytes::from_static(b"sealed")).await.expect("kept");
        for path in ["", "incoming", "0000000000000007", "0000000000000007/0"] {
            let metadata = folder.path().join(path).metadata().expect("it is there");
            assert_eq!(metadata.modified().expect("a time"), std::time::SystemTime::UNIX_EPOCH, "{path}");
        }
        // A file that this process makes in any other way: the umask is the process's own.
        let (other, part) = (folder.path().join("other"), folder.path().join("0000000000000007/0"));
        std::fs::write(&other, b"").expect("written");
        let mode = |path: &std::path::Path| path.metadata().expect("it is there").permissions();
        assert_eq!(mode(&part), mode(&other), "the exchange reads it under another user");
        assert_eq!(store.folders().await.expect("listed"), [7]);
        drop(store.receive().await.expect("begun"));
        assert_eq!(unfinished(), 0, "a sender that hangs up leaves nothing");
        let time = incoming.metadata().expect("it is there").modified().expect("a time");
        assert_eq!(time, std::time::SystemTime::UNIX_EPOCH);
    }
}
