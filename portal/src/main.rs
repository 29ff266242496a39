//! The public site. It stores sealed letters and sends sealed slots. It holds no private key and no plaintext, and
//! records nothing about visitors.

mod api;
mod backup;
mod config;
mod limits;
mod pages;
mod pass;
mod portal;
mod results;
mod rights;
mod serve;
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use bundle::Epoch;
use clap::{Parser, Subcommand};
use config::Config;
use letterbox::Letterbox;

/// Qingniao's public site.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration file; paths in it are relative to its folder.
    #[arg(long, default_value = "portal.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Brings the database to this version's schema; a SQLite file is copied first.
    Migrate,
    /// Serves the site until the process is stopped.
    Serve {
        /// Refuses to start unless the process can be confined.
        #[arg(long)]
        require_confinement: bool,
    },
    /// Copies letterbox and enclosures while the site runs; enclosures only from a local directory.
    Backup {
        /// A folder that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Restores a backup to the places in the configuration; nothing may exist there yet.
    Restore {
        /// The folder of the backup.
        #[arg(long)]
        from: PathBuf,
    },
    /// Makes the key that signs bundles for the console, and prints its public half for console.toml.
    Init {
        /// The installation's name, such as tiantai.example.
        #[arg(long)]
        name: String,
    },
    /// Applies the console's bundles in a folder, and writes what waits for the console.
    Pass {
        /// The folder: of a stick, of a share, or of this machine.
        #[arg(long)]
        folder: PathBuf,
        /// Repeats it every so many seconds until the process is stopped.
        #[arg(long)]
        every: Option<u64>,
        /// The new epoch of a console that was restored, as its page shows it.
        #[arg(long)]
        accept_epoch: Option<Epoch>,
        /// Refuses to start unless the process can be confined.
        #[arg(long)]
        require_confinement: bool,
    },
    /// Confines this process as `serve` is, or `pass` with a folder, and tries to leave the confinement from inside.
    CheckConfinement {
        /// The folder of `pass`.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Prints every path's SHA-256 and the content policy, to be signed for the installation.
    Manifest,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    program::process::run("portal", || run(&arguments))
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::read(&arguments.config)?;
    match &arguments.command {
        Command::Migrate => migrate(&config),
        Command::Serve { require_confinement } => serve::serve(config, *require_confinement),
        Command::Backup { to } => backup::backup(&config, to),
        Command::Restore { from } => backup::restore(&config, from),
        Command::Init { name } => pass::init(&config, name),
        Command::Pass { folder, every, accept_epoch, require_confinement } => pass::pass(
            &config,
            folder,
            &pass::Mode { every: *every, confirmed: *accept_epoch, require: *require_confinement },
        ),
        Command::CheckConfinement { folder } => {
            let rights = match folder {
                Some(folder) => rights::passing(&config, folder)?,
                None => rights::serving(&config)?,
            };
            Ok(confinement::check(&rights)?)
        }
        Command::Manifest => {
            print!("{}", site::Site::render(&config)?.manifest());
            Ok(())
        }
    }
}

fn migrate(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", letterbox::migrate(&config.database()?)?);
    let letterbox = Letterbox::open(&config.database()?, config.parts()?)?;
    let epoch = random::bytes::<8>()?.into();
    Ok(actix_web::rt::System::new().block_on(letterbox.begin_first_epoch(epoch))?)
}
