//! Backups: a folder with copies of databases and files, and a list of their SHA-256 digests. A restore checks every
//! digest before it writes, and never overwrites.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use sha2::{Digest as _, Sha256};

use crate::{AnyConnection, DatabaseError, DatabaseUrl};

/// The list of files. Written last, so a folder without it is an unfinished backup.
const LIST: &str = "backup.list";
/// First line of the list.
const FORMAT: &str = "qingniao backup v1";

/// A backup in progress, or one opened for restoring.
pub struct Backup {
    folder: PathBuf,
    kind: String,
    /// Digest and path of each file, relative to the folder.
    files: Vec<(String, String)>,
}

/// Why a backup was not made or not restored. Existing files and databases are never overwritten.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The destination exists: a backup never replaces another, a restore never replaces data.
    #[error("{0} is there already")]
    Exists(String),
    /// Reading or writing a file failed, for example because the disk is full.
    #[error("{0} cannot be read or written")]
    Io(String, #[source] io::Error),
    /// The database could not be copied.
    #[error("the database cannot be copied")]
    Database(#[from] DatabaseError),
    /// A PostgreSQL program (`pg_dump`, `pg_restore`) failed or could not be started.
    #[error("{0} failed; is it installed, and can it reach the database?")]
    Program(&'static str),
    /// The folder holds no complete backup of this kind.
    #[error("{0} holds no whole backup of {1}")]
    NotOne(String, String),
    /// Another program writes into the database that is being restored.
    #[error("{0} is in use")]
    InUse(String),
    /// A file's digest differs from the one in the list.
    #[error("{0} was altered since the backup was made")]
    Altered(String),
}

impl Backup {
    /// Begins a backup in a folder that must not exist yet; the folder is created with mode 0700.
    pub fn begin(folder: &Path, kind: &str) -> Result<Self, BackupError> {
        if folder.exists() {
            return Err(BackupError::Exists(folder.display().to_string()));
        }
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| failed(folder, error))?;
        Ok(Self { folder: folder.to_owned(), kind: kind.to_owned(), files: Vec::new() })
    }

    /// Copies a SQLite database while it is in use.
    pub fn sqlite(&mut self, name: &str, database: &Path) -> Result<(), BackupError> {
        let to = self.folder.join(name);
        let mut connection = AnyConnection::to(&DatabaseUrl::Sqlite(database.to_owned()))?;
        let quoted = to.to_str().ok_or(DatabaseError::Corrupt)?.replace('\'', "''");
        connection.batch_execute(&format!("VACUUM INTO '{quoted}'")).map_err(DatabaseError::from)?;
        self.list(name)
    }

    /// Dumps a PostgreSQL database with `pg_dump`, which must be installed.
    pub fn postgres(&mut self, name: &str, url: &str) -> Result<(), BackupError> {
        let dump = std::process::Command::new("pg_dump")
            .args(["--format=custom", "--no-owner", "--no-privileges", "--file"])
            .arg(self.folder.join(name))
            .arg(url)
            .status();
        if dump.is_ok_and(|status| status.success()) { self.list(name) } else { Err(BackupError::Program("pg_dump")) }
    }

    /// Copies a folder and everything in it; a missing folder counts as empty. A file that disappears meanwhile was
    /// collected by the exchange, which is no error.
    pub fn folder(&mut self, name: &str, from: &Path) -> Result<(), BackupError> {
        let to = self.folder.join(name);
        fs::DirBuilder::new().mode(0o700).create(&to).map_err(|error| failed(&to, error))?;
        let entries = match fs::read_dir(from) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(from, error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| failed(from, error))?;
            let inside = format!("{name}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.folder(&inside, &entry.path())?;
            } else if copy(&entry.path(), &self.folder.join(&inside))? {
                self.list(&inside)?;
            }
        }
        Ok(())
    }

    /// Copies one file; a missing file is an error.
    pub fn file(&mut self, name: &str, from: &Path) -> Result<(), BackupError> {
        if copy(from, &self.folder.join(name))? {
            self.list(name)
        } else {
            Err(failed(from, io::ErrorKind::NotFound.into()))
        }
    }

    /// Writes the list and returns the number of files.
    pub fn finish(self) -> Result<usize, BackupError> {
        let path = self.folder.join(LIST);
        let mut lines = vec![FORMAT.to_owned(), self.kind.clone()];
        lines.extend(self.files.iter().map(|(digest, name)| format!("{digest}  {name}")));
        write_new(&path, (lines.join("\n") + "\n").as_bytes())?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(&self.folder, error))?;
        Ok(self.files.len())
    }

    /// Opens a backup and checks every digest.
    pub fn open(folder: &Path, kind: &str) -> Result<Self, BackupError> {
        let none = || BackupError::NotOne(folder.display().to_string(), kind.to_owned());
        let text = fs::read_to_string(folder.join(LIST)).map_err(|_| none())?;
        let mut lines = text.lines();
        if lines.next() != Some(FORMAT) || lines.next() != Some(kind) {
            return Err(none());
        }
        let mut files = Vec::new();
        for line in lines {
            let (digest, name) = line.split_once("  ").ok_or_else(none)?;
            if Path::new(name).components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
                return Err(none());
            }
            let path = folder.join(name);
            if digest_of(&path).map_err(|error| failed(&path, error))? != digest {
                return Err(BackupError::Altered(path.display().to_string()));
            }
            files.push((digest.to_owned(), name.to_owned()));
        }
        Ok(Self { folder: folder.to_owned(), kind: kind.to_owned(), files })
    }

    /// Copies files and folders of the backup to their places, given as (name in the backup, destination). Every
    /// destination must be missing or an empty folder. Files without a place are skipped.
    pub fn restore(&self, places: &[(&str, PathBuf)]) -> Result<(), BackupError> {
        for (_, to) in places {
            let empty = to.is_dir() && fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_none());
            if to.exists() && !empty {
                return Err(BackupError::Exists(to.display().to_string()));
            }
        }
        for (_, name) in &self.files {
            let place = places.iter().find_map(|(prefix, to)| {
                let rest = name.strip_prefix(prefix)?;
                if rest.is_empty() { Some(to.clone()) } else { Some(to.join(rest.strip_prefix('/')?)) }
            });
            let Some(to) = place else { continue };
            if let Some(parent) = to.parent() {
                let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(parent);
                made.map_err(|error| failed(parent, error))?;
            }
            copy(&self.folder.join(name), &to)?;
        }
        Ok(())
    }

    /// Restores a SQLite file, which `prepare` changes under another name first: a cut at any moment leaves either no
    /// database or a prepared one, never one that still believes itself the original. Nothing is overwritten.
    pub fn restore_sqlite(
        &self,
        name: &str,
        to: &Path,
        prepare: impl FnOnce(&Path) -> Result<(), Box<dyn std::error::Error>>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        // SQLite would apply a write-ahead log left from another file to the restored one.
        for there in [to.to_owned(), beside(to, "-wal")] {
            if there.exists() {
                return Err(BackupError::Exists(there.display().to_string()).into());
            }
        }
        let unready = beside(to, ".restoring");
        let remove_logs = || ["-wal", "-shm"].into_iter().try_for_each(|end| remove(&beside(&unready, end)));
        // What an earlier run left, which was cut.
        remove(&unready)?;
        remove_logs()?;
        self.restore(&[(name, unready.clone())])?;
        prepare(&unready)?;
        let mut connection = AnyConnection::to(&DatabaseUrl::Sqlite(unready.clone()))?;
        connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").map_err(DatabaseError::from)?;
        drop(connection);
        if fs::metadata(beside(&unready, "-wal")).is_ok_and(|log| log.len() > 0) {
            return Err(BackupError::InUse(unready.display().to_string()).into());
        }
        fs::rename(&unready, to).map_err(|error| failed(to, error))?;
        remove_logs()?;
        sync_folder_of(to)?;
        Ok(())
    }

    /// Restores a dump into an empty PostgreSQL database with `pg_restore`, in one transaction.
    pub fn restore_postgres(&self, name: &str, url: &str) -> Result<(), BackupError> {
        let restored = std::process::Command::new("pg_restore")
            .args(["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--dbname"])
            .arg(url)
            .arg(self.folder.join(name))
            .status();
        if restored.is_ok_and(|status| status.success()) { Ok(()) } else { Err(BackupError::Program("pg_restore")) }
    }

    fn list(&mut self, name: &str) -> Result<(), BackupError> {
        let path = self.folder.join(name);
        let synced = File::open(&path).and_then(|file| file.sync_all()).and_then(|()| digest_of(&path));
        self.files.push((synced.map_err(|error| failed(&path, error))?, name.to_owned()));
        Ok(())
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn remove(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, error)),
        _ => Ok(()),
    }
}

