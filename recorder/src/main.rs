//! The recorder: keeps the access log, the order of first receipt and the outer key. It sees
//! which mailbox a letter is for and where answers go, never what a letter says.

mod about;
mod answer;
mod erasing;
mod keys;
mod letter_keys;
mod log;
mod people;
mod periods;
mod reading;
mod serve;
mod unusual;

use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use crypto::access::Role;
use crypto::statement::NoteKey;
use database::Backup;
use recording::tls;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::serve::{Listening, Machine};

/// The log's file in the folder, and in a backup.
const LOG: &str = "logbook.sqlite";
/// What a backup of a recorder is called inside.
const KIND: &str = "recorder";

/// Qingniao's recorder.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The recorder's own folder: its keys and its log. Nobody else may read it.
    #[arg(long)]
    folder: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the keys and prints their public halves, for the root to sign.
    Init {
        /// The installation's name, such as `tiantai.example`.
        #[arg(long)]
        name: String,
        /// Twice: the folders of letter keys, on two different disks. Left out, both are in the
        /// recorder's folder, which is for demonstrations.
        #[arg(long, num_args = 1)]
        letter_keys: Vec<PathBuf>,
    },
    /// Makes the outer key of the next statement's period and prints the public halves for it.
    BeginPeriod,
    /// Signs a key statement beside the statement key, if it names an outer key of this recorder.
    Cosign {
        /// The statement as `reviewer-console statement` wrote it; replaced by the signed one.
        statement: PathBuf,
    },
    /// Takes the keys of the console's first accounts, the auditor's among them. Compare them with
    /// what the console printed; later ones the auditor confirms at the console.
    Enroll {
        /// `accounts.public` from the console's folder.
        accounts: PathBuf,
    },
    /// Takes an auditor's new key, after the only auditor has lost the password. Everybody else's
    /// key is confirmed by an auditor at the console.
    ConfirmAuditor {
        /// The auditor's account.
        #[arg(long)]
        account: String,
        /// The key as the auditor's own page shows it, without spaces.
        #[arg(long)]
        key: String,
    },
    /// Brings the log to this version's schema; the file is copied first.
    Migrate,
    /// Copies the log while the recorder runs. Keys are not in it: they are copied once, by hand.
    Backup {
        /// A folder that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Puts a backup into a folder that has no log.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
    },
    /// The access log: verified, exported, an export checked.
    Log {
        #[command(subcommand)]
        command: LogCommand,
    },
    /// Makes the key and certificate by which a console on another machine knows this recorder.
    Tls,
    /// Answers requests until it is told to stop.
    Serve {
        /// A Unix socket; its folder must be open to the console's user and nobody else.
        #[arg(long, required_unless_present = "listen")]
        socket: Option<PathBuf>,
        /// An address for a console on another machine, over mutual TLS.
        #[arg(long, requires = "console")]
        listen: Option<SocketAddr>,
        /// That console's certificate, as `reviewer-console tls` made it.
        #[arg(long)]
        console: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum LogCommand {
    /// Checks every entry, the tree, what people signed, and all checkpoints; names the first
    /// wrong entry.
    Verify {
        /// Checkpoints that were held elsewhere, such as the portal's or a witness's.
        #[arg(long = "checkpoint")]
        checkpoints: Vec<PathBuf>,
    },
    /// Signs the log as it stands and prints the checkpoint.
    Checkpoint,
    /// Writes the log as JSON Lines with proofs. It names people and what they did: keep it like
    /// the log. The export is an entry.
    Export {
        /// A file that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Writes the log's hashes as C2SP tlog-tiles into a folder that a web server may show.
    Tiles {
        /// The folder; made if missing. Tiles that are there are written again.
        #[arg(long)]
        to: PathBuf,
    },
    /// Checks an export. Needs no folder but only the log's public key.
    Check {
        /// The export.
        export: PathBuf,
        /// The log's public key, `NAME/log+…`, as the root has signed it.
        #[arg(long)]
        key: String,
    },
}

fn main() -> ExitCode {
    // A crash must not write keys to a disk.
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        eprintln!("recorder: crash dumps cannot be switched off: {error}");
        return ExitCode::FAILURE;
    }
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("recorder: {}", database::chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let log = arguments.folder.join(LOG);
    match &arguments.command {
        Command::Init { name, letter_keys } => {
            let folders = match letter_keys.as_slice() {
                [] => ["letter-keys-1", "letter-keys-2"].map(|name| arguments.folder.join(name)),
                [one, other] => [one.clone(), other.clone()],
                _ => return Err("--letter-keys is given twice or not at all".into()),
            };
            print!("{}", keys::init(&arguments.folder, name, &folders)?);
            Ok(())
        }
        Command::BeginPeriod => {
            print!("{}", keys::begin_period(&arguments.folder)?);
            Ok(())
        }
        Command::Cosign { statement } => cosign(&arguments.folder, statement),
        Command::Enroll { accounts } => enroll(&log, accounts),
        Command::ConfirmAuditor { account, key } => confirm_auditor(&log, account, key),
        Command::Migrate => migrate(&log),
        Command::Backup { to } => backup(&log, to),
        Command::Restore { from } => {
            Backup::open(from, KIND)?.restore(&[(LOG, log)])?;
            println!("restored; run migrate, then serve");
            Ok(())
        }
        Command::Log { command } => log_command(&arguments.folder, &log, command),
        Command::Tls => {
            let certificate = tls::make(&arguments.folder, tls::Side::Recorder)?;
            println!("certificate for the console: {}", certificate.display());
            Ok(())
        }
        Command::Serve { socket, listen, console } => {
            let machine = listen.zip(console.clone()).map(|(address, console)| Machine { address, console });
            serve::serve(&arguments.folder, &log, &Listening { socket: socket.clone(), machine })
        }
    }
}

fn log_command(folder: &Path, log: &Path, command: &LogCommand) -> Result<(), Box<dyn std::error::Error>> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
    };
    match command {
        LogCommand::Verify { checkpoints } => {
            let held = checkpoints.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
            let found = log::verify(&logbook::Logbook::open(log)?, &keys::log(folder)?.public(), &held)?;
            println!("{} entries and {} letters are as they were recorded", found.now.size, found.letters);
        }
        LogCommand::Checkpoint => print!("{}", log::checkpoint(&logbook::Logbook::open(log)?, &keys::log(folder)?)?),
        LogCommand::Export { to } => {
            let logbook = logbook::Logbook::open(log)?;
            answer::note_export(&logbook).map_err(|reason| format!("not exported: {reason:?}"))?;
            let mut options = std::fs::OpenOptions::new();
            let file = options.write(true).create_new(true).mode(0o600).open(to);
            let file = file.map_err(|error| format!("{} cannot be made: {error}", to.display()))?;
            let mut file = std::io::BufWriter::new(file);
            let entries = log::export(&logbook, &keys::log(folder)?, &mut file)?;
            file.into_inner()?.sync_all()?;
            println!("{entries} entries exported");
        }
        LogCommand::Tiles { to } => {
            std::fs::create_dir_all(to).map_err(|error| format!("{} cannot be made: {error}", to.display()))?;
            let size = log::tiles(&logbook::Logbook::open(log)?, &keys::log(folder)?, to)?;
            println!("tiles of {size} entries written");
        }
        LogCommand::Check { export, key } => {
            let key = NoteKey::parse(key).map_err(|_| "the key is not of the form name+id+base64")?;
            let file = std::fs::File::open(export).map_err(|error| format!("{}: {error}", export.display()))?;
            println!("{} entries are in the log", log::check(std::io::BufReader::new(file), &key)?);
        }
    }
    Ok(())
}

