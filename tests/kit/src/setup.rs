//! Making an installation: keys, accounts, databases, configurations.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32};

use database::DatabaseUrl;
use tempfile::TempDir;

use crate::installation::{Database, Installation, PEOPLE, fresh_name, path, postgres_url};
use crate::program::{Running, run};
use crate::template::Template;

/// An installation without a statement.
static UNSIGNED: Template = Template::new();
/// An installation with a statement that is signed, and on its way to the portal in a bundle.
static SIGNED: Template = Template::new();
/// An installation without a statement, with other keys.
static OTHER: Template = Template::new();

/// A sample configuration in which lines are replaced, found by their beginnings.
fn configured(sample: &str, settings: &[(&str, String)]) -> String {
    let sample =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(sample)).expect("a sample");
    let set = |line: &str| {
        let setting = settings.iter().find(|(start, _)| line.starts_with(start));
        setting.map_or_else(|| line.to_owned(), |(_, value)| value.clone())
    };
    sample.lines().map(set).collect::<Vec<_>>().join("\n")
}

fn replace_in(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("the configuration");
    assert!(text.contains(from), "{from} is configured");
    fs::write(file, text.replacen(from, to, 1)).expect("written");
}

/// Makes a new database on the throw-away server; returns its URL.
fn fresh_postgres() -> String {
    let server = postgres_url();
    let name = format!("house_{}", fresh_name());
    let created = Command::new("psql").arg(&server).arg("-qc").arg(format!("CREATE DATABASE {name}")).status();
    assert!(created.expect("psql starts").success(), "a database is made");
    server.replace("/postgres?", &format!("/{name}?"))
}

impl Installation {
    /// An installation with keys, databases and a published statement. All installations made like this have the same
    /// keys and passwords, since deriving keys from the passwords of all accounts takes longer than most tests.
    #[must_use]
    pub fn new(database: Database) -> Self {
        let installation = SIGNED.copy(database, || {
            let installation = Self::without_statement(Database::Sqlite);
            installation.send_statement(&installation.signed_statement()).expect("sent");
            installation
        });
        installation.pass().expect("published");
        installation
    }

    /// An installation with other keys and a published statement, for tests that confuse two installations.
    #[must_use]
    pub fn with_other_keys(database: Database) -> Self {
        let installation = OTHER.copy(database, || Self::made(PEOPLE, true));
        installation.publish(&installation.signed_statement()).expect("published");
        installation
    }

    /// An installation in which the post has not published its keys.
    #[must_use]
    pub fn without_statement(database: Database) -> Self {
        UNSIGNED.copy(database, || Self::made(PEOPLE, true))
    }

    /// A copy of an installation, with a letterbox of its own.
    pub(crate) fn copied(&self, database: Database) -> Self {
        let copy = self.copied_whole();
        copy.configure(database);
        // A portal that is new, with the same key.
        copy.remove_letterbox();
        copy.portal_command(&["migrate"]).expect("migrated");
        copy
    }

    /// Starts a portal that is new, without anything of the one before but its key.
    #[must_use]
    pub fn with_new_portal(&self) -> Running {
        let database = match self.letterbox() {
            DatabaseUrl::Sqlite(_) => Database::Sqlite,
            DatabaseUrl::Postgres(_) => Database::Postgres,
        };
        self.configure_portal(database);
        self.remove_letterbox();
        self.portal_command(&["migrate"]).expect("migrated");
        self.portal()
    }

    fn remove_letterbox(&self) {
        for file in ["letterbox.sqlite", "letterbox.sqlite-wal", "letterbox.sqlite-shm"] {
            let _ = fs::remove_file(self.at("portal").join(file));
        }
        let _ = fs::remove_dir_all(self.at("portal/enclosures"));
    }

    /// A copy of an installation with everything that is in it.
    pub(crate) fn copied_whole(&self) -> Self {
        let copy = Self {
            folder: TempDir::new().expect("a folder"),
            passwords: self.passwords.clone(),
            days_ahead: AtomicU32::new(0),
            requires_confinement: AtomicBool::new(false),
        };
        let from = self.folder.path().join(".");
        let copied = Command::new("cp").arg("-a").arg(&from).arg(copy.folder.path()).status().expect("cp starts");
        assert!(copied.success(), "the installation is copied");
        copy
    }

    /// Makes an installation with these accounts and keys of its own, in which the post has not published its keys.
    /// Without `keep_passwords` everybody must change the first password.
    #[must_use]
    pub fn with_people(database: Database, people: &[&str], keep_passwords: bool) -> Self {
        let installation = Self::made(people, keep_passwords);
        installation.configure(database);
        installation.portal_command(&["migrate"]).expect("migrated");
        installation
    }

