//! The configuration file. `portal.sample.toml` documents every setting; a test reads it.

use std::path::{Path, PathBuf};

use casework::rules::{BadPolicy, Policy, RuleSets};
use crypto::keys::note_key::NoteKey;
use database::DatabaseUrl;
use letterbox::{BadPartsUrl, PartStore};
use serde::Deserialize;

/// The settings as written in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    listen: String,
    database: String,
    enclosures: String,
    root_key: String,
    #[serde(default)]
    demo: bool,
    post: PostNames,
    /// The place where rewards are paid, shown on the claim note.
    paying: Option<PostNames>,
    policy: Option<PathBuf>,
    exchange: WrittenExchange,
    #[serde(default)]
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenExchange {
    key: PathBuf,
}

/// The reward post's name, shown at the foot of every page.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostNames {
    pub(crate) zh: String,
    pub(crate) en: String,
}

/// Limits of capacity. None is per visitor, since the site cannot tell visitors apart.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// Visits accepted per second; more wait in line.
    pub(crate) visits_per_second: u32,
    /// Longest wait in line in seconds, after which a visit is refused as busy.
    pub(crate) longest_wait: u64,
    /// Whole enclosure parts put on disk at once.
    pub(crate) parts_at_once: usize,
    /// Free space in MiB below which no enclosures are accepted; it is reserved for letters.
    pub(crate) keep_for_letters: u64,
    /// Free space in MiB below which no letters are accepted: the database must still be able to close.
    pub(crate) keep_free: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { visits_per_second: 10, longest_wait: 60, parts_at_once: 32, keep_for_letters: 2048, keep_free: 64 }
    }
}

/// A configuration whose settings were checked.
pub(crate) struct Config {
    folder: PathBuf,
    written: Written,
    pub(crate) root_key: NoteKey,
    /// The newest reward rules, which the rules page explains; the signed manifest covers that page.
    pub(crate) policy: Policy,
}