fn cosign(folder: &Path, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let signed = keys::cosign(folder, &text)?;
    Ok(std::fs::write(file, signed).map_err(|error| format!("{} cannot be written: {error}", file.display()))?)
}

fn enroll(log: &Path, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let people = people::read(&text)?;
    let logbook = logbook::Logbook::open(log)?;
    if !logbook.roster()?.is_empty() {
        return Err("the first accounts are enrolled already; an auditor confirms keys at the console".into());
    }
    confirm(&logbook, people)
}

fn confirm_auditor(log: &Path, account: &str, key: &str) -> Result<(), Box<dyn std::error::Error>> {
    let people = people::read(&format!("account {account} {} {key}", Role::Auditor.code()))?;
    confirm(&logbook::Logbook::open(log)?, people)
}

fn confirm(logbook: &logbook::Logbook, people: Vec<people::Person>) -> Result<(), Box<dyn std::error::Error>> {
    for (account, roles, key) in &people {
        let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
        println!("confirmed {account} ({}) {}", roles.join(", "), String::from(*key));
    }
    Ok(answer::enroll(logbook, people).map_err(|reason| format!("not confirmed: {reason:?}"))?)
}

fn backup(log: &Path, to: &Path) -> Result<(), Box<dyn std::error::Error>> {
    // Opened so that a log of another version is not copied as if it were this one's.
    logbook::Logbook::open(log)?;
    let mut backup = Backup::begin(to, KIND)?;
    backup.sqlite(LOG, log)?;
    println!("{} files copied", backup.finish()?);
    Ok(())
}

fn migrate(log: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let migrated = logbook::migrate(log)?;
    println!("{} migrations run", migrated.run);
    if let Some(copy) = migrated.copy {
        println!("copy from before: {}", copy.display());
    }
    Ok(())
}
