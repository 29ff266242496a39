//! Parts of enclosures: objects named by the enclosure's row key and the part's number.
//!
//! The portal stores parts for the exchange, the console for the officers. Both see only ciphertext.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};

/// Why a part could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// The object store failed, for example because the disk is full.
    #[error("the object store failed")]
    Store(#[from] object_store::Error),
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

    /// A local directory, created if missing. `with_fsync`: an acknowledged part must survive a power cut, and the
    /// library does not sync by default.
    pub fn directory(path: &FilePath) -> Result<Self, BadPartsUrl> {
        std::fs::create_dir_all(path).map_err(BadPartsUrl::Directory)?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(BadPartsUrl::Unusable)?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), root: Some(path.to_owned()) })
    }

    /// Stores a part durably; storing the same content again is no error. Runs as a separate task: if the client
    /// disconnects halfway, the file's time is reset all the same.
    pub async fn put(&self, enclosure: i64, number: u32, bytes: Bytes) -> Result<(), PartsError> {
        let store = self.clone();
        tokio::spawn(async move { store.put_whole(enclosure, number, bytes).await }).await?
    }

    async fn put_whole(&self, enclosure: i64, number: u32, bytes: Bytes) -> Result<(), PartsError> {
        let path = part(enclosure, number);
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&path, bytes.clone().into(), create).await {
            Ok(_) => {}
            Err(object_store::Error::AlreadyExists { .. }) => {
                let kept = self.store.get(&path).await?.bytes().await?;
                if kept != bytes {
                    return Err(PartsError::OtherContent);
                }
            }
            Err(error) => return Err(error.into()),
        }
        self.blur_times(enclosure, number).await
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

    /// Sets the modification times of a part and of its folder to the epoch: the real ones would show to the second
    /// when it was sent. (The file system's change time remains: SECURITY.md.)
    async fn blur_times(&self, enclosure: i64, number: u32) -> Result<(), PartsError> {
        let Some(root) = &self.root else { return Ok(()) };
        let paths = [part(enclosure, number), folder(enclosure)].map(|path| root.join(path.as_ref()));
        tokio::task::spawn_blocking(move || {
            let blur = |path: PathBuf| std::fs::File::open(path)?.set_modified(std::time::SystemTime::UNIX_EPOCH);
            paths.into_iter().try_for_each(blur)
        })
        .await?
        .map_err(|source| PartsError::Store(object_store::Error::Generic { store: "parts", source: Box::new(source) }))
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
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
