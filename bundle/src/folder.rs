//! The folder in which bundles pass from one side to the other: a stick, a share, or a folder of the machine.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::direction::Direction;
use crate::error::BundleError;
use crate::head::BundleHead;

/// A folder of bundles, by its path. The other side can write into it too: nothing in it is believed.
#[derive(Clone, Debug)]
pub struct BundleFolder(PathBuf);

impl BundleFolder {
    /// A folder, which need not be there yet: a stick comes later.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The folder's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether the folder is there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.0.is_dir()
    }

    /// The files that are named like bundles of one direction, in the order of their numbers.
    pub fn bundles<S: Direction>(&self) -> Result<Vec<PathBuf>, BundleError> {
        self.named::<S>("bundle")
    }

    /// Bundles that were finished and not published.
    pub(crate) fn unpublished<S: Direction>(&self) -> Result<Vec<PathBuf>, BundleError> {
        self.named::<S>("new")
    }

    /// What was being written when a power cut came.
    pub(crate) fn unfinished<D: Direction>(&self) -> Result<Vec<PathBuf>, BundleError> {
        let prefix = format!(".{}-", D::NAME);
        let is_ours = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(&prefix) && path.extension().is_some_and(|extension| extension == "new")
        };
        Ok(self.files()?.into_iter().filter(is_ours).collect())
    }

    /// The regular files: opening anything else that somebody put there could block for ever.
    fn files(&self) -> Result<Vec<PathBuf>, BundleError> {
        let mut files = Vec::new();
        for file in fs::read_dir(&self.0)? {
            let file = file?;
            if file.file_type()?.is_file() {
                files.push(file.path());
            }
        }
        Ok(files)
    }

    fn named<S: Direction>(&self, extension: &str) -> Result<Vec<PathBuf>, BundleError> {
        let mut found = Vec::new();
        for path in self.files()? {
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            let number = name.strip_prefix(S::NAME).and_then(|rest| rest.rsplit('-').next()?.parse::<u64>().ok());
            let is_named = path.extension().is_some_and(|found| found == extension);
            if let Some(number) = number.filter(|_| is_named) {
                found.push((number, path));
            }
        }
        found.sort();
        Ok(found.into_iter().map(|(_, path)| path).collect())
    }

    /// Removes bundles of one direction, all but those with these heads. Those that are gone already are no error.
    pub fn remove_all_but<S: Direction>(&self, keep: &[BundleHead<S>]) -> Result<(), BundleError> {
        let keep: Vec<PathBuf> = keep.iter().map(|head| self.place(head)).collect();
        for path in self.bundles::<S>()?.into_iter().filter(|path| !keep.contains(path)) {
            self.remove(&path)?;
        }
        Ok(())
    }

    /// Removes a file of the folder, if it is there.
    pub fn remove(&self, path: &Path) -> Result<(), BundleError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The path of the bundle with this head.
    pub(crate) fn place<S: Direction>(&self, head: &BundleHead<S>) -> PathBuf {
        self.0.join(format!("{}-{}-{:010}.bundle", S::NAME, head.epoch.to_hex(), head.number))
    }

    /// Makes names durable.
    pub(crate) fn sync(&self) -> Result<(), BundleError> {
        Ok(File::open(&self.0)?.sync_all()?)
    }
}
