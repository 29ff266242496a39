//! Files that came with a letter: listing them, and reading them one at a time.

use bytes::Bytes;
use model::{LetterDigest, Purpose};
use recorder_protocol::{ListEnclosure, ReadFile, Recorded};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::enclosure_archive::{ArchivedFile, Contents, Enclosure};

/// An enclosure of a report that this session has opened.
#[derive(Clone, Copy)]
pub struct EnclosureOf {
    /// Number of the report.
    pub report: u64,
    /// Letter that the enclosure came with.
    pub letter: LetterDigest,
    /// Purpose of reading it, for the log.
    pub purpose: Purpose,
}

/// Lists an enclosure, which is recorded first. Blocks, and reads the whole archive; `runtime` drives the store.
pub fn list_enclosure(actor: &Actor, which: EnclosureOf, runtime: Handle) -> Result<Contents, ConsoleError> {
    let enclosure = find(actor, which, runtime)?;
    let recorded = actor.record(ListEnclosure { letter: which.letter, purpose: which.purpose })?;
    let contents = listed(recorded, &enclosure)?;
    if let Some(opened) = actor.session.opened().get_mut(&which.letter) {
        // A fact sheet is compared with these names later. An empty archive counts as listed too.
        opened.files = contents.files.iter().map(|file| file.name.clone()).collect();
        opened.unlisted = false;
    }
    Ok(contents)
}

fn listed(recorded: Recorded<ListEnclosure>, enclosure: &Enclosure) -> Result<Contents, ConsoleError> {
    let ListEnclosure { .. } = recorded.into_action();
    enclosure.contents().map_err(|error| ConsoleError::Enclosure(Box::new(error)))
}

/// A file that is being read: its listing, and its bytes as they are decrypted.
pub struct ReadingFile {
    /// Number, name and size of the file.
    pub listed: ArchivedFile,
    /// Content of the file. If the enclosure is damaged, it ends with an error before the announced size.
    pub bytes: mpsc::Receiver<std::io::Result<Bytes>>,
}

/// Permission to read one file of an enclosure, once the reading is recorded.
pub struct PermittedFile {
    recorded: Recorded<ReadFile>,
    enclosure: Enclosure,
}

/// Has the recorder log the reading of a file; `file` is its number in the listing. Blocks.
pub fn permit_file(
    actor: &Actor,
    which: EnclosureOf,
    file: u32,
    runtime: Handle,
) -> Result<PermittedFile, ConsoleError> {
    let enclosure = find(actor, which, runtime)?;
    let recorded = actor.record(ReadFile { letter: which.letter, file, purpose: which.purpose })?;
    Ok(PermittedFile { recorded, enclosure })
}

/// Starts reading the file whose reading was recorded.
pub async fn read_file(permitted: PermittedFile) -> Result<ReadingFile, ConsoleError> {
    let PermittedFile { recorded, enclosure } = permitted;
    let ReadFile { file, .. } = recorded.into_action();
    let (started, begun) = oneshot::channel();
    let reading = spawn_blocking(move || {
        enclosure.send_file(file, |listed, bytes| {
            let _ = started.send(ReadingFile { listed, bytes });
        })
    });
    let Ok(begun) = begun.await else {
        let failed = reading.await.map_err(ConsoleError::inside)?.err();
        let failed = failed.unwrap_or_else(|| std::io::ErrorKind::NotFound.into());
        return Err(ConsoleError::Enclosure(Box::new(failed)));
    };
    Ok(begun)
}

/// The enclosure of a letter that this session has opened. Nothing else holds its key in clear.
fn find(actor: &Actor, which: EnclosureOf, runtime: Handle) -> Result<Enclosure, ConsoleError> {
    let opened = actor.session.opened();
    let opened = opened.get(&which.letter).filter(|opened| opened.report == which.report);
    let seed = opened.ok_or(ConsoleError::NotFound)?.enclosure.clone().ok_or(ConsoleError::NotFound)?;
    let (row, size) = actor.register().whole_enclosure(which.letter)?.ok_or(ConsoleError::NotFound)?;
    let size = usize::try_from(size).ok().and_then(|size| size.try_into().ok()).ok_or(ConsoleError::Unsound)?;
    Ok(Enclosure { store: actor.resources.enclosures.clone(), row, size, seed, runtime })
}
