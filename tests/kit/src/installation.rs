//! An installation: keys of all roles, a portal, a recorder and a console in a temporary folder, made by
//! the programs' own commands.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32};

use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{KeyStatement, VerifiedStatement};
use crypto::sealing::recipient::HybridRecipient;
use database::DatabaseUrl;
use model::Day;
use opening::{HybridIdentity, Password, PostKeys, Salt};
use tempfile::TempDir;

use crate::program::{run, run_typing};

/// Which database the letterbox is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in the installation.
    Sqlite,
    /// The throw-away server of `scripts/with-postgres`, a database of its own.
    Postgres,
}

impl Database {
    /// Both kinds of database.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// An installation with keys and a published statement.
pub struct Installation {
    pub(crate) folder: TempDir,
    pub(crate) passwords: BTreeMap<String, String>,
    pub(crate) days_ahead: AtomicU32,
    pub(crate) requires_confinement: AtomicBool,
}

/// The case unit of an installation.
pub const UNIT: &str = "平桥执法中队";

/// The accounts of an installation: two officers, three approvers, a custodian, a case unit, two of finance, an
/// auditor, an administrator.
pub const PEOPLE: &[&str] = &[
    "zhou=officer",
    "wu=officer",
    "he=approver",
    "mei=approver",
    "tan=approver",
    "bao=custodian",
    "qian=case-unit@平桥执法中队",
    "fang=finance",
    "gao=finance",
    "shen=auditor",
    "lin=administrator",
];

/// The day of the system clock, in Asia/Shanghai.
#[must_use]
#[allow(clippy::disallowed_methods)]
pub fn today() -> Day {
    Day::of(jiff::Timestamp::now())
}

/// Random hexadecimal digits, for names that must be new.
#[must_use]
pub fn fresh_name() -> String {
    hex::encode(random::bytes::<8>().expect("random bytes"))
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

impl Installation {
    /// First password of an account.
    #[must_use]
    pub fn password(&self, account: &str) -> &str {
        &self.passwords[account]
    }

    /// Path of a file or folder in the installation.
    #[must_use]
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The letterbox's database, from the portal's configuration.
    #[must_use]
    pub fn letterbox(&self) -> DatabaseUrl {
        let text = fs::read_to_string(self.at("portal/portal.toml")).expect("the configuration");
        let url = text.lines().find_map(|line| line.strip_prefix("database = \"")?.strip_suffix('"'));
        match url.expect("a database").parse().expect("a URL") {
            DatabaseUrl::Sqlite(file) => DatabaseUrl::Sqlite(self.at("portal").join(file)),
            postgres @ DatabaseUrl::Postgres(_) => postgres,
        }
    }

    /// The root's verification key.
    #[must_use]
    pub fn root_key(&self) -> NoteKey {
        let public = fs::read_to_string(self.at("root.public")).expect("the root's key");
        NoteKey::parse(public.trim().strip_prefix("root ").expect("a root")).expect("a key")
    }

    /// Signs a new statement and returns its file. Uses the recorder that is running, or starts one for this.
    #[must_use]
    pub fn signed_statement(&self) -> PathBuf {
        let running = UnixStream::connect(self.at("recorder.sock")).is_ok();
        let _recorder = (!running).then(|| self.recorder());
        let (console, recorder, out) = (self.at("console"), self.at("recorder.public"), self.at("statement.json"));
        let arguments = ["statement", "--folder", path(&console), "--account", "zhou"];
        let files = ["--recorder", path(&recorder), "--out", path(&out)];
        self.as_officer("zhou", &[arguments.as_slice(), &files].concat()).expect("signed");
        run("recorder", &["--folder", path(&self.at("recorder")), "cosign", path(&out)]).expect("cosigned");
        out
    }

    /// Runs a command of the console that asks for a password, and types it.
    pub fn as_officer(&self, account: &str, arguments: &[&str]) -> Result<String, String> {
        run_typing("reviewer-console", arguments, self.password(account))
    }

    /// Runs a whole exchange with an officer's keys, or without: the portal's bundles to the console, and the console's to
    /// the portal. Returns what the console said.
    pub fn exchange(&self, account: Option<&str>) -> Result<String, String> {
        self.pass()?;
        let said = self.exchange_only(account)?;
        self.pass()?;
        Ok(said)
    }

    /// Applies the console's bundles at the portal, and writes those for the console.
    pub fn pass(&self) -> Result<String, String> {
        let arguments = self.pass_arguments();
        run("portal", &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Does what [`Installation::pass`] does, and accepts a console's new epoch.
    pub fn pass_from(&self, epoch: &str) -> Result<String, String> {
        let mut arguments = self.pass_arguments();
        arguments.extend(["--accept-epoch".to_owned(), epoch.to_owned()]);
        run("portal", &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(crate) fn pass_arguments(&self) -> Vec<String> {
        let (config, folder) = (self.at("portal/portal.toml"), self.at("exchange"));
        ["--config", path(&config), "pass", "--folder", path(&folder)].map(str::to_owned).to_vec()
    }

    /// Runs the console's side of the exchange alone.
    pub fn exchange_only(&self, account: Option<&str>) -> Result<String, String> {
        let console = self.at("console");
        let arguments = ["exchange", "--folder", path(&console)];
        match account {
            Some(account) => self.as_officer(account, &[&arguments, ["--account", account].as_slice()].concat()),
            None => run("reviewer-console", &arguments),
        }
    }

    /// Publishes a statement at the portal, with an exchange.
    pub fn publish(&self, statement: &Path) -> Result<String, String> {
        self.send_statement(statement)?;
        self.pass()
    }

    /// Has a statement go with the console's next bundle, and writes that. Uses the recorder that is running, or starts one
    /// for this.
    pub fn send_statement(&self, statement: &Path) -> Result<String, String> {
        let console = self.at("console");
        run("reviewer-console", &["publish", "--folder", path(&console), path(statement)])?;
        let running = UnixStream::connect(self.at("recorder.sock")).is_ok();
        let _recorder = (!running).then(|| self.recorder());
        self.exchange_only(None)
    }

    /// The keys of the newest signed statement, verified from the root key.
    #[must_use]
    pub fn keys(&self) -> VerifiedStatement {
        let text = fs::read_to_string(self.at("statement.json")).expect("a statement");
        let bundle: KeyStatement = serde_json::from_str(&text).expect("a bundle");
        let signed_on: Day =
            bundle.statement.lines().find_map(|line| line.strip_prefix("from ")?.parse().ok()).expect("a day");
        bundle.verify(&self.root_key(), signed_on, None).expect("verifies")
    }

    /// A private key of the installation, which no portal has.
    #[must_use]
    pub fn identity(&self, file: &str) -> HybridIdentity {
        HybridIdentity::parse(&fs::read_to_string(self.at(file)).expect("a key")).expect("a key")
    }

    /// The recorder's outer key of the first period, which no console has.
    #[must_use]
    pub fn outer_key(&self) -> HybridIdentity {
        let files = fs::read_dir(self.at("recorder/outer")).expect("outer keys");
        let names = files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"));
        let key = names.filter(|name| name.strip_suffix(".key").is_some()).min().expect("a key");
        self.identity(&format!("recorder/outer/{key}"))
    }

    /// The post's private keys, as an officer's session has them.
    #[must_use]
    pub fn post_keys(&self) -> PostKeys {
        let account = self.account("zhou");
        let password = Password::typed(self.password("zhou")).expect("a password");
        let (_, slot) = password.derive(&Salt::from_bytes(account.salt)).expect("derived");
        PostKeys::open(&slot, &account.post_keys.expect("an officer's keys")).expect("opens")
    }

    /// The recipient that an account's keys are sealed to.
    #[must_use]
    pub fn slot_of(&self, account: &str) -> HybridRecipient {
        self.account(account).recipient.parse().expect("a recipient")
    }

    fn account(&self, name: &str) -> register::Account {
        self.register().account(name).expect("asked").expect("an account")
    }

    /// Runs a command of the portal.
    pub fn portal_command(&self, arguments: &[&str]) -> Result<String, String> {
        let config = self.at("portal/portal.toml");
        run("portal", &[&["--config", path(&config)], arguments].concat())
    }

    /// The key that signs checkpoints of the log.
    #[must_use]
    pub fn log_key(&self) -> NoteKey {
        let public = fs::read_to_string(self.at("recorder.public")).expect("the recorder's keys");
        let key = public.lines().find_map(|line| line.strip_prefix("log ")).expect("a log key");
        NoteKey::parse(key).expect("a key")
    }
}

/// The throw-away server's address, from `TEST_POSTGRES_URL`.
#[must_use]
pub fn postgres_url() -> String {
    std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL: run these tests with `make test` or scripts/with-postgres")
}
