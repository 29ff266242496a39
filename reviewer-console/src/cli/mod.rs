//! The command line: arguments, and the command that each calls.

mod commands;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
        /// The console's data folder.
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
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Makes the key and certificate by which a recorder on another machine knows this console.
    Tls {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Serves the site until SIGTERM or SIGINT.
    Serve {
        /// The console's data folder, with `console.toml`.
        #[arg(long)]
        folder: PathBuf,
        /// Refuses to start unless the process can be confined.
        #[arg(long)]
        require_confinement: bool,
    },
    /// Confines this process as `serve` is, and tries to leave the confinement from inside.
    CheckConfinement {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Runs the exchange once. Without an account letters come in and slots wait.
    Exchange {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
        /// An officer; the password is asked for, or read from standard input.
        #[arg(long)]
        account: Option<String>,
    },
    /// Signs a key statement for the next thirty days.
    Statement {
        /// The console's data folder.
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
    /// Verifies a key statement that the recorder has signed too, and keeps it for the next bundle.
    Publish {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
        /// The statement's file.
        statement: PathBuf,
    },
    /// Sends the daily mail now, to try the settings.
    Mail {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Copies register and enclosures, while the console runs. Everything in the copy is sealed.
    Backup {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
        /// A folder that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Puts a backup into a console's folder that has neither register nor enclosures.
    Restore {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
        /// The folder that `backup` wrote.
        #[arg(long)]
        from: PathBuf,
    },
    /// Takes from the journal the letters that the register lacks, as `restore` does.
    ReplayJournal {
        /// The console's data folder.
        #[arg(long)]
        folder: PathBuf,
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
    SignKeys {
        /// Files with public halves, as the `init` commands wrote or printed them.
        #[arg(required = true)]
        public: Vec<PathBuf>,
        /// Where to write the signed keys.
        #[arg(long)]
        out: PathBuf,
    },
    /// Signs the manifest of a portal's files, as a C2SP signed note on standard output.
    SignManifest {
        /// The manifest, made here with `portal manifest` from the release's own program and a copy of portal.toml.
        manifest: PathBuf,
        /// What the portal printed; it is only compared.
        #[arg(long)]
        printed: Option<PathBuf>,
    },
}

/// Parses the arguments, runs the command, and returns the exit code.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::process::run_with_keys("reviewer-console", || carry_out(&arguments.command))
}

fn carry_out(command: &Command) -> commands::Done {
    match command {
        Command::Root { folder, command } => match command {
            RootCommand::Init { name } => commands::root_init(folder, name),
            RootCommand::SignKeys { public, out } => commands::root_sign_keys(folder, public, out),
            RootCommand::SignManifest { manifest, printed } => {
                commands::root_sign_manifest(folder, manifest, printed.as_deref())
            }
        },
        Command::Init { folder, name, accounts, keep_passwords } => {
            commands::init(folder, name, accounts, *keep_passwords)
        }
        Command::Migrate { folder } => commands::migrate(folder),
        Command::Tls { folder } => commands::tls(folder),
        Command::Serve { folder, require_confinement } => commands::serve(folder, *require_confinement),
        Command::CheckConfinement { folder } => commands::check_confinement(folder),
        Command::Exchange { folder, account } => commands::exchange(folder, account.as_deref()),
        Command::Statement { folder, account, recorder, out } => commands::statement(folder, account, recorder, out),
        Command::Publish { folder, statement } => commands::publish(folder, statement),
        Command::Mail { folder } => commands::mail(folder),
        Command::Backup { folder, to } => commands::backup(folder, to),
        Command::Restore { folder, from } => commands::restore(folder, from),
        Command::ReplayJournal { folder } => commands::replay(folder),
    }
}