    /// Makes everything but the portal and the configurations.
    fn made(people: &[&str], keep_passwords: bool) -> Self {
        let mut installation = Self {
            folder: TempDir::new().expect("a folder"),
            passwords: BTreeMap::new(),
            days_ahead: AtomicU32::new(0),
            requires_confinement: AtomicBool::new(false),
        };
        let made = run("recorder", &["--folder", path(&installation.at("recorder")), "init", "--name", "demo.test"]);
        fs::write(installation.at("recorder.public"), made.expect("keys")).expect("written");
        run("recorder", &["--folder", path(&installation.at("recorder")), "migrate"]).expect("migrated");
        let made =
            run("witness", &["--folder", path(&installation.at("witness")), "init", "--name", "demo.test/witness"]);
        fs::write(installation.at("witness.public"), made.expect("a key")).expect("written");
        fs::create_dir(installation.at("checkpoints")).expect("a folder");
        installation.init_console(people, keep_passwords);
        let made = run(
            "reviewer-console",
            &["root", "--folder", path(&installation.at("root")), "init", "--name", "demo.test"],
        );
        fs::write(installation.at("root.public"), made.expect("keys")).expect("written");
        installation.sign_year();
        fs::create_dir(installation.at("exchange")).expect("a folder");
        installation.configure_portal(Database::Sqlite);
        let made = installation.portal_command(&["init", "--name", "demo.test"]).expect("a key");
        fs::write(installation.at("portal.public"), made).expect("written");
        installation.configure_console();
        installation
    }

    fn init_console(&mut self, people: &[&str], keep_passwords: bool) {
        let console = self.at("console");
        let mut arguments = vec!["init", "--folder", path(&console), "--name", "demo.test"];
        for person in people {
            arguments.extend(["--account", person]);
        }
        if keep_passwords {
            arguments.push("--keep-passwords");
        }
        let printed = run("reviewer-console", &arguments).expect("accounts");
        for line in printed.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            self.passwords.insert(words[0].to_owned(), words[2].to_owned());
        }
        let accounts = self.at("console/accounts.public");
        run("recorder", &["--folder", path(&self.at("recorder")), "enroll", path(&accounts)]).expect("enrolled");
    }

    fn sign_year(&self) {
        let (root, keys) = (self.at("root"), self.at("console/keys.note"));
        let public = [self.at("console/post.public"), self.at("recorder.public"), self.at("witness.public")];
        let mut sign = vec!["root", "--folder", path(&root), "sign-keys", "--out", path(&keys)];
        sign.extend(public.iter().map(|file| path(file)));
        run("reviewer-console", &sign).expect("signed");
    }

    /// The portal's key, which signs its bundles.
    fn portal_key(&self) -> String {
        let public = fs::read_to_string(self.at("portal.public")).expect("the portal's key");
        public.trim().strip_prefix("portal ").expect("a key").to_owned()
    }

    fn configure(&self, database: Database) {
        self.configure_portal(database);
        self.configure_console();
    }

    fn configure_portal(&self, database: Database) {
        let url = match database {
            Database::Sqlite => "sqlite:letterbox.sqlite".to_owned(),
            Database::Postgres => fresh_postgres(),
        };
        let settings = [
            ("listen = ", "listen = \"127.0.0.1:0\"".to_owned()),
            ("database = ", format!("database = {url:?}")),
            ("root_key = ", format!("root_key = {:?}", self.root_key().to_string())),
            ("demo = ", "demo = true".to_owned()),
            ("keep_for_letters = ", "keep_for_letters = 64".to_owned()),
            // Tests send more than a county does.
            ("visits_per_second = ", "visits_per_second = 5000".to_owned()),
        ];
        fs::create_dir_all(self.at("portal")).expect("a folder");
        fs::write(self.at("portal/portal.toml"), configured("portal/portal.sample.toml", &settings)).expect("written");
    }

    fn configure_console(&self) {
        let settings = [
            ("listen = ", "listen = \"127.0.0.1:0\"".to_owned()),
            ("recorder = ", "recorder = \"../recorder.sock\"".to_owned()),
            ("root_key = ", format!("root_key = {:?}", self.root_key().to_string())),
            ("portal_key = ", format!("portal_key = {:?}", self.portal_key())),
            ("at = [", "at = []".to_owned()),
            ("journal = ", "journal = \"../journal\"".to_owned()),
            ("checkpoint_folder = ", "checkpoint_folder = \"../checkpoints\"".to_owned()),
            ("wait = ", "wait = 0".to_owned()),
        ];
        let text = configured("reviewer-console/console.sample.toml", &settings);
        fs::write(self.at("console/console.toml"), text).expect("written");
    }

    /// Replaces a piece of text, which must be there, in the portal's configuration.
    pub fn reconfigure(&self, from: &str, to: &str) {
        replace_in(&self.at("portal/portal.toml"), from, to);
    }

    /// Replaces a piece of text, which must be there, in the console's configuration.
    pub fn reconfigure_console(&self, from: &str, to: &str) {
        replace_in(&self.at("console/console.toml"), from, to);
    }
}
