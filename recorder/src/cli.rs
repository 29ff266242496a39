//! The command-line interface of the recorder.

use std::error::Error;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use crypto::keys::note_key::NoteKey;
use database::Backup;
use logbook::Logbook;
use program::permissions::require_private;
use recorder_protocol::tls;

use crate::audit::log;
use crate::keys::signing;
use crate::requests::Recorder;
use crate::serve::{Listening, Machine};
use crate::setup::{self, LOG};

/// The kind of a recorder's backup, as written in its list.
const KIND: &str = "recorder";

/// Qingniao's recorder.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The recorder's own folder, with its keys and its log. Only the recorder's user may read it.
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
        /// Twice: the folders of letter keys, on two different disks. If left out, both are in the recorder's folder,
        /// which is for demonstrations.
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
    /// Accepts the keys of the console's first accounts, the auditor's among them. Compare them with what the console
    /// printed. Later keys are confirmed by the auditor at the console.
    Enroll {
        /// The file `accounts.public` from the console's folder.
        accounts: PathBuf,
    },
    /// Accepts an auditor's new key, after the only auditor has lost the password. All other keys are confirmed by an
    /// auditor at the console.
    ConfirmAuditor {
        /// Name of the auditor's account.
        #[arg(long)]
        account: String,
        /// The key as the auditor's own page shows it, without spaces.
        #[arg(long)]
        key: String,
    },
    /// Brings the log to this version's schema; the file is copied first.
    Migrate,
    /// Copies the log while the recorder runs. Keys are not included: copy them once, by hand.
    Backup {
        /// A folder that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Restores a backup into a folder that has no log.
    Restore {
        /// The folder of the backup.
        #[arg(long)]
        from: PathBuf,
    },
    /// Verifies or exports the access log, or checks an export.
    Log {
        #[command(subcommand)]
        command: LogCommand,
    },
    /// Makes the key and certificate that identify this recorder to a console on another machine.
    Tls,
    /// Answers requests until the process is stopped.
    Serve {
        /// A Unix socket; only the console's user may have access to its folder.
        #[arg(long, required_unless_present = "listen")]
        socket: Option<PathBuf>,
        /// An address for a console on another machine, over mutual TLS.
        #[arg(long, requires = "console")]
        listen: Option<SocketAddr>,
        /// That console's certificate, as `reviewer-console tls` made it.
        #[arg(long)]
        console: Option<PathBuf>,
        /// Refuses to start unless the process can be confined.
        #[arg(long)]
        require_confinement: bool,
    },
    /// Confines this process as `serve` is, and tries to leave the confinement from inside.
    CheckConfinement,
}

#[derive(Subcommand)]
enum LogCommand {
    /// Checks every entry, the tree, signed requests and all checkpoints; names the first defect.
    Verify {
        /// Checkpoints held elsewhere, such as the portal's or a witness's.
        #[arg(long = "checkpoint")]
        checkpoints: Vec<PathBuf>,
    },
    /// Signs the log as it is now and prints the checkpoint.
    Checkpoint,
    /// Writes the log as JSON Lines with proofs. It names people and their actions: protect it like the log. The
    /// export is logged.
    Export {
        /// A file that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Writes the log's hashes as C2SP tlog-tiles into a folder that a web server may publish.
    Tiles {
        /// The folder, created if missing. Existing tiles are overwritten.
        #[arg(long)]
        to: PathBuf,
    },
    /// Checks an export. Needs no folder, only the log's public key.
    Check {
        /// The file that `log export` wrote.
        export: PathBuf,
        /// The log's public key, `NAME/log+…`, as the root has signed it.
        #[arg(long)]
        key: String,
    },
}

type Done = Result<(), Box<dyn Error>>;

/// Runs the program with its command-line arguments and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::process::run_with_keys("recorder", || run(&arguments))
}

fn run(arguments: &Arguments) -> Done {
    let folder = arguments.folder.as_path();
    let log = folder.join(LOG);
    match &arguments.command {
        Command::Init { name, letter_keys } => print!("{}", setup::init(folder, name, letter_keys)?),
        Command::BeginPeriod => print!("{}", signing::begin_period(folder)?),
        Command::Cosign { statement } => cosign(folder, statement)?,
        Command::Enroll { accounts } => print!("{}", setup::enroll(folder, &program::files::read(accounts)?)?),
        Command::ConfirmAuditor { account, key } => print!("{}", setup::confirm_auditor(folder, account, key)?),
        Command::Migrate => println!("{}", logbook::migrate(&log)?),
        Command::Backup { to } => backup(&log, to)?,
        Command::Restore { from } => {
            Backup::open(from, KIND)?.restore_sqlite(LOG, &log, |_| Ok(()))?;
            println!("restored; run migrate, then serve");
        }
        Command::Log { command } => log_command(folder, &log, command)?,
        Command::Tls => {
            let certificate = tls::make(folder, tls::Side::Recorder)?;
            println!("certificate for the console: {}", certificate.display());
        }
        Command::Serve { socket, listen, console, require_confinement } => {
            program::logging::to_stderr_with_times();
            let machine = listen.zip(console.clone()).map(|(address, console)| Machine { address, console });
            require_private(folder)?;
            let bound = Listening { socket: socket.clone(), machine }.bind(folder)?;
            confinement::confine(&setup::rights(folder)?, *require_confinement)?;
            bound.serve(Recorder::open(folder, &log)?)?;
        }
        Command::CheckConfinement => confinement::check(&setup::rights(folder)?)?,
    }
    Ok(())
}

fn log_command(folder: &Path, file: &Path, command: &LogCommand) -> Done {
    match command {
        LogCommand::Verify { checkpoints } => {
            let held = checkpoints.iter().map(|path| program::files::read(path)).collect::<Result<Vec<_>, _>>()?;
            let found = log::verify(&Logbook::open(file)?, &signing::log(folder)?.public(), &held)?;
            println!("{} entries and {} letters are as they were recorded", found.now.size, found.letters);
        }
        LogCommand::Checkpoint => print!("{}", log::checkpoint(&Logbook::open(file)?, &signing::log(folder)?)?),
        LogCommand::Export { to } => {
            let logbook = Logbook::open(file)?;
            log::note_export(&logbook).map_err(|reason| format!("not exported: {reason:?}"))?;
            let mut options = std::fs::OpenOptions::new();
            let export = options.write(true).create_new(true).mode(0o600).open(to);
            let export = export.map_err(|error| format!("{} cannot be made: {error}", to.display()))?;
            let mut export = std::io::BufWriter::new(export);
            let entries = log::export(&logbook, &signing::log(folder)?, &mut export)?;
            export.into_inner()?.sync_all()?;
            println!("{entries} entries exported");
        }
        LogCommand::Tiles { to } => {
            std::fs::create_dir_all(to).map_err(|error| format!("{} cannot be made: {error}", to.display()))?;
            let size = log::tiles(&Logbook::open(file)?, &signing::log(folder)?, to)?;
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

fn cosign(folder: &Path, file: &Path) -> Done {
    let signed = setup::cosign(folder, &program::files::read(file)?)?;
    Ok(program::files::write(file, &signed)?)
}

fn backup(log: &Path, to: &Path) -> Done {
    // Opened first, so that a log with another version's schema is not backed up.
    Logbook::open(log)?;
    let mut backup = Backup::begin(to, KIND)?;
    backup.sqlite(LOG, log)?;
    println!("{} files copied", backup.finish()?);
    Ok(())
}
