//! A fresh letterbox on each database, and visits of strangers.
// Each test binary uses a part of it.
#![allow(dead_code)]

use bytes::Bytes;
use crypto::letters::enclosure_token::EnclosureLock;
use crypto::letters::mailbox::MailboxId;
use database::DatabaseUrl;
use letterbox::{Enclosure, Letterbox, LetterboxError, NewVisit, PartStore};
use model::{Day, LetterDigest};
use tempfile::TempDir;

pub(crate) struct Place {
    pub(crate) url: DatabaseUrl,
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) fn open(&self) -> Letterbox {
        let parts = PartStore::directory(&self.folder.path().join("parts")).expect("a store");
        Letterbox::open(&self.url, parts).expect("a letterbox")
    }
}

/// A fresh migrated letterbox on each database that this build knows.
pub(crate) fn places() -> Vec<Place> {
    let folder = || TempDir::new().expect("a folder");
    let sqlite = folder();
    let url = DatabaseUrl::Sqlite(sqlite.path().join("letterbox.sqlite"));
    let mut places = vec![Place { url, folder: sqlite }];
    if cfg!(feature = "postgres") {
        places.push(Place { url: fresh_postgres(), folder: folder() });
    }
    for place in &places {
        assert_eq!(letterbox::migrate(&place.url).expect("migrated").run, 1);
        assert_eq!(letterbox::migrate(&place.url).expect("migrated").run, 0);
    }
    places
}

fn fresh_postgres() -> DatabaseUrl {
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL: run this with scripts/with-postgres");
    let name = format!("letterbox_{}", random::row().expect("random bytes"));
    let mut create = std::process::Command::new("psql");
    create.arg(&server).arg("-qc").arg(format!("CREATE DATABASE {name}"));
    assert!(create.status().expect("psql starts").success());
    server.replace("/postgres?", &format!("/{name}?")).parse().expect("a URL")
}

/// Sends a part in two pieces.
pub(crate) async fn put(
    letterbox: &Letterbox,
    lock: EnclosureLock,
    attempt: u64,
    number: u32,
    bytes: Bytes,
) -> Result<Enclosure, LetterboxError> {
    let mut part = letterbox.receive_part().await.expect("begun");
    part.write(bytes.slice(..bytes.len() / 2)).await.expect("written");
    part.write(bytes.slice(bytes.len() / 2..)).await.expect("written");
    letterbox.put_part(lock, attempt, number, part).await
}

pub(crate) fn today() -> Day {
    "2026-11-23".parse().expect("a day")
}

pub(crate) fn visit(mailbox: u8, letter: u8, slot: u8) -> NewVisit {
    NewVisit {
        mailbox: MailboxId::from([mailbox; 32]),
        enclosure: lock(letter),
        letter: vec![letter; 70_000],
        first_slot: vec![slot; 30_000],
        day: today(),
        row: i64::from(mailbox) * 1000 + i64::from(letter) * 10 + i64::from(slot),
    }
}

pub(crate) fn lock(letter: u8) -> EnclosureLock {
    EnclosureLock::from([letter; 32])
}

/// A letter of the size that the exchange collects.
pub(crate) fn letter_for_exchange(mailbox: u8, letter: u8) -> NewVisit {
    NewVisit { letter: vec![letter; crypto::sealing::outer::SEALED], ..visit(mailbox, letter, 1) }
}

pub(crate) fn digest_for_exchange(letter: u8) -> LetterDigest {
    LetterDigest::of(&vec![letter; crypto::sealing::outer::SEALED])
}