fn sync_folder_of(file: &Path) -> Result<(), BackupError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(folder, error))
}

fn failed(path: &Path, error: io::Error) -> BackupError {
    BackupError::Io(path.display().to_string(), error)
}

/// Returns false if the source does not exist.
fn copy(from: &Path, to: &Path) -> Result<bool, BackupError> {
    let mut source = match File::open(from) {
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(from, error)),
    };
    let mut target =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).map_err(|error| failed(to, error))?;
    io::copy(&mut source, &mut target).map_err(|error| failed(to, error))?;
    target.sync_all().map_err(|error| failed(to, error))?;
    Ok(true)
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = opened.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| failed(path, error))
}

fn digest_of(path: &Path) -> io::Result<String> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_backed_up_comes_back_and_nothing_is_overwritten() {
        let place = tempfile::tempdir().expect("a folder");
        let at = |name: &str| place.path().join(name);
        fs::create_dir_all(at("data/parts/7")).expect("a folder");
        fs::write(at("data/parts/7/0"), b"sealed").expect("written");
        let mut connection = AnyConnection::to(&DatabaseUrl::Sqlite(at("data/x.sqlite"))).expect("connected");
        connection.batch_execute("CREATE TABLE x (y TEXT); INSERT INTO x VALUES ('kept');").expect("made");
        let mut backup = Backup::begin(&at("backup"), "test").expect("begun");
        backup.sqlite("x.sqlite", &at("data/x.sqlite")).expect("copied");
        backup.folder("parts", &at("data/parts")).expect("copied");
        backup.folder("none", &at("data/none")).expect("nothing to copy");
        assert_eq!(backup.finish().expect("finished"), 2);
        assert!(matches!(Backup::begin(&at("backup"), "test"), Err(BackupError::Exists(_))));

        let backup = Backup::open(&at("backup"), "test").expect("whole");
        let places = [("parts", at("new/parts"))];
        backup.restore(&places).expect("restored");
        assert_eq!(fs::read(at("new/parts/7/0")).expect("there"), b"sealed");
        assert!(matches!(backup.restore(&places), Err(BackupError::Exists(_))));
        assert!(matches!(Backup::open(&at("backup"), "other"), Err(BackupError::NotOne(..))));
        fs::write(at("backup/parts/7/0"), b"Sealed").expect("altered");
        assert!(matches!(Backup::open(&at("backup"), "test"), Err(BackupError::Altered(_))));
        fs::remove_file(at("backup/backup.list")).expect("removed");
        assert!(matches!(Backup::open(&at("backup"), "test"), Err(BackupError::NotOne(..))));
    }

    #[test]
    fn a_restored_database_has_its_name_only_when_it_is_prepared() {
        let place = tempfile::tempdir().expect("a folder");
        let at = |name: &str| place.path().join(name);
        let open = |file: &Path| AnyConnection::to(&DatabaseUrl::Sqlite(file.to_owned())).expect("connected");
        open(&at("old")).batch_execute("CREATE TABLE x (y TEXT); INSERT INTO x VALUES ('kept');").expect("made");
        let mut backup = Backup::begin(&at("backup"), "test").expect("begun");
        backup.sqlite("x", &at("old")).expect("copied");
        backup.finish().expect("finished");
        let backup = Backup::open(&at("backup"), "test").expect("whole");

        let cut = backup.restore_sqlite("x", &at("new"), |file| {
            open(file).batch_execute("UPDATE x SET y = 'half'")?;
            Err("cut".into())
        });
        assert!(cut.is_err() && !at("new").exists());
        // Still open at the end, as a writing thread is for a moment.
        let mut held = None;
        let prepared = backup.restore_sqlite("x", &at("new"), |file| {
            held.insert(open(file)).batch_execute("INSERT INTO x VALUES ('prepared')")?;
            Ok(())
        });
        prepared.expect("restored after a cut");
        drop(held);
        let bytes = fs::read(at("new")).expect("there");
        let has = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(has(b"kept") && has(b"prepared") && !has(b"half"));
        let left: Vec<_> = fs::read_dir(place.path()).expect("read").flatten().map(|entry| entry.file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("restoring")), "{left:?}");

        let nothing = |_: &Path| Ok(());
        assert!(backup.restore_sqlite("x", &at("new"), nothing).is_err());
        fs::write(at("other-wal"), b"left behind").expect("written");
        assert!(backup.restore_sqlite("x", &at("other"), nothing).is_err());
    }
}
