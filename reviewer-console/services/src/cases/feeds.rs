//! Delivering case events to other systems. Each receiver gets every event in order, in a folder or by webhook. A
//! failed delivery is tried again without limit and across restarts: the register stores how far each receiver is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use register::{Event, Register};
use serde::Deserialize;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::resources::Resources;

/// Wait after the first failed delivery; it doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(5);
/// Longest wait: a receiver that is down for a day gets about a hundred attempts.
const LONGEST: Duration = Duration::from_mins(15);
/// Time limit for delivering one event to a webhook.
const PATIENCE: Duration = Duration::from_secs(20);
/// Events delivered to a receiver in one run, so that it does not keep the others waiting.
const AT_ONCE: usize = 200;

/// A receiver in the configuration file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedSettings {
    /// Identifies the receiver in the register: lower-case letters, digits and hyphens.
    pub name: String,
    directory: Option<PathBuf>,
    webhook: Option<String>,
    /// Certificate of the receiver or of its authority, in PEM, if no public authority vouches for it.
    certificate: Option<PathBuf>,
}

/// Why a receiver cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadFeed {
    /// The name is malformed, or not exactly one of directory and webhook is given.
    #[error("feeds.{0}: a name of small letters, digits and hyphens, and either directory or webhook")]
    Form(String),
    /// The address is neither https nor on this machine.
    #[error("feeds.{0}: a webhook is an https address, or http on this machine")]
    Address(String),
    /// The certificate file cannot be read or parsed.
    #[error("feeds.{0}: the certificate cannot be read")]
    Certificate(String),
}

/// Where events are delivered.
enum Way {
    Directory(PathBuf),
    Webhook(String, Box<Agent>),
}

/// A receiver, and the time of its next delivery.
pub struct Feed {
    name: String,
    way: Way,
    wait: Duration,
    next: Instant,
}

/// Why an event was not delivered. Names no address, which may hold a secret.
#[derive(Debug, thiserror::Error)]
enum NotTaken {
    #[error("the folder cannot be written")]
    Folder(#[from] std::io::Error),
    #[error("the receiver answered {0}")]
    Answer(u16),
    #[error("the receiver cannot be reached")]
    Unreachable,
    #[error("the register failed")]
    Register(#[from] database::DatabaseError),
}

impl Feed {
    /// The folder that events are written into; none for a webhook.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        match &self.way {
            Way::Directory(directory) => Some(directory),
            Way::Webhook(..) => None,
        }
    }

    /// Checks the settings of a receiver. Paths are relative to the console's folder.
    pub fn new(settings: &FeedSettings, folder: &Path) -> Result<Self, BadFeed> {
        let FeedSettings { name, directory, webhook, certificate } = settings.clone();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let way = match (directory, webhook) {
            (Some(directory), None) => Way::Directory(folder.join(directory)),
            (None, Some(webhook)) => {
                let here = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
                let local = here.iter().any(|start| {
                    webhook.strip_prefix(start).is_some_and(|rest| rest.starts_with([':', '/']) || rest.is_empty())
                });
                if !webhook.starts_with("https://") && !local {
                    return Err(BadFeed::Address(name));
                }
                let certificate = certificate.map(|path| folder.join(path));
                let agent = agent(certificate.as_deref()).ok_or_else(|| BadFeed::Certificate(name.clone()))?;
                Way::Webhook(webhook, Box::new(agent))
            }
            _ => return Err(BadFeed::Form(name)),
        };
        if name.is_empty() || !name.chars().all(plain) {
            return Err(BadFeed::Form(name));
        }
        Ok(Self { name, way, wait: FIRST, next: now() })
    }

    /// Delivers events that the receiver does not have yet, at most 200, unless it is waiting after a failure.
    pub fn tell(&mut self, resources: &Resources) {
        if now() < self.next {
            return;
        }
        for _ in 0..AT_ONCE {
            match self.tell_one(&resources.register) {
                Ok(true) => self.wait = FIRST,
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(
                        code = "feed.waiting",
                        "feed {} not delivered, tried again: {}",
                        self.name,
                        program::chain(&error)
                    );
                    self.next = now() + self.wait;
                    self.wait = (self.wait * 2).min(LONGEST);
                    return;
                }
            }
        }
    }

    /// Delivers the next event; false if there is none.
    fn tell_one(&self, register: &Register) -> Result<bool, NotTaken> {
        let Some((number, event)) = register.next_event(&self.name)? else { return Ok(false) };
        match &self.way {
            Way::Directory(folder) => put(folder, number, &event)?,
            Way::Webhook(url, agent) => post(agent, url, &event)?,
        }
        // Recorded only after delivery: a receiver may get an event twice, and knows it by its id, but it never misses
        // one.
        register.note_delivered(&self.name, number)?;
        Ok(true)
    }
}

