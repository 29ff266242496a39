//! A house: keys of all roles, a portal and a recorder in a temporary folder, made by the
//! programs' own commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crypto::day::Day;
use crypto::statement::{KeyStatement, NoteKey, Verified};
use database::DatabaseUrl;
use opening::HybridIdentity;
use tempfile::TempDir;

use crate::program::{Running, programs, run};

/// Which database the letterbox is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in the house.
    Sqlite,
    /// The throw-away server of `tests/with-postgres`, a database of its own.
    Postgres,
}

impl Database {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// A house with keys and a published statement.
pub struct House {
    folder: TempDir,
}

/// Random lower-case letters, for names that must be new.
#[must_use]
pub fn fresh_name() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("random bytes");
    hex::encode(bytes)
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

impl House {
    /// Makes keys, databases and a statement.
    #[must_use]
    pub fn new(database: Database) -> Self {
        let house = Self::without_statement(database);
        house.publish(&house.signed_statement()).expect("published");
        house
    }

    /// The same, but the post has not published its keys.
    #[must_use]
    pub fn without_statement(database: Database) -> Self {
        let house = Self { folder: TempDir::new().expect("a folder") };
        let at = |name: &str| house.at(name);
        let made = run("recorder", &["--folder", path(&at("recorder")), "init", "--name", "demo.test"]);
        fs::write(at("recorder.public"), made.expect("keys")).expect("written");
        run("recorder", &["--folder", path(&at("recorder")), "migrate"]).expect("migrated");
        let made = run("reviewer-console", &["init", "--folder", path(&at("console")), "--name", "demo.test"]);
        fs::write(at("post.public"), made.expect("keys")).expect("written");
        run("reviewer-console", &["migrate", "--folder", path(&at("console"))]).expect("migrated");
        let made = run("reviewer-console", &["root", "--folder", path(&at("root")), "init", "--name", "demo.test"]);
        fs::write(at("root.public"), made.expect("keys")).expect("written");
        house.configure(database);
        house.portal_command(&["migrate"]).expect("migrated");
        house
    }

    fn configure(&self, database: Database) {
        let url = match database {
            Database::Sqlite => "sqlite:letterbox.sqlite".to_owned(),
            Database::Postgres => fresh_postgres(),
        };
        let sample = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../portal/portal.sample.toml"));
        let settings = [
            ("listen = ", "listen = \"127.0.0.1:0\"".to_owned()),
            ("database = ", format!("database = {url:?}")),
            ("root_key = ", format!("root_key = {:?}", self.root_key().to_string())),
            ("demo = ", "demo = true".to_owned()),
            ("keep_for_letters = ", "keep_for_letters = 64".to_owned()),
        ];
        let sample = sample.expect("the sample configuration");
        let set = |line: &str| {
            let setting = settings.iter().find(|(start, _)| line.starts_with(start));
            setting.map_or_else(|| line.to_owned(), |(_, value)| value.clone())
        };
        let text: Vec<String> = sample.lines().map(set).collect();
        fs::create_dir_all(self.at("portal")).expect("a folder");
        fs::write(self.at("portal/portal.toml"), text.join("\n")).expect("written");
    }

    /// Changes the portal's configuration: replaces one piece of text, which must be there.
    pub fn reconfigure(&self, from: &str, to: &str) {
        let file = self.at("portal/portal.toml");
        let text = fs::read_to_string(&file).expect("the configuration");
        assert!(text.contains(from), "{from} is configured");
        fs::write(file, text.replace(from, to)).expect("written");
    }

    /// A path in the house.
    #[must_use]
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The letterbox's database, as the portal is told.
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

    /// Signs a fresh statement and gives its file.
    #[must_use]
    pub fn signed_statement(&self) -> PathBuf {
        let at = |name: &str| self.at(name);
        let (keys, out) = (at("keys.note"), at("statement.json"));
        let (root, post, recorder) = (at("root"), at("post.public"), at("recorder.public"));
        let sign = ["root", "--folder", path(&root), "sign", path(&post), path(&recorder), "--out", path(&keys)];
        run("reviewer-console", &sign).expect("signed");
        let console = at("console");
        let arguments = [
            ["statement", "--folder", path(&console), "--keys", path(&keys)],
            ["--recorder", path(&recorder), "--out", path(&out), ""],
        ]
        .concat();
        run("reviewer-console", &arguments[..9]).expect("signed");
        run("recorder", &["--folder", path(&at("recorder")), "cosign", path(&out)]).expect("cosigned");
        out
    }

    /// Publishes a statement at the portal.
    pub fn publish(&self, statement: &Path) -> Result<String, String> {
        self.portal_command(&["publish", path(statement)])
    }

    /// The keys that are published.
    #[must_use]
    pub fn keys(&self) -> Verified {
        let text = fs::read_to_string(self.at("statement.json")).expect("a statement");
        let bundle: KeyStatement = serde_json::from_str(&text).expect("a bundle");
        let signed_on: Day =
            bundle.statement.lines().find_map(|line| line.strip_prefix("from ")?.parse().ok()).expect("a day");
        bundle.verify(&self.root_key(), signed_on, None).expect("verifies")
    }

    /// A private key of the house, which no portal has.
    #[must_use]
    pub fn identity(&self, file: &str) -> HybridIdentity {
        HybridIdentity::parse(&fs::read_to_string(self.at(file)).expect("a key")).expect("a key")
    }

    /// Runs a command of the portal.
    pub fn portal_command(&self, arguments: &[&str]) -> Result<String, String> {
        let config = self.at("portal/portal.toml");
        run("portal", &[&["--config", path(&config)], arguments].concat())
    }

    /// Starts the portal on a free port.
    #[must_use]
    pub fn portal(&self) -> Running {
        let mut command = Command::new(programs().join("portal"));
        command.arg("--config").arg(self.at("portal/portal.toml")).arg("serve");
        command.env("TMPDIR", self.temporary()).env_remove("PORTAL_ADDR");
        Running::start(command, &self.at("portal.log"))
    }

    /// Starts the recorder on its socket.
    #[must_use]
    pub fn recorder(&self) -> Running {
        let mut command = Command::new(programs().join("recorder"));
        command.arg("--folder").arg(self.at("recorder")).arg("serve").arg("--socket").arg(self.at("recorder.sock"));
        command.env("TMPDIR", self.temporary());
        Running::start(command, &self.at("recorder.log"))
    }

    fn temporary(&self) -> PathBuf {
        let folder = self.at("temporary");
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }
}

/// A new database on the throw-away server.
fn fresh_postgres() -> String {
    let server = postgres_url();
    let name = format!("house_{}", fresh_name());
    let created = Command::new("psql").arg(&server).arg("-qc").arg(format!("CREATE DATABASE {name}")).status();
    assert!(created.expect("psql starts").success(), "a database is made");
    server.replace("/postgres?", &format!("/{name}?"))
}

/// The throw-away server's address.
#[must_use]
pub fn postgres_url() -> String {
    std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL: run these tests with `make test` or tests/with-postgres")
}
