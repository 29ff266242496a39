//! The command line of the witness.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::{Parser, Subcommand};
use confinement::Rights;
use crypto::keys::note_key::NoteKey;
use opening::{KeyFolder, WitnessSigningKey};

use crate::checkpoint_folder::CheckpointFolder;
use crate::seen::{self, Seen};

const KEY: &str = "witness.key";
/// Interval at which a watching witness checks for a new checkpoint.
const LOOK: Duration = Duration::from_millis(200);

/// Witness of a Qingniao access log: cosigns its checkpoints if it has only grown.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Folder of the witness's key and of the last checkpoint it has seen.
    #[arg(long)]
    folder: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Creates the witness's key; prints its public half, for the root to sign.
    Init {
        /// Name under which it signs, such as `auditor.example/witness`.
        #[arg(long)]
        name: String,
    },
    /// Cosigns the checkpoint that waits in a folder, once.
    Cosign(Of),
    /// Cosigns every new checkpoint until it is stopped.
    Watch(Of),
    /// Confines this process as `watch` is, and tries to leave the confinement from inside.
    CheckConfinement(Of),
}

#[derive(clap::Args)]
struct Of {
    /// The log's public key, `NAME/log+…`, as signed by the root.
    #[arg(long)]
    log: String,
    /// Folder in which console and witness exchange files.
    #[arg(long)]
    checkpoint_folder: PathBuf,
    /// Refuses to start unless the process can be confined.
    #[arg(long)]
    require_confinement: bool,
}

/// What a watching witness may still do: its own folder and the one that it shares with a console.
fn rights(folder: &Path, of: &Of) -> Rights {
    Rights { writes: vec![folder.to_owned(), Rights::mount(&of.checkpoint_folder)], ..Rights::default() }
}

/// Runs the program with its command-line arguments and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::process::run_with_keys("witness", || run(&arguments))
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    match &arguments.command {
        Command::Init { name } => {
            let key = KeyFolder::create(&arguments.folder)?.new_witness(KEY, name)?;
            println!("witness {}", key.public());
            Ok(())
        }
        Command::Cosign(of) => {
            let (key, log) = keys(&arguments.folder, of)?;
            let looked = look(&Seen::at(&arguments.folder), &CheckpointFolder::at(&of.checkpoint_folder), &log, &key)?;
            println!("{}", looked.unwrap_or_else(|| "no checkpoint waits".to_owned()));
            Ok(())
        }
        Command::Watch(of) => watch(&arguments.folder, of),
        Command::CheckConfinement(of) => Ok(confinement::check(&rights(&arguments.folder, of))?),
    }
}

fn keys(folder: &Path, of: &Of) -> Result<(WitnessSigningKey, NoteKey), Box<dyn std::error::Error>> {
    let log = NoteKey::parse(&of.log).map_err(|_| "--log is not of the form name+id+base64")?;
    Ok((KeyFolder::open(folder).witness(KEY)?, log))
}

fn watch(folder: &Path, of: &Of) -> Result<(), Box<dyn std::error::Error>> {
    program::permissions::require_private(folder)?;
    let (key, log) = keys(folder, of)?;
    confinement::confine(&rights(folder, of), of.require_confinement)?;
    let (seen, checkpoint_folder) = (Seen::at(folder), CheckpointFolder::at(&of.checkpoint_folder));
    println!("witness listening on {}", of.checkpoint_folder.display());
    let mut last = String::new();
    loop {
        // An error does not end the loop, because a missing share may come
        // back. A repeated message is printed once, not five times a second.
        let said = match look(&seen, &checkpoint_folder, &log, &key) {
            Ok(None) => String::new(),
            Ok(Some(said)) => said,
            Err(error) => program::chain(error.as_ref()),
        };
        if !said.is_empty() && said != last {
            eprintln!("{said}");
        }
        last = said;
        thread::sleep(LOOK);
    }
}

/// Answers a waiting submission. Returns a line to print; `None` if no submission waits.
fn look(
    seen: &Seen,
    checkpoint_folder: &CheckpointFolder,
    log: &NoteKey,
    key: &WitnessSigningKey,
) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let Some(submission) = checkpoint_folder.waiting()? else { return Ok(None) };
    // The time of a cosignature is when this witness saw the log, so its own clock counts.
    #[allow(clippy::disallowed_methods)]
    let now = jiff::Timestamp::now();
    let time = u64::try_from(now.as_second()).unwrap_or_default();
    let answer = seen.answer(&submission, log, |note| key.cosign(note, time))?;
    checkpoint_folder.answer(&answer)?;
    Ok(Some(seen::in_words(&answer)))
}
