//! The console's folder: its paths, and making, migrating, backing up and restoring it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crypto::keys::note_text::ExchangeKey;
use database::{Backup, Migrated};
use model::Role;
use opening::{KeyFolder, KeyFolderError, NoteSigningKey, Password, PostKeys};
use recorder_protocol::tls;
use register::{Account, NotChanged, Register};

use crate::accounts::account_keys;
use crate::accounts::roles::conflict;
use crate::intake::journal::Journal;

/// The file of the key that signs outward bundles, in the data folder.
const EXCHANGE_KEY: &str = "exchange.key";

/// The data folder of a console, by its path.
pub struct DataFolder(PathBuf);

/// Why the first accounts could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// An account on the command line is malformed.
    #[error("an account is NAME=ROLE, NAME=ROLE,ROLE or NAME=case-unit@UNIT with the roles {}", role_codes())]
    Account,
    /// One account may not hold these two roles together.
    #[error("the roles {0} and {1} may not be held by one person")]
    Conflict(&'static str, &'static str),
    /// No account holds a role that the first accounts must have.
    #[error("the first accounts need at least one {0}")]
    Missing(&'static str),
    /// The folder has a console already.
    #[error("{0} is there already; a console's keys are never replaced")]
    Exists(String),
    /// Two accounts have the same name.
    #[error("the account {0} is named twice")]
    Twice(String),
}

fn role_codes() -> String {
    Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(", ")
}

/// A new account's name, roles and first password.
pub struct FirstAccount {
    /// Name of the account.
    pub name: String,
    /// Roles of the account.
    pub roles: Vec<Role>,
    /// First password of the account, to be shown once.
    pub password: Password,
}

impl DataFolder {
    /// A folder by its path; nothing is read yet.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    pub(crate) fn register(&self) -> PathBuf {
        self.0.join("register.sqlite")
    }

    pub(crate) fn enclosures(&self) -> PathBuf {
        self.0.join("enclosures")
    }

    /// The key that signs outward bundles.
    pub(crate) fn exchange_key(&self) -> Result<NoteSigningKey<ExchangeKey>, KeyFolderError> {
        KeyFolder::open(&self.0).signing(EXCHANGE_KEY)
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.0.join("console.toml")
    }

    /// File of the public halves of the post's keys, for the root to sign.
    #[must_use]
    pub fn post_public(&self) -> PathBuf {
        self.0.join("post.public")
    }

    /// File of the first accounts' public keys, for the recorder's roster.
    #[must_use]
    pub fn accounts_public(&self) -> PathBuf {
        self.0.join("accounts.public")
    }

    /// Makes the post's keys and the first accounts, migrates the register, and writes the public halves. Private keys
    /// are stored only sealed to the accounts' passwords. `name` is the installation's; with `keep_passwords` the first
    /// passwords need not be changed.
    pub fn init(
        &self,
        name: &str,
        accounts: &[String],
        keep_passwords: bool,
    ) -> Result<Vec<FirstAccount>, Box<dyn std::error::Error>> {
        let wanted = accounts.iter().map(|account| parse(account)).collect::<Result<Vec<_>, _>>()?;
        check(&wanted)?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        register::migrate(&self.register())?;
        let register = Register::open(&self.register())?;
        if register.bundle_state().is_err() {
            register.begin_epoch(random::bytes::<8>()?.into())?;
        }
        if !register.accounts()?.is_empty() {
            return Err(InitError::Exists(self.register().display().to_string()).into());
        }
        let post = PostKeys::generate(name)?;
        let exchange =
            KeyFolder::open(&self.0).signing_or_new::<ExchangeKey>(EXCHANGE_KEY, &format!("{name}/exchange"))?;
        let mut made = Vec::new();
        for Wanted { name, roles, unit } in wanted {
            let password = Password::generate()?;
            let keys = roles.contains(&Role::Officer).then_some(&post);
            let account = account_keys::make(&name, &roles, unit.as_deref(), &password, keys)?;
            made.push((Account { must_change: !keep_passwords, ..account }, FirstAccount { name, roles, password }));
        }
        let public = format!(
            "statement {}\npost-signing {}\npost {}\nexchange {}\n",
            post.statement.public(),
            post.signing.public(),
            post.post.recipient(),
            exchange.public()
        );
        write_private(&self.post_public(), &public)?;
        let lines: String = made.iter().map(|(account, _)| line(account)).collect();
        write_private(&self.accounts_public(), &lines)?;
        // Last and in one transaction, so that an interrupted run can simply be repeated.
        let accounts: Vec<Account> = made.iter().map(|(account, _)| account.clone()).collect();
        if register.make_accounts(&accounts)? == Err(NotChanged::NameTaken) {
            return Err(InitError::Exists(self.register().display().to_string()).into());
        }
        Ok(made.into_iter().map(|(_, first)| first).collect())
    }
}

/// The kind that a backup of a console states.
const KIND: &str = "reviewer-console";

/// Maintenance of an existing folder.
impl DataFolder {
    /// Migrates the register to this version's schema; the file is copied first.
    pub fn migrate(&self) -> Result<Migrated, database::DatabaseError> {
        register::migrate(&self.register())
    }

