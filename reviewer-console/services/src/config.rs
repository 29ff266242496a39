//! The configuration file. `console.sample.toml` documents every setting; a test reads it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bundle::BundleFolder;
use confinement::Rights;
use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{BadStatement, YearKeys};
use recorder_protocol::{RecorderAddress, tls};
use serde::Deserialize;

use crate::accounts::audience::Audience;
use crate::cases::feeds::{BadFeed, Feed, FeedSettings};
use crate::data_folder::DataFolder;
use crate::exchange::checkpoint_folder::CheckpointFolder;
use crate::exchange::passage::Passage;
use crate::intake::journal::{Journal, JournalError};
use crate::intake::settings::IntakeSettings;
use crate::mail::MailSettings;
use crate::schedule::TimeOfDay;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    listen: String,
    #[serde(default)]
    hosts: Vec<String>,
    recorder: String,
    recorder_certificate: Option<PathBuf>,
    root_key: String,
    keys: PathBuf,
    cases: Option<WrittenListener>,
    finance: Option<WrittenListener>,
    policy: Option<PathBuf>,
    witness: Option<WrittenWitness>,
    exchange: WrittenExchange,
    #[serde(default)]
    sessions: WrittenSessions,
    mail: Option<MailSettings>,
    #[serde(default)]
    feeds: Vec<FeedSettings>,
    intake: Option<IntakeSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenListener {
    listen: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWitness {
    checkpoint_folder: PathBuf,
    wait: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenExchange {
    folder: PathBuf,
    portal_key: String,
    journal: PathBuf,
    at: Vec<TimeOfDay>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSessions {
    idle: u64,
    longest: u64,
}

impl Default for WrittenSessions {
    /// 15 minutes without a request, and 8 hours in all.
    fn default() -> Self {
        Self { idle: 15, longest: 480 }
    }
}

/// Where the console listens: only where no other machine can reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// A loopback address with its port.
    Loopback(SocketAddr),
    /// Path of a Unix socket.
    Socket(PathBuf),
}

/// Addresses from the environment, which override those of the file.
#[derive(Default)]
struct Addresses {
    post: Option<String>,
    cases: Option<String>,
    finance: Option<String>,
}

/// The checked configuration of a console.
pub struct ConsoleConfig {
    folder: PathBuf,
    written: Written,
    listen: Listen,
    cases: Option<Listen>,
    finance: Option<Listen>,
    root_key: NoteKey,
}

/// Why the configuration is refused. Names the setting, never its value: a URL may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The configuration, or the file of the year's keys, cannot be read.
    #[error("the configuration {path} cannot be read")]
    Read {
        /// Path of the file.
        path: String,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The configuration does not parse; holds the parser's message.
    #[error("the configuration cannot be understood: {0}")]
    Form(String),
    /// An address to listen on is not on this machine.
    #[error(
        "listen, cases.listen and finance.listen are each a loopback address such as 127.0.0.1:8081 or unix:PATH; anything else is refused"
    )]
    Listen,
    /// The recorder's address is malformed, or does not fit the presence of its certificate.
    #[error("recorder is the path of a socket, or tls:HOST:PORT together with recorder_certificate")]
    Recorder,
    /// A certificate cannot be read or used.
    #[error("recorder_certificate, or this console's own certificate (run reviewer-console tls)")]
    Tls(#[from] tls::TlsError),
    /// The portal's key is malformed.
    #[error("exchange.portal_key is not a key of the form name+id+base64, as portal init prints it")]
    PortalKey,
    /// The key that signs outward bundles is missing.
    #[error("the key that signs bundles")]
    ExchangeKey(#[from] opening::KeyFolderError),
    /// The folder in which bundles are checked cannot be made.
    #[error("the folder in which bundles are checked cannot be made")]
    Spool(#[source] std::io::Error),
    /// The root key is malformed.
    #[error("root_key is not a key of the form name+id+base64")]
    RootKey,
    /// The year's keys are malformed or not signed by the root.
    #[error("keys is not signed by the root, or not of its form")]
    Keys(#[from] BadStatement),
    /// The limits of sessions are impossible: zero, or idle above longest.
    #[error("sessions.idle and sessions.longest are minutes, at least 1, idle the shorter")]
    Sessions,
}

impl ConsoleConfig {
    /// Reads `console.toml` in the console's folder. `CONSOLE_ADDR`, `CASES_ADDR` and `FINANCE_ADDR` override its
    /// addresses.
    pub fn read(folder: &Path) -> Result<Self, BadConfig> {
        let path = DataFolder::at(folder).config();
        let text = read(&path)?;
        let variable = |name| std::env::var(name).ok();
        let addresses = Addresses {
            post: variable("CONSOLE_ADDR"),
            cases: variable("CASES_ADDR"),
            finance: variable("FINANCE_ADDR"),
        };
        Self::parse(&text, folder.to_owned(), &addresses)
    }

    fn parse(text: &str, folder: PathBuf, instead: &Addresses) -> Result<Self, BadConfig> {
        let written: Written = toml::from_str(text).map_err(|error| BadConfig::Form(error.message().to_owned()))?;
        let listen = Listen::parse(instead.post.as_deref().unwrap_or(&written.listen), &folder)?;
        let listener = |written: &Option<WrittenListener>, instead: Option<&str>| {
            let at = written.as_ref().map(|listener| instead.unwrap_or(&listener.listen));
            at.map(|at| Listen::parse(at, &folder)).transpose()
        };
        let cases = listener(&written.cases, instead.cases.as_deref())?;
        let finance = listener(&written.finance, instead.finance.as_deref())?;
        let root_key = NoteKey::parse(&written.root_key).map_err(|_| BadConfig::RootKey)?;
        if written.sessions.idle == 0 || written.sessions.idle > written.sessions.longest {
            return Err(BadConfig::Sessions);
        }
        Ok(Self { folder, written, listen, cases, finance, root_key })
    }

    /// Where the listener of an audience is; none if its section is left out.
    #[must_use]
    pub fn listen(&self, audience: Audience) -> Option<&Listen> {
        match audience {
            Audience::Post => Some(&self.listen),
            Audience::Cases => self.cases.as_ref(),
            Audience::Finance => self.finance.as_ref(),
        }
    }

    /// The folder of the reward rules; none if the built-in ones are used.
    pub(crate) fn policy(&self) -> Option<PathBuf> {
        self.written.policy.as_ref().map(|policy| self.folder.join(policy))
    }

    /// Host names that requests may be for, beside those of this machine.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        &self.written.hosts
    }

    /// Address of the recorder: a socket on this machine, or TLS to another machine with a known certificate.
    pub(crate) fn recorder(&self) -> Result<RecorderAddress, BadConfig> {
        match (self.written.recorder.strip_prefix("tls:"), &self.written.recorder_certificate) {
            (None, None) => Ok(RecorderAddress::Socket(self.folder.join(&self.written.recorder))),
            (Some(address), Some(certificate)) => {
                let config = tls::client(&self.folder, &self.folder.join(certificate))?;
                Ok(RecorderAddress::Machine(address.to_owned(), config))
            }
            _ => Err(BadConfig::Recorder),
        }
    }

    /// The year's keys, verified with the root key.
    pub(crate) fn keys(&self) -> Result<YearKeys, BadConfig> {
        let text = self.root_key.verified_text(&self.keys_note()?).map_err(BadStatement::from)?;
        Ok(YearKeys::parse(&text)?)
    }

    /// The year's keys as a note signed by the root, not verified here.
    pub fn keys_note(&self) -> Result<String, BadConfig> {
        read(&self.folder.join(&self.written.keys))
    }

    /// The journal of letters.
    pub fn journal(&self) -> Result<Journal, JournalError> {
        Journal::open(&self.folder.join(&self.written.exchange.journal), &self.folder)
    }

    /// The folder of bundles, and the keys of both sides.
    pub(crate) fn passage(&self) -> Result<Passage, BadConfig> {
        let spool = self.folder.join("spool");
        std::fs::create_dir_all(&spool).map_err(BadConfig::Spool)?;
        Ok(Passage {
            folder: BundleFolder::at(&self.folder.join(&self.written.exchange.folder)),
            portal_key: NoteKey::parse(&self.written.exchange.portal_key).map_err(|_| BadConfig::PortalKey)?,
            key: DataFolder::at(&self.folder).exchange_key()?,
            year: self.keys_note()?,
            spool,
        })
    }

    /// What the serving process may still do after its start: its own folder, the folders of bundles, checkpoints and
    /// case events, and connections only if the configuration names somebody to connect to.
    pub fn rights(&self) -> Result<Rights, Box<dyn std::error::Error>> {
        let feeds = self.feeds()?;
        let mut writes = vec![self.folder.clone(), Rights::mount(&self.folder.join(&self.written.exchange.folder))];
        writes.push(Rights::mount(&self.folder.join(&self.written.exchange.journal)));
        writes.extend(self.witness().map(|witness| Rights::mount(&witness.folder)));
        writes.extend(feeds.iter().filter_map(|feed| feed.directory().map(Path::to_owned)));
        let named = [Some(&self.written.keys), self.written.recorder_certificate.as_ref()];
        let mut reads: Vec<PathBuf> = named.into_iter().flatten().map(|path| self.folder.join(path)).collect();
        reads.extend(self.policy());
        reads.extend(self.mail().into_iter().flat_map(|mail| mail.files(&self.folder)));
        let rights = Rights { reads, writes, connects: false };
        let connects = self.mail().is_some()
            || self.written.recorder.starts_with("tls:")
            || feeds.iter().any(|feed| feed.directory().is_none());
        Ok(if connects { rights.with_names() } else { rights })
    }

    /// The root's verification key.
    pub(crate) fn root_key(&self) -> &NoteKey {
        &self.root_key
    }

    /// The receivers of case events, each checked.
    pub fn feeds(&self) -> Result<Vec<Feed>, BadFeed> {
        self.written.feeds.iter().map(|feed| Feed::new(feed, &self.folder)).collect()
    }

    /// Settings of the listener for clues of other systems; none without one.
    #[must_use]
    pub fn intake(&self) -> Option<&IntakeSettings> {
        self.written.intake.as_ref()
    }

    /// The folder shared with a witness, and how long an exchange waits for its answer; none without a witness.
    pub(crate) fn witness(&self) -> Option<CheckpointFolder> {
        let witness = self.written.witness.as_ref()?;
        Some(CheckpointFolder {
            folder: self.folder.join(&witness.checkpoint_folder),
            wait: Duration::from_secs(witness.wait),
        })
    }

    /// Times of day at which exchanges run.
    #[must_use]
    pub fn exchange_at(&self) -> &[TimeOfDay] {
        &self.written.exchange.at
    }

    pub(crate) fn idle(&self) -> Duration {
        Duration::from_secs(self.written.sessions.idle * 60)
    }

    pub(crate) fn longest(&self) -> Duration {
        Duration::from_secs(self.written.sessions.longest * 60)
    }

    /// Settings of the daily mail; none without one.
    #[must_use]
    pub fn mail(&self) -> Option<&MailSettings> {
        self.written.mail.as_ref()
    }

    /// Path of the console's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether this is a demonstration, by the name of the root key.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.root_key.is_demo()
    }
}

fn read(path: &Path) -> Result<String, BadConfig> {
    std::fs::read_to_string(path).map_err(|source| BadConfig::Read { path: path.display().to_string(), source })
}

impl Listen {
    fn parse(text: &str, folder: &Path) -> Result<Self, BadConfig> {
        if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Self::Socket(folder.join(path)));
        }
        let address: SocketAddr = text.parse().map_err(|_| BadConfig::Listen)?;
        if address.ip().is_loopback() { Ok(Self::Loopback(address)) } else { Err(BadConfig::Listen) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> String {
        let key = opening::NoteSigningKey::<crypto::keys::note_text::RootKey>::from_seed("demo.test/root", &[1; 32])
            .expect("a key")
            .public()
            .to_string();
        include_str!("../../console.sample.toml").replace("tiantai.example/root+…", &key)
    }

    #[test]
    fn the_sample_is_understood_with_and_without_mail() {
        let config =
            ConsoleConfig::parse(&sample(), PathBuf::from("/console"), &Addresses::default()).expect("understood");
        assert_eq!(
            config.listen(Audience::Post),
            Some(&Listen::Loopback("127.0.0.1:8081".parse().expect("an address")))
        );
        let Ok(RecorderAddress::Socket(socket)) = config.recorder() else { panic!("a socket") };
        assert_eq!(socket, PathBuf::from("/console/../run/recorder.sock"));
        let elsewhere = sample().replace("../run/recorder.sock", "tls:10.0.0.2:7443");
        let alone = ConsoleConfig::parse(&elsewhere, PathBuf::new(), &Addresses::default()).expect("understood");
        assert!(matches!(alone.recorder(), Err(BadConfig::Recorder)), "whose certificate?");
        assert_eq!((config.idle().as_secs(), config.longest().as_secs()), (900, 28_800));
        assert!(config.mail().is_none());
        let witness = config.witness().expect("a witness");
        assert_eq!((witness.folder, witness.wait.as_secs()), (PathBuf::from("/console/../run/witness"), 2));
        let (settings, mail) =
            sample().split_once("# [mail]").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("mail");
        let mail: Vec<&str> = mail.lines().map(|line| line.trim_start_matches("# ")).collect();
        let mail = mail.join("\n");
        let config = ConsoleConfig::parse(&format!("{settings}[mail]{mail}"), PathBuf::new(), &Addresses::default())
            .expect("understood");
        assert!(config.mail().is_some());
    }

    #[test]
    fn only_this_machine_may_reach_it() {
        let at = |address: &str| {
            let address = Some(address.to_owned());
            Addresses { post: address.clone(), cases: address.clone(), finance: address }
        };
        for refused in ["0.0.0.0:8081", "192.168.1.4:8081", "[::]:8081", "example:8081", "8081", "unix:"] {
            let said = ConsoleConfig::parse(&sample(), PathBuf::new(), &at(refused)).err();
            assert!(matches!(said, Some(BadConfig::Listen)), "{refused}");
        }
        for taken in ["[::1]:0", "127.0.0.2:9000", "unix:console.sock"] {
            assert!(ConsoleConfig::parse(&sample(), PathBuf::new(), &at(taken)).is_ok(), "{taken}");
        }
    }
}
