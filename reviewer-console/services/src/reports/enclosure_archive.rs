//! Reading enclosures: a list of names and sizes, and files one at a time. Nothing is ever unpacked to disk or
//! displayed. Memory use stays at one part, whatever the archive contains.

use std::io::{self, Read};

use bytes::Bytes;
use crypto::sealing::enclosure::{EnclosureSeed, EnclosureSize};
use enclosure_store::PartStore;
use human_text::{NamesTaken, safe_name};
use opening::HybridIdentity;
use tar::{Archive, EntryType};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Files that are listed at most: nobody looks through more, and an archive bomb has millions.
pub const MOST_FILES: u32 = 2000;
/// Bytes of an extended header at most. It holds a name or two; more is an attempt to fill memory.
const LONGEST_HEADER: u64 = 64 * 1024;
/// Bytes sent to the browser in one chunk.
const CHUNK: usize = 64 * 1024;

/// A file in an enclosure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Number among the files of the archive, from 1.
    pub number: u32,
    /// A name that is safe to show and to save under, and that no other file of the archive has.
    pub name: String,
    /// Whether `name` differs from the name in the archive.
    pub renamed: bool,
    /// Size in bytes, as the archive states it.
    pub size: u64,
}

/// List of what an enclosure holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The files in the archive's order, at most [`MOST_FILES`].
    pub files: Vec<ArchivedFile>,
    /// Number of entries that are not files: folders, links, devices. They are never followed.
    pub others: u32,
    /// Whether there are more entries than are listed, or the archive is damaged.
    pub cut: bool,
}

/// An enclosure in the console's store.
pub(crate) struct Enclosure {
    pub(crate) store: PartStore,
    pub(crate) row: i64,
    pub(crate) size: EnclosureSize,
    pub(crate) seed: EnclosureSeed,
    pub(crate) runtime: Handle,
}

impl Enclosure {
    /// Lists the enclosure. Blocks, and reads the whole archive.
    pub(crate) fn contents(&self) -> io::Result<Contents> {
        list(self.plain()?)
    }

    /// Passes the listing of a file to `start`, with a channel of its bytes. Blocks until all of them were taken.
    pub(crate) fn send_file(
        &self,
        number: u32,
        start: impl FnOnce(ArchivedFile, mpsc::Receiver<io::Result<Bytes>>),
    ) -> io::Result<()> {
        let mut archive = Archive::new(self.plain()?);
        let mut names = Names::default();
        for entry in archive.entries()?.raw(true) {
            let mut entry = entry?;
            let Some(listed) = names.next(&mut entry)? else { continue };
            if listed.number != number {
                continue;
            }
            let (sender, receiver) = mpsc::channel(2);
            start(listed, receiver);
            return send(&mut entry, &sender);
        }
        Err(io::ErrorKind::NotFound.into())
    }

    fn plain(&self) -> io::Result<impl Read + use<>> {
        let parts = Parts {
            store: self.store.clone(),
            row: self.row,
            next: 0,
            size: self.size,
            current: Bytes::new(),
            runtime: self.runtime.clone(),
        };
        HybridIdentity::from_seed(self.seed.expose()).open_stream(parts).map_err(io::Error::other)
    }
}

/// Sends the bytes of a file. A browser that closes the connection is no error.
fn send(file: &mut impl Read, sender: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    loop {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk);
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                let _ = sender.blocking_send(Err(io::Error::other("the enclosure is broken")));
                return Err(error);
            }
        };
        chunk.truncate(read);
        if read == 0 || sender.blocking_send(Ok(chunk.into())).is_err() {
            return Ok(());
        }
    }
}

/// Reads the stored parts as one stream.
struct Parts {
    store: PartStore,
    row: i64,
    next: u32,
    size: EnclosureSize,
    current: Bytes,
    runtime: Handle,
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.current.is_empty() && self.next < self.size.parts() {
            let size = self.size.part_size(self.next).unwrap_or_default();
            let part = self.runtime.block_on(self.store.part(self.row, self.next, size));
            self.current = part.map_err(io::Error::other)?;
            self.next += 1;
        }
        let taken = self.current.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&self.current.split_to(taken));
        Ok(taken)
    }
}

/// Lists an archive. One that is damaged or too long is listed as far as possible.
fn list(plain: impl Read) -> io::Result<Contents> {
    let mut archive = Archive::new(plain);
    let (mut contents, mut names) = (Contents::default(), Names::default());
    for entry in archive.entries()?.raw(true) {
        let Ok(mut entry) = entry else {
            contents.cut = true;
            break;
        };
        match names.next(&mut entry) {
            Ok(Some(_)) if names.files > MOST_FILES || names.others > MOST_FILES => {
                contents.cut = true;
                break;
            }
            Ok(Some(listed)) => contents.files.push(listed),
            Ok(None) => {}
            Err(_) => {
                contents.cut = true;
                break;
            }
        }
        if names.others > MOST_FILES {
            contents.cut = true;
            break;
        }
    }
    contents.others = names.others;
    Ok(contents)
}