    /// Makes the key and certificate by which a recorder on another machine knows this console; returns the
    /// certificate's path.
    pub fn make_certificate(&self) -> Result<PathBuf, tls::TlsError> {
        tls::make(&self.0, tls::Side::Console)
    }

    /// The newest checkpoint that the console holds of the access log, for the daily mail; none before the first.
    pub fn checkpoint(&self) -> Result<Option<String>, database::DatabaseError> {
        Ok(Register::open(&self.register())?.log_held()?.held)
    }

    /// Copies register and enclosures into a new folder, while the console may be running; returns the number of files.
    pub fn backup(&self, to: &Path) -> Result<usize, Box<dyn std::error::Error>> {
        // Opened so that a register of another version is not copied as one of this version.
        Register::open(&self.register())?;
        let mut backup = Backup::begin(to, KIND)?;
        backup.sqlite("register.sqlite", &self.register())?;
        backup.folder("enclosures", &self.enclosures())?;
        Ok(backup.finish()?)
    }

    /// Gives the register the letters of the journal that it lacks; returns how many.
    pub fn replay(&self, journal: &Journal) -> Result<usize, Box<dyn std::error::Error>> {
        Ok(journal.replay(&Register::open(&self.register())?)?)
    }

    /// Restores a backup into a folder that has neither register nor enclosures.
    pub fn restore(&self, from: &Path) -> Result<(), Box<dyn std::error::Error>> {
        let backup = Backup::open(from, KIND)?;
        backup.restore(&[("enclosures", self.enclosures())])?;
        backup.restore_sqlite("register.sqlite", &self.register(), |restoring| {
            // Numbers of bundles that were written since the backup must not be used again.
            register::migrate(restoring)?;
            Register::open(restoring)?.begin_epoch(random::bytes::<8>()?.into())?;
            Ok(())
        })
    }
}

/// An account as the command line names it.
struct Wanted {
    name: String,
    roles: Vec<Role>,
    unit: Option<String>,
}

fn parse(text: &str) -> Result<Wanted, InitError> {
    let (name, rest) = text.split_once('=').ok_or(InitError::Account)?;
    let (roles, unit) = rest.split_once('@').map_or((rest, None), |(roles, unit)| (roles, Some(unit.to_owned())));
    account_keys::check_name(name).map_err(|_| InitError::Account)?;
    let roles: Vec<Role> = roles.split(',').map(Role::of_code).collect::<Option<_>>().ok_or(InitError::Account)?;
    if !account_keys::unit_fits(&roles, unit.as_deref()) {
        return Err(InitError::Account);
    }
    match conflict(&roles) {
        Some((one, other)) => Err(InitError::Conflict(one.code(), other.code())),
        None => Ok(Wanted { name: name.to_owned(), roles, unit }),
    }
}

/// Requires an officer to read letters, an auditor to confirm keys and an administrator to make further accounts, and
/// no name twice.
fn check(accounts: &[Wanted]) -> Result<(), InitError> {
    for needed in [Role::Officer, Role::Auditor, Role::Administrator] {
        if !accounts.iter().any(|account| account.roles.contains(&needed)) {
            return Err(InitError::Missing(needed.code()));
        }
    }
    for (index, account) in accounts.iter().enumerate() {
        if accounts[..index].iter().any(|earlier| earlier.name == account.name) {
            return Err(InitError::Twice(account.name.clone()));
        }
    }
    Ok(())
}

fn line(account: &Account) -> String {
    let roles: Vec<&str> = account.roles.iter().map(|role| role.code()).collect();
    format!("account {} {} {}\n", account.name, roles.join(","), account.verify_with)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_accounts_are_checked_before_anything_is_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let console = DataFolder::at(&folder.path().join("console"));
        let init = |accounts: &[&str]| {
            let accounts: Vec<String> = accounts.iter().map(|account| (*account).to_owned()).collect();
            console.init("demo.test", &accounts, false).map(|made| made.len()).map_err(|error| error.to_string())
        };
        let refused = |accounts: &[&str], reason: &str| {
            let said = init(accounts).expect_err(reason);
            assert!(said.contains(reason), "{said}");
            assert!(!console.accounts_public().exists());
        };
        refused(&["zhou=boss"], "roles officer");
        refused(&["qian=case-unit"], "case-unit@UNIT");
        refused(&["zhou=officer@somewhere"], "case-unit@UNIT");
        refused(&["zhou=officer,custodian"], "may not be held");
        refused(&["zhou=officer", "shen=auditor"], "at least one administrator");
        refused(&["zhou=officer", "zhou=auditor", "lin=administrator"], "named twice");
        assert_eq!(init(&["zhou=officer", "shen=auditor", "lin=administrator"]), Ok(3));
        assert!(init(&["zhou=officer", "shen=auditor", "lin=administrator"]).expect_err("there").contains("already"));
        let lines = fs::read_to_string(console.accounts_public()).expect("accounts");
        assert!(lines.starts_with("account zhou officer "));
    }
}
