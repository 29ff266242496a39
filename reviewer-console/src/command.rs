//! What is done from the command line.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;

use database::Backup;
use model::Role;
use opening::Password;
use program::clock::Clock;
use recorder_protocol::{Notice, SignStatement};
use register::Register;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::console::Console;
use crate::house::House;
use crate::sessions::Session;
use crate::{people, statement};

type Done = Result<(), Box<dyn std::error::Error>>;

/// What a backup of a console is called inside.
const KIND: &str = "reviewer-console";

pub(crate) fn init(folder: &Path, name: &str, accounts: &[String], keep_passwords: bool) -> Done {
    if keep_passwords && !name.starts_with(crypto::note_key::DEMO) {
        return Err("--keep-passwords is for demonstrations, whose name begins with demo.".into());
    }
    let house = House::at(folder);
    for first in house.init(name, accounts, keep_passwords)? {
        let roles: Vec<&str> = first.roles.iter().map(|role| role.code()).collect();
        println!("{} {} {}", first.name, roles.join(","), first.password.expose());
    }
    eprintln!("public halves: {} (for the root)", house.post_public().display());
    eprintln!("accounts: {} (for recorder enroll)", house.accounts_public().display());
    Ok(())
}

pub(crate) fn migrate(folder: &Path) -> Done {
    let migrated = register::migrate(&House::at(folder).register())?;
    println!("{} migrations run", migrated.run);
    if let Some(copy) = migrated.copy {
        println!("copy from before: {}", copy.display());
    }
    Ok(())
}

pub(crate) fn exchange(folder: &Path, account: Option<&str>) -> Done {
    program::logging::to_stderr();
    let console = Console::open(&Config::read(folder)?)?;
    let session = account.map(|account| sign_in(&console, account)).transpose()?;
    let done = actix_web::rt::System::new().block_on(console.exchange(session));
    let done = done.ok_or("no exchange was run: another is running, or it could not be noted; see above")?;
    println!(
        "{} letters taken in, {} put aside as unreadable, {} enclosures copied, {} slots replaced",
        done.letters, done.unreadable, done.enclosures, done.slots
    );
    match done.problem.as_deref() {
        None => Ok(()),
        Some(crate::exchange::SLOTS_WAIT) => {
            println!("slots wait for an officer (--account)");
            Ok(())
        }
        Some(problem) => Err(format!("the exchange stopped: {problem}; run it again").into()),
    }
}

pub(crate) fn statement(folder: &Path, account: &str, recorder: &Path, out: &Path) -> Done {
    let config = Config::read(folder)?;
    let year = config.keys_note()?;
    let console = Console::open(&config)?;
    let session = sign_in(&console, account)?;
    let keys = session.keys.post.as_ref().ok_or("this account has not the post's keys")?;
    let serial = console.register.next_serial()?;
    let deed = SignStatement { serial };
    let (permission, _) = console.recorder.connect()?.record(&session.person(Role::Officer), deed)?;
    let public = crate::read(recorder)?;
    let bundle = statement::sign(permission, &console.register, keys, &year, &public, Clock::System.today())?;
    Ok(crate::write(out, &bundle)?)
}

/// Signs in for one command. Success and failure are told to the recorder like those of the site.
fn sign_in(console: &Console, name: &str) -> Result<Arc<Session>, Box<dyn std::error::Error>> {
    let password = Password::typed(&typed(name)?)?;
    let account = console.register.account(name)?;
    let recognised = account.as_ref().map(|account| people::recognise(account, &password)).transpose()?.flatten();
    let (Some(account), Some(slot)) = (&account, recognised) else {
        let known = account.map(|account| account.name);
        console.recorder.notice(&Notice::SignInFailed { account: known })?;
        return Err("no such account, or the password is wrong".into());
    };
    if account.must_change {
        return Err("the first password must be changed on the site before it is used here".into());
    }
    console.recorder.notice(&Notice::SignedIn { account: account.name.clone() })?;
    let keys = people::open(account, &slot)?;
    Ok(Arc::new(Session::for_command(account, keys)?))
}

/// Asks at a terminal without showing it, else reads one line of standard input.
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

pub(crate) fn mail(folder: &Path) -> Done {
    let config = Config::read(folder)?;
    let mail = config.mail().ok_or("console.toml has no [mail] section")?;
    let checkpoint = Register::open(&House::at(folder).register())?.log_held()?.held;
    mail.send(folder, checkpoint.as_deref())?;
    println!("sent");
    Ok(())
}

pub(crate) fn backup(folder: &Path, to: &Path) -> Done {
    let house = House::at(folder);
    // Opened so that a register of another version is not copied as if it were this one's.
    Register::open(&house.register())?;
    let mut backup = Backup::begin(to, KIND)?;
    backup.sqlite("register.sqlite", &house.register())?;
    backup.folder("enclosures", &house.enclosures())?;
    println!("{} files copied", backup.finish()?);
    Ok(())
}

pub(crate) fn restore(folder: &Path, from: &Path) -> Done {
    let house = House::at(folder);
    let backup = Backup::open(from, KIND)?;
    backup.restore(&[("register.sqlite", house.register()), ("enclosures", house.enclosures())])?;
    println!("restored; run migrate, then serve");
    Ok(())
}
