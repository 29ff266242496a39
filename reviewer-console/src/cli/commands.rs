//! The commands of the command line.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use console_services::accounts::Password;
use console_services::accounts::authentication::sign_in_for_command;
use console_services::accounts::sessions::Session;
use console_services::actor::Actor;
use console_services::config::ConsoleConfig;
use console_services::console::Console;
use console_services::data_folder::DataFolder;
use console_services::exchange::runner::SLOTS_WAIT;
use console_services::keys::{publish, root, statement};
use model::Role;
use program::Clock;
use program::files::{read, write};
use zeroize::Zeroizing;

use crate::http::serve;

/// Result of a command; the error is shown to the operator.
pub(super) type Done = Result<(), Box<dyn std::error::Error>>;

pub(super) fn root_init(folder: &Path, name: &str) -> Done {
    print!("{}", root::init(folder, name)?);
    Ok(())
}

pub(super) fn root_sign_keys(folder: &Path, public: &[PathBuf], out: &Path) -> Done {
    Ok(write(out, &root::sign_keys(folder, public, Clock::System.today())?)?)
}

pub(super) fn root_sign_manifest(folder: &Path, manifest: &Path, printed: Option<&Path>) -> Done {
    let printed = printed.map(read).transpose()?;
    print!("{}", root::sign_manifest(folder, &read(manifest)?, printed.as_deref())?);
    Ok(())
}

pub(super) fn init(folder: &Path, name: &str, accounts: &[String], keep_passwords: bool) -> Done {
    if keep_passwords && !name.starts_with(crypto::keys::note_key::DEMO) {
        return Err("--keep-passwords is for demonstrations, whose name begins with demo.".into());
    }
    let console = DataFolder::at(folder);
    for first in console.init(name, accounts, keep_passwords)? {
        let roles: Vec<&str> = first.roles.iter().map(|role| role.code()).collect();
        println!("{} {} {}", first.name, roles.join(","), first.password.expose());
    }
    eprintln!("public halves: {} (for the root)", console.post_public().display());
    eprintln!("accounts: {} (for recorder enroll)", console.accounts_public().display());
    Ok(())
}

pub(super) fn migrate(folder: &Path) -> Done {
    let migrated = DataFolder::at(folder).migrate()?;
    println!("{} migrations run", migrated.run);
    if let Some(copy) = migrated.copy {
        println!("copy from before: {}", copy.display());
    }
    Ok(())
}

pub(super) fn tls(folder: &Path) -> Done {
    let certificate = DataFolder::at(folder).make_certificate()?;
    println!("certificate for the recorder: {}", certificate.display());
    Ok(())
}

pub(super) fn serve(folder: &Path, require_confinement: bool) -> Done {
    serve::serve(ConsoleConfig::read(folder)?, require_confinement)
}

pub(super) fn check_confinement(folder: &Path) -> Done {
    Ok(confinement::check(&ConsoleConfig::read(folder)?.rights()?)?)
}

pub(super) fn exchange(folder: &Path, account: Option<&str>) -> Done {
    program::logging::to_stderr();
    let console = Console::open(&ConsoleConfig::read(folder)?)?;
    let session = account.map(|account| sign_in(&console, account)).transpose()?;
    let done = actix_web::rt::System::new().block_on(console.exchange.run(session));
    let done = done.ok_or("no exchange was run: another is running, or it could not be noted; see above")?;
    println!(
        "{} letters taken in, {} put aside as unreadable, {} enclosures copied, {} slots replaced",
        done.letters, done.unreadable, done.enclosures, done.slots
    );
    match done.problem.as_deref() {
        None => Ok(()),
        Some(SLOTS_WAIT) => {
            println!("slots wait for an officer (--account)");
            Ok(())
        }
        Some(problem) => Err(format!("the exchange stopped: {problem}; run it again").into()),
    }
}

pub(super) fn statement(folder: &Path, account: &str, recorder: &Path, out: &Path) -> Done {
    let config = ConsoleConfig::read(folder)?;
    let year = config.keys_note()?;
    let console = Console::open(&config)?;
    let session = sign_in(&console, account)?;
    let recorder = read(recorder)?;
    let actor = Actor::new(Arc::clone(&console.resources), session, Role::Officer);
    Ok(write(out, &statement::sign_statement(&actor, &year, &recorder)?)?)
}

pub(super) fn publish(folder: &Path, statement: &Path) -> Done {
    let console = Console::open(&ConsoleConfig::read(folder)?)?;
    let verified = publish::publish_statement(&console.resources, &read(statement)?)?;
    let (serial, until) = (verified.statement.serial, verified.statement.until);
    println!("statement {serial} goes with the next bundle, in force until {until}");
    Ok(())
}

/// Signs an account in for one command, with a password from [`typed`].
fn sign_in(console: &Console, name: &str) -> Result<Arc<Session>, Box<dyn std::error::Error>> {
    sign_in_for_command(&console.resources, name, &Password::typed(&typed(name)?)?)
}

/// Reads a password: at a terminal without echo, otherwise one line of standard input.
fn typed(name: &str) -> Result<Zeroizing<String>, std::io::Error> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(format!("Password of {name}: ")).map(Zeroizing::new);
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line)?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line)
}

pub(super) fn mail(folder: &Path) -> Done {
    let config = ConsoleConfig::read(folder)?;
    let mail = config.mail().ok_or("console.toml has no [mail] section")?;
    mail.send(folder, DataFolder::at(folder).checkpoint()?.as_deref())?;
    println!("sent");
    Ok(())
}

pub(super) fn backup(folder: &Path, to: &Path) -> Done {
    println!("{} files copied", DataFolder::at(folder).backup(to)?);
    Ok(())
}

pub(super) fn restore(folder: &Path, from: &Path) -> Done {
    DataFolder::at(folder).restore(from)?;
    println!("restored");
    replay(folder)
}

pub(super) fn replay(folder: &Path) -> Done {
    let config = ConsoleConfig::read(folder)?;
    let admitted = DataFolder::at(folder).replay(&config.journal()?)?;
    println!("{admitted} letters taken from the journal; now run serve, and an exchange");
    Ok(())
}
