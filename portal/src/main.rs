//! The public site. It stores sealed letters and sends sealed slots. It holds no private key and no plaintext, and
//! records nothing about visitors.

mod api;
mod backup;
mod config;
mod limits;
mod pages;
mod portal;
mod results;
mod serve;
mod site;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use config::Config;
use letterbox::Letterbox;
use program::clock::Clock;

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
    Serve,
    /// Verifies a key statement and publishes it.
    Publish {
        /// A file as `reviewer-console statement` writes it.
        statement: PathBuf,
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
        Command::Serve => serve::serve(config),
        Command::Publish { statement } => publish(&config, statement),
        Command::Backup { to } => backup::backup(&config, to),
        Command::Restore { from } => backup::restore(&config, from),
        Command::Manifest => {
            print!("{}", site::Site::render(&config)?.manifest());
            Ok(())
        }
    }
}

fn migrate(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", letterbox::migrate(&config.database()?)?);
    Ok(())
}

fn publish(config: &Config, statement: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let text = program::files::read(statement)?;
    let bundle = serde_json::from_str(&text).map_err(|_| "the file is no key statement")?;
    let letterbox = Letterbox::open(&config.database()?, config.parts()?)?;
    let published = letterbox.publish_statement(bundle, &config.root_key, Clock::System.today());
    let verified = actix_web::rt::System::new().block_on(published)?;
    println!("statement {} published, in force until {}", verified.statement.serial, verified.statement.until);
    Ok(())
}
