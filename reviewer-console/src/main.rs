//! The post's side. So far: the root's ceremony, the post's keys, and the signing of key
//! statements. The site for officers joins these.

mod post;
mod public;
mod root;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use web::clock::Clock;

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
    /// Makes the post's keys and the statement key; prints their public halves.
    Init {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
        /// The installation's name, such as `tiantai.example`.
        #[arg(long)]
        name: String,
    },
    /// Brings the register to this version's schema; the file is copied first.
    Migrate {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Signs a key statement for the next thirty days.
    Statement {
        /// The console's folder.
        #[arg(long)]
        folder: PathBuf,
        /// The year's keys as `root sign` wrote them.
        #[arg(long)]
        keys: PathBuf,
        /// The recorder's public halves as `recorder init` printed them.
        #[arg(long)]
        recorder: PathBuf,
        /// Where to write the statement.
        #[arg(long)]
        out: PathBuf,
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
        /// Files with public halves, as the `init` commands printed them.
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
    let arguments = Arguments::parse();
    match run(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reviewer-console: {}", database::chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), Box<dyn std::error::Error>> {
    let today = Clock::System.today();
    match command {
        Command::Root { folder, command: RootCommand::Init { name } } => print!("{}", root::init(folder, name)?),
        Command::Root { folder, command: RootCommand::Sign { public, out } } => {
            write(out, &root::sign_keys(folder, public, today)?)?;
        }
        Command::Root { folder, command: RootCommand::SignNote { text } } => {
            print!("{}", root::sign_note(folder, &read(text)?)?);
        }
        Command::Init { folder, name } => print!("{}", post::init(folder, name)?),
        Command::Migrate { folder } => {
            let migrated = register::migrate(&post::register(folder))?;
            println!("{} migrations run", migrated.run);
        }
        Command::Statement { folder, keys, recorder, out } => {
            let bundle = post::sign_statement(folder, &read(keys)?, &read(recorder)?, today)?;
            write(out, &bundle)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}