/// Counts entries, and stores the long name that an extended header gives to the next file.
#[derive(Default)]
struct Names {
    files: u32,
    others: u32,
    long: Option<Vec<u8>>,
    taken: NamesTaken,
}

impl Names {
    /// The listing of an entry; none if it is not a file.
    fn next(&mut self, entry: &mut tar::Entry<'_, impl Read>) -> io::Result<Option<ArchivedFile>> {
        match entry.header().entry_type() {
            EntryType::XHeader => {
                self.long = pax_path(&header_text(entry)?)?;
                Ok(None)
            }
            EntryType::GNULongName => {
                let mut name = header_text(entry)?;
                name.retain(|byte| *byte != 0);
                self.long = Some(name);
                Ok(None)
            }
            EntryType::Regular | EntryType::Continuous => {
                self.files += 1;
                let name = self.long.take().unwrap_or_else(|| entry.path_bytes().into_owned());
                let raw = String::from_utf8_lossy(&name).into_owned();
                let number = usize::try_from(self.files).map_err(io::Error::other)?;
                let name = self.taken.unique(safe_name(&raw, number), number);
                let (number, renamed) = (self.files, name != raw);
                Ok(Some(ArchivedFile { number, name, renamed, size: entry.size() }))
            }
            _ => {
                self.long = None;
                self.others += 1;
                Ok(None)
            }
        }
    }
}

fn header_text(entry: &mut tar::Entry<'_, impl Read>) -> io::Result<Vec<u8>> {
    if entry.size() > LONGEST_HEADER {
        return Err(io::Error::other("an extended header is too long"));
    }
    let mut text = Vec::new();
    entry.take(LONGEST_HEADER).read_to_end(&mut text)?;
    Ok(text)
}

/// The name in an extended header. A header that changes a size is refused: two readers would see two different
/// archives.
fn pax_path(text: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut path = None;
    for extension in tar::PaxExtensions::new(text) {
        let extension = extension?;
        match extension.key_bytes() {
            b"path" => path = Some(extension.value_bytes().to_vec()),
            b"size" => return Err(io::Error::other("an extended header changes a size")),
            _ => {}
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(archive: &mut tar::Builder<Vec<u8>>, kind: EntryType, name: &[u8], content: &[u8]) {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.as_old_mut().name[..name.len()].copy_from_slice(name);
        header.set_cksum();
        archive.append(&header, content).expect("appended");
    }

    #[test]
    fn only_files_are_listed_and_long_names_are_read() {
        let mut archive = tar::Builder::new(Vec::new());
        entry(&mut archive, EntryType::Directory, b"folder/", b"");
        entry(&mut archive, EntryType::Symlink, b"link", b"");
        entry(&mut archive, EntryType::XHeader, b"pax", "32 path=photos/暗管照片.jpg\n".as_bytes());
        entry(&mut archive, EntryType::Regular, b"short", b"picture");
        entry(&mut archive, EntryType::GNULongName, b"long", b"long name.txt\0");
        entry(&mut archive, EntryType::Regular, b"short", b"text");
        let archive = archive.into_inner().expect("an archive");
        let contents = list(archive.as_slice()).expect("listed");
        let names: Vec<_> = contents.files.iter().map(|file| (file.number, file.name.as_str(), file.size)).collect();
        assert_eq!(names, [(1, "暗管照片.jpg", 7), (2, "long name.txt", 4)]);
        assert!(contents.files[0].renamed && !contents.files[1].renamed);
        assert_eq!((contents.others, contents.cut), (2, false));
    }

    #[test]
    fn bombs_take_neither_memory_nor_time() {
        let mut many = tar::Builder::new(Vec::new());
        for _ in 0..MOST_FILES + 10 {
            entry(&mut many, EntryType::Regular, b"x", b"");
        }
        let contents = list(many.into_inner().expect("an archive").as_slice()).expect("listed");
        assert_eq!((contents.files.len(), contents.cut), (MOST_FILES as usize, true));
        for kind in [EntryType::XHeader, EntryType::GNULongName] {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(u64::MAX / 2);
            header.set_cksum();
            let endless = io::Read::chain(header.as_bytes().as_slice(), io::repeat(b'9'));
            assert!(list(endless).expect("listed").cut);
        }
        let mut broken = tar::Builder::new(Vec::new());
        entry(&mut broken, EntryType::Regular, b"whole", b"text");
        entry(&mut broken, EntryType::XHeader, b"pax", b"18 size=999999999\n");
        let contents = list(broken.into_inner().expect("an archive").as_slice()).expect("listed");
        assert_eq!((contents.files.len(), contents.cut), (1, true));
    }
}
