//! Checkpoints of the access log leave the house: to the witness, and to the portal for anyone.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, thread};

use actix_web::web::block;
use crypto::log::Checkpoint;
use crypto::witness::{ANSWER, Answer, SUBMISSION, Submission, read_cosigned};
use letterbox::PublicNote;
use recorder_protocol::{Client, Provable};

use super::{Exchange, Stopped};

/// How often an exchange looks for the witness's answer.
const LOOK: Duration = Duration::from_millis(50);

/// The folder that a witness reads from and writes to.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    pub(crate) folder: PathBuf,
    pub(crate) wait: Duration,
}

/// What the witness said, as far as the next question goes.
enum Said {
    /// Nothing that is new.
    Nothing,
    /// A checkpoint was cosigned.
    Cosigned,
    /// It needs the proof from this size on.
    From(u64),
}

impl Exchange {
    /// Takes in what the witness answered, leaves it the newest checkpoint, waits a little, and
    /// publishes the newest one at the portal. That a witness is away stops nothing.
    pub(super) async fn publish_checkpoint(&self) -> Result<(), Stopped> {
        let exchange = self.clone();
        let (note, asked) = block(move || exchange.newest()).await.map_err(|_| Stopped::Inside)??;
        self.letterbox.publish_note(PublicNote::Checkpoint, note).await?;
        asked
    }

    /// The newest checkpoint, cosigned if it is; and what became of asking the witness.
    fn newest(&self) -> Result<(String, Result<(), Stopped>), Stopped> {
        let register = &self.books.register;
        let mut client = self.recorder.connect()?;
        let held = register.log_held()?.held.ok_or(Stopped::Inside)?;
        let now = self.recorder.read(&held)?;
        let asked = self.passage.as_ref().map_or(Ok(()), |passage| self.ask(passage, &mut client, &held, now.size));
        let witnessed = self.witnessed()?.filter(|(_, at)| at.size == now.size).map(|(note, _)| note);
        Ok((witnessed.unwrap_or(held), asked))
    }

    /// The newest checkpoint that one of today's witnesses has cosigned: what another one cosigned
    /// before the root changed them proves nothing to a reporter.
    pub(super) fn witnessed(&self) -> Result<Option<(String, Checkpoint)>, Stopped> {
        let Some(note) = self.books.register.log_held()?.witnessed else { return Ok(None) };
        Ok(read_cosigned(&note, self.recorder.log(), &self.witnesses).ok().map(|at| (note, at)))
    }

    fn ask(&self, passage: &Passage, client: &mut Client, note: &str, size: u64) -> Result<(), Stopped> {
        let mut from = match self.said(passage)? {
            Said::From(size) => Some(size),
            _ => None,
        };
        // A second time when it saw more than its answers told, as after one that was lost.
        for _ in 0..2 {
            let witnessed = self.witnessed()?.map_or(0, |(_, at)| at.size);
            if witnessed == size {
                return Ok(());
            }
            let old = from.unwrap_or(witnessed);
            if old > size {
                // It has seen more of this log than there is.
                return Err(Stopped::Witness);
            }
            let proof = client.proof(Provable::Growth { from: old, to: size })?;
            let submission = Submission { old, proof, note: note.to_owned() };
            passage.write(&submission.to_text()).map_err(Stopped::Passage)?;
            match self.wait(passage)? {
                Said::From(size) => from = Some(size),
                Said::Nothing | Said::Cosigned => return Ok(()),
            }
        }
        Ok(())
    }

    fn wait(&self, passage: &Passage) -> Result<Said, Stopped> {
        let until = Instant::now() + passage.wait;
        loop {
            let said = self.said(passage)?;
            if !matches!(said, Said::Nothing) || Instant::now() >= until {
                return Ok(said);
            }
            thread::sleep(LOOK);
        }
    }

    /// Takes an answer in, and away: one that is refused must not be in the way of the next.
    fn said(&self, passage: &Passage) -> Result<Said, Stopped> {
        let path = passage.folder.join(ANSWER);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Said::Nothing),
            Err(error) => return Err(Stopped::Passage(error)),
        };
        fs::remove_file(path).map_err(Stopped::Passage)?;
        match Answer::parse(&text).map_err(Stopped::Answer)? {
            Answer::Cosigned(note) => {
                let at = read_cosigned(&note, self.recorder.log(), &self.witnesses).map_err(Stopped::Answer)?;
                self.continues(&at)?;
                self.books.register.keep_witnessed(at.size, note)?;
                Ok(Said::Cosigned)
            }
            Answer::Old(size) => Ok(Said::From(size)),
            Answer::Contradiction(_) => Err(Stopped::Witness),
        }
    }

    /// A cosigned checkpoint that is not of this log must not be taken for one that is.
    fn continues(&self, at: &Checkpoint) -> Result<(), Stopped> {
        let held = self.books.register.log_held()?.held.ok_or(Stopped::Inside)?;
        let held = self.recorder.read(&held)?;
        if at.size > held.size {
            return Err(Stopped::Witness);
        }
        let grown = self.recorder.connect()?.proof(Provable::Growth { from: at.size, to: held.size })?;
        held.continues(at, &grown).map_err(|_| Stopped::Witness)
    }
}

impl Passage {
    /// Writes a submission whole or not at all.
    fn write(&self, text: &str) -> io::Result<()> {
        let new = self.folder.join(format!("{SUBMISSION}.new"));
        let mut file = fs::File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(new, self.folder.join(SUBMISSION))
    }
}