/// Why the configuration is refused. Errors name the setting, never its value, since a URL may contain a password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadConfig {
    #[error("the configuration {path} cannot be read")]
    Read { path: String, source: std::io::Error },
    #[error("the configuration cannot be understood: {0}")]
    Form(String),
    #[error("database: {0}")]
    Database(#[from] database::BadUrl),
    #[error("enclosures")]
    Parts(#[from] BadPartsUrl),
    #[error("root_key is not a key of the form name+id+base64")]
    RootKey,
    #[error("root_key is marked as one for demonstration; a real installation needs a root of its own")]
    DemoKey,
    #[error("demo = true goes with a demonstration key only")]
    NotDemoKey,
    #[error("the reward rules are refused")]
    Policy(#[from] BadPolicy),
    #[error("the folder of the reward rules cannot be read, or has none")]
    PolicyFolder(#[source] std::io::Error),
}

/// The newest rules in a folder, or those built into the program.
fn newest(folder: Option<PathBuf>) -> Result<Policy, BadConfig> {
    let own = folder.map(|folder| program::rule_files::read(&folder)).transpose().map_err(BadConfig::PolicyFolder)?;
    let sets = RuleSets::of_house(own.as_deref())?;
    sets.newest().map(|set| set.policy.clone()).ok_or(BadConfig::Policy(BadPolicy::None))
}

impl Config {
    pub(crate) fn read(path: &Path) -> Result<Self, BadConfig> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| BadConfig::Read { path: path.display().to_string(), source })?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Self::parse(&text, folder)
    }

    fn parse(text: &str, folder: PathBuf) -> Result<Self, BadConfig> {
        let written: Written = toml::from_str(text).map_err(|error| BadConfig::Form(error.message().to_owned()))?;
        let root_key = NoteKey::parse(&written.root_key).map_err(|_| BadConfig::RootKey)?;
        match (root_key.is_demo(), written.demo) {
            (true, false) => Err(BadConfig::DemoKey),
            (false, true) => Err(BadConfig::NotDemoKey),
            _ => {
                let policy = newest(written.policy.as_ref().map(|policy| folder.join(policy)))?;
                Ok(Self { folder, written, root_key, policy })
            }
        }
    }

    /// The address to listen on; the environment variable `PORTAL_ADDR` overrides the file.
    pub(crate) fn listen(&self) -> String {
        std::env::var("PORTAL_ADDR").unwrap_or_else(|_| self.written.listen.clone())
    }

    pub(crate) fn database(&self) -> Result<DatabaseUrl, BadConfig> {
        Ok(match self.written.database.parse()? {
            DatabaseUrl::Sqlite(path) => DatabaseUrl::Sqlite(self.folder.join(path)),
            other @ DatabaseUrl::Postgres(_) => other,
        })
    }

    pub(crate) fn parts(&self) -> Result<PartStore, BadConfig> {
        Ok(match self.local_enclosures() {
            Some(folder) => PartStore::directory(&folder)?,
            None => PartStore::open(&self.written.enclosures)?,
        })
    }

    /// The directory of the enclosures, if they are stored in one.
    pub(crate) fn local_enclosures(&self) -> Option<PathBuf> {
        self.written.enclosures.strip_prefix("file:").map(|path| self.folder.join(path))
    }

    /// The folder and the file of the key that signs inward bundles.
    pub(crate) fn exchange_key(&self) -> (PathBuf, String) {
        let path = self.folder.join(&self.written.exchange.key);
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (path.parent().map(Path::to_owned).unwrap_or_default(), file)
    }

    /// The folder in which bundles are checked before they are applied.
    pub(crate) fn spool(&self) -> PathBuf {
        self.folder.join("spool")
    }

    /// Folders whose free space limits what is accepted: those of the database and of the enclosure parts.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let database = self.written.database.strip_prefix("sqlite:");
        let database = database.map(|path| self.folder.join(path).parent().map(Path::to_owned).unwrap_or_default());
        let all = database.into_iter().chain(self.local_enclosures());
        all.map(|path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }).collect()
    }

    pub(crate) fn demo(&self) -> bool {
        self.written.demo
    }

    pub(crate) fn paying(&self) -> Option<&PostNames> {
        self.written.paying.as_ref()
    }

    pub(crate) fn post(&self) -> &PostNames {
        &self.written.post
    }

    pub(crate) fn limits(&self) -> Limits {
        self.written.limits
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../portal.sample.toml");
    const DEMO_ROOT: &str = "demo.vectors/root+52124183+AYqI490Kj8uXBcGT9OlUTbSm8POwbCqkn+RfhVmBcpdc";

    /// A configuration for tests of pages.
    pub(crate) fn demo() -> Config {
        let vectors = include_str!("../../vectors/statement.json");
        let cases: serde_json::Value = serde_json::from_str(vectors).expect("JSON");
        let text = SAMPLE
            .replace("demo = false", "demo = true")
            .replace(ROOT_LINE, &format!("root_key = {}", cases[0]["root"]));
        Config::parse(&text, PathBuf::new()).expect("the sample")
    }

    const ROOT_LINE: &str = "root_key = \"tiantai.example/root+…\"";

    #[test]
    fn the_sample_is_complete_and_understood() {
        let config = demo();
        assert!(config.demo());
        assert_eq!(config.limits().parts_at_once, 32);
        assert!(config.database().is_ok());
    }

    #[test]
    fn a_demonstration_key_is_refused_in_production() {
        let vectors = include_str!("../../vectors/statement.json");
        let cases: serde_json::Value = serde_json::from_str(vectors).expect("JSON");
        let text = SAMPLE.replace(ROOT_LINE, &format!("root_key = {}", cases[0]["root"]));
        assert!(matches!(Config::parse(&text, PathBuf::new()), Err(BadConfig::DemoKey)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let unknown = format!("surprise = 1\n{SAMPLE}");
        let refused = Config::parse(&unknown, PathBuf::new()).err().expect("refused");
        assert!(refused.to_string().contains("surprise"), "{refused}");
        assert!(matches!(Config::parse(SAMPLE, PathBuf::new()), Err(BadConfig::RootKey)));
        assert!(NoteKey::parse(DEMO_ROOT).is_err(), "an id that is not the key's");
    }
}
