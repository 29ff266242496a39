//! The post's side: the isolated site where officers read and answer, the exchange with the
//! portal, and the keys of root and post.

mod books;
mod budget;
mod channels;
mod charts;
mod claim_clock;
mod claims;
mod clues;
mod command;
mod config;
mod console;
mod dossiers;
mod enclosure;
mod events;
mod exchange;
mod fault;
mod feeds;
mod figures;
mod guessing;
mod handling;
mod house;
mod identity;
mod intake;
mod mail;
mod opened;
mod orders;
mod papers;
mod people;
mod public;
mod recorder;
mod replies;
mod retention;
mod roles;
mod root;
mod rules;
mod schedule;
mod sessions;
mod sheets;
mod site;
mod statement;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use program::clock::Clock;
use rustix::process::{Resource, Rlimit, setrlimit};
use zeroizing_alloc::ZeroAlloc;

/// Wipes all memory that is given back: reports, passwords and keys pass through strings and
/// buffers of libraries that do not wipe them.
#[global_allocator]
static WIPED: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Qingniao's reviewer console.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The offline root: on a machine of its own, its folder on a medium that is locked away.
    Root {
        /// The root's folder.
        #[arg(long)]
        folder: PathBuf,
        #[command(subcommand)]
        command: RootCommand,
    },
    /// Makes the post's keys and the first accounts; prints their first passwords, once.
    Init {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
        /// The installation's name, such as `tiantai.example`.
        #[arg(long)]
        name: String,
        /// NAME=ROLE[,ROLE], for case units NAME=case-unit@UNIT; at least an officer, an auditor and an administrator.
        #[arg(long = "account", required = true)]
        accounts: Vec<String>,
        /// For demonstrations: the first passwords need not be changed.
        #[arg(long)]
        keep_passwords: bool,
    },
    /// Brings the register to this version's schema; the file is copied first.
    Migrate {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Makes the key and certificate by which a recorder on another machine knows this console.
    Tls {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Serves the site until it is told to stop.
    Serve {
        /// The console's folder, with `console.toml`.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Runs the exchange once. Without an account letters come in and slots wait.
    Exchange {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
        /// An officer; the password is asked for, or read from standard input.
        #[arg(long)]
        account: Option<String>,
    },
    /// Signs a key statement for the next thirty days.
    Statement {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
        /// An officer; the password is asked for, or read from standard input.
        #[arg(long)]
        account: String,
        /// The recorder's public halves as `recorder init` printed them.
        #[arg(long)]
        recorder: PathBuf,
        /// Where to write the statement, for the recorder to sign too.
        #[arg(long)]
        out: PathBuf,
    },
    /// Sends the daily mail now, to try the settings.
    Mail {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Copies register and enclosures, while the console runs. Everything in the copy is sealed.
    Backup {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
        /// A folder that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Puts a backup into a console's folder that has neither register nor enclosures.
    Restore {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
        /// The backup.
        #[arg(long)]
        from: PathBuf,
    },
}

#[derive(Subcommand)]
enum RootCommand {
    /// Makes the root key and the custodian's key; prints the root's verification key.
    Init {
        /// The installation's name; names that begin with `demo.` are refused in production.
        #[arg(long)]
        name: String,
    },
    /// Signs the keys of all roles for a year.
    Sign {
        /// Files with public halves, as the `init` commands wrote or printed them.
        #[arg(required = true)]
        public: Vec<PathBuf>,
        /// Where to write the signed keys.
        #[arg(long)]
        out: PathBuf,
    },
    /// Signs any text, such as the portal's manifest, as a C2SP signed note on standard output.
    SignNote {
        /// The text file.
        text: PathBuf,
    },
}

fn main() -> ExitCode {
    // A crash must not write keys to a disk.
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        eprintln!("reviewer-console: crash dumps cannot be switched off: {error}");
        return ExitCode::FAILURE;
    }
    let arguments = Arguments::parse();
    match run(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reviewer-console: {}", program::chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        Command::Root { folder, command } => root_command(folder, command),
        Command::Init { folder, name, accounts, keep_passwords } => {
            command::init(folder, name, accounts, *keep_passwords)
        }
        Command::Migrate { folder } => command::migrate(folder),
        Command::Tls { folder } => {
            let certificate = recorder_protocol::tls::make(folder, recorder_protocol::tls::Side::Console)?;
            println!("certificate for the recorder: {}", certificate.display());
            Ok(())
        }
        Command::Serve { folder } => site::serve(config::Config::read(folder)?),
        Command::Exchange { folder, account } => command::exchange(folder, account.as_deref()),
        Command::Statement { folder, account, recorder, out } => command::statement(folder, account, recorder, out),
        Command::Mail { folder } => command::mail(folder),
        Command::Backup { folder, to } => command::backup(folder, to),
        Command::Restore { folder, from } => command::restore(folder, from),
    }
}

fn root_command(folder: &Path, command: &RootCommand) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        RootCommand::Init { name } => print!("{}", root::init(folder, name)?),
        RootCommand::Sign { public, out } => write(out, &root::sign_keys(folder, public, Clock::System.today())?)?,
        RootCommand::SignNote { text } => print!("{}", root::sign_note(folder, &read(text)?)?),
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