// Retries are timed by the monotonic clock; no time is stored.
fn now() -> Instant {
    Instant::now()
}

fn agent(certificate: Option<&Path>) -> Option<Agent> {
    let roots = match certificate {
        None => RootCerts::PlatformVerifier,
        Some(path) => {
            let pem = fs::read(path).ok()?;
            RootCerts::new_with_certs(&[Certificate::from_pem(&pem).ok()?])
        }
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build();
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).tls_config(tls);
    Some(config.timeout_global(Some(PATIENCE)).user_agent("qingniao").build().into())
}

fn post(agent: &Agent, url: &str, event: &Event) -> Result<(), NotTaken> {
    let request = agent.post(url).header("content-type", "application/cloudevents+json; charset=utf-8");
    let answer = request.header("qingniao-signature", &event.signature).send(event.event.as_bytes());
    let status = answer.map_err(|_| NotTaken::Unreachable)?.status().as_u16();
    if (200..300).contains(&status) { Ok(()) } else { Err(NotTaken::Answer(status)) }
}

/// Writes two files, the event last, so that a reader who sees `000012.json` finds its signature beside it.
fn put(folder: &Path, number: i64, event: &Event) -> Result<(), NotTaken> {
    fs::create_dir_all(folder)?;
    for (ending, content) in [("sig", &event.signature), ("json", &event.event)] {
        program::files::write_whole(folder, &format!("{number:06}.{ending}"), content.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a certificate of its own a receiver is verified by the system's; the client must be able to do so.
    #[test]
    fn a_receiver_that_the_systems_authorities_do_not_know_is_not_told() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("https://{}/hook", listener.local_addr().expect("an address"));
        std::thread::spawn(move || drop(listener.accept()));
        let event = Event { event: "{}".to_owned(), signature: "s".to_owned() };
        let told = post(&agent(None).expect("an agent"), &url, &event);
        assert!(matches!(told, Err(NotTaken::Unreachable)));
    }

    fn settings(text: &str) -> FeedSettings {
        toml::from_str(text).expect("settings")
    }

    #[test]
    fn a_receiver_is_a_folder_or_an_address_that_is_safe() {
        let new = |text: &str| Feed::new(&settings(text), Path::new("/console"));
        assert!(new("name = \"a\"\ndirectory = \"out\"").is_ok());
        assert!(new("name = \"a\"\nwebhook = \"https://enforcement.example/hook\"").is_ok());
        assert!(new("name = \"a\"\nwebhook = \"http://127.0.0.1:9000/\"").is_ok());
        for wrong in [
            "name = \"a\"",
            "name = \"A b\"\ndirectory = \"out\"",
            "name = \"a\"\ndirectory = \"out\"\nwebhook = \"https://x.example\"",
            "name = \"a\"\nwebhook = \"http://enforcement.example/\"",
            "name = \"a\"\nwebhook = \"http://127.0.0.1.evil.example/\"",
            "name = \"a\"\nwebhook = \"https://x.example\"\ncertificate = \"missing.pem\"",
        ] {
            assert!(new(wrong).is_err(), "{wrong}");
        }
        assert!(toml::from_str::<FeedSettings>("name = \"a\"\ntoken = \"x\"").is_err());
    }

    #[test]
    fn events_lie_in_a_folder_with_their_signatures() {
        let folder = tempfile::tempdir().expect("a folder");
        let event = Event { event: "{}".to_owned(), signature: "c2ln".to_owned() };
        put(&folder.path().join("out"), 7, &event).expect("put");
        put(&folder.path().join("out"), 7, &event).expect("told twice is one file");
        let names = fs::read_dir(folder.path().join("out")).expect("files");
        let mut names: Vec<_> =
            names.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        assert_eq!(names, ["000007.json", "000007.sig"]);
    }
}
