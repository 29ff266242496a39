//! The command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::{Parser, Subcommand};
use crypto::keys::note_key::NoteKey;
use opening::{KeyFolder, WitnessSigningKey};

use crate::checkpoint_folder::CheckpointFolder;
use crate::seen::{self, Seen};

const KEY: &str = "witness.key";
/// How often a watching witness looks for a new checkpoint.
const LOOK: Duration = Duration::from_millis(200);

/// Qingniao's witness.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The folder of the witness's key and of what it has seen.
    #[arg(long)]
    folder: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the witness's key; prints its public half, for the root to sign.
    Init {
        /// The name under which it signs, such as `auditor.example/witness`.
        #[arg(long)]
        name: String,
    },
    /// Cosigns the checkpoint that waits in a folder, once.
    Cosign(Of),
    /// Cosigns whatever comes, until it is told to stop.
    Watch(Of),
}

#[derive(clap::Args)]
struct Of {
    /// The log's public key, `NAME/log+…`, as the root has signed it.
    #[arg(long)]
    log: String,
    /// The folder that the console writes to and reads from.
    #[arg(long)]
    checkpoint_folder: PathBuf,
}

/// Runs the program: reads its arguments, does what they say, and gives its exit code.
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
    }
}

fn keys(folder: &Path, of: &Of) -> Result<(WitnessSigningKey, NoteKey), Box<dyn std::error::Error>> {
    let log = NoteKey::parse(&of.log).map_err(|_| "--log is not of the form name+id+base64")?;
    Ok((KeyFolder::open(folder).witness(KEY)?, log))
}

fn watch(folder: &Path, of: &Of) -> Result<(), Box<dyn std::error::Error>> {
    let (key, log) = keys(folder, of)?;
    let (seen, checkpoint_folder) = (Seen::at(folder), CheckpointFolder::at(&of.checkpoint_folder));
    println!("witness listening on {}", of.checkpoint_folder.display());
    let mut last = String::new();
    loop {
        // A share that is away comes back, and what is refused is said once, not five times a second.
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

/// Answers what waits; gives what to say of it, or none if nothing waits that was not answered.
fn look(
    seen: &Seen,
    checkpoint_folder: &CheckpointFolder,
    log: &NoteKey,
    key: &WitnessSigningKey,
) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let Some(submission) = checkpoint_folder.waiting()? else { return Ok(None) };
    // A witness's time says when it saw the log; its own clock is the one that counts.
    #[allow(clippy::disallowed_methods)]
    let now = jiff::Timestamp::now();
    let time = u64::try_from(now.as_second()).unwrap_or_default();
    let answer = seen.answer(&submission, log, |note| key.cosign(note, time))?;
    checkpoint_folder.answer(&answer)?;
    Ok(Some(seen::in_words(&answer)))
}
