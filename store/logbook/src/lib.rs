//! The recorder's tables: the order of first receipt, the access log, the access records of reporters, and the
//! roster.

mod accounts;
mod disclosed;
mod entries;
mod entry;
mod openings;
mod receipts;
mod report_numbers;
mod salt;
mod schema;
mod tree;
mod verify;

use std::path::Path;
use std::sync::Arc;

use database::{DatabaseError, DatabaseUrl, Migrated, Migrations, Readers, Writer};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use accounts::{AccountChange, StoredAccount};
pub use disclosed::DisclosedEntry;
pub use entry::{Accompanying, EntryQuery, NewEntry, NotAppended};
pub use tree::{NoProof, NoTiles};
pub use verify::{ExportedEntry, Found, LogDefect, VerifiedLog};

const MIGRATIONS: Migrations = || {
    const ALL: EmbeddedMigrations = embed_migrations!("../../migrations/logbook");
    ALL
};

/// Brings the logbook to this version's schema.
pub fn migrate(file: &Path) -> Result<Migrated, DatabaseError> {
    database::migrate(&DatabaseUrl::Sqlite(file.to_owned()), MIGRATIONS)
}

/// An open logbook. Clones share it.
#[derive(Clone)]
pub struct Logbook {
    writer: Writer,
    readers: Arc<Readers>,
}

impl Logbook {
    /// Opens a migrated logbook. Fails if the schema is not this version's. Adds leaves to entries that have none.
    pub fn open(file: &Path) -> Result<Self, DatabaseError> {
        let url = DatabaseUrl::Sqlite(file.to_owned());
        database::refuse_unknown_schema(&url, MIGRATIONS)?;
        let logbook = Self { writer: Writer::start(url.clone())?, readers: Arc::new(Readers::of(url)) };
        logbook.grow()?;
        Ok(logbook)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::keys::signature::VerificationKey;
    use crypto::letters::mailbox::MailboxId;
    use diesel::RunQueryDsl as _;
    use model::{LetterDigest, Purpose, Role};

    fn digest(byte: u8) -> LetterDigest {
        LetterDigest::from([byte; 32])
    }

    /// A letter from mailbox 1.
    fn letter(byte: u8) -> (LetterDigest, MailboxId) {
        (digest(byte), [1; 32].into())
    }

    fn logbook() -> (Logbook, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("logbook.sqlite");
        migrate(&file).expect("migrated");
        (Logbook::open(&file).expect("a logbook"), folder)
    }

    #[test]
    fn the_order_has_no_gaps_and_repeating_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("logbook.sqlite");
        assert!(Logbook::open(&file).is_err(), "not migrated");
        assert_eq!(migrate(&file).expect("migrated").run, 1);
        let logbook = Logbook::open(&file).expect("a logbook");
        let now = || "2026-11-23T01:02:03Z".to_owned();
        assert_eq!(logbook.receive(vec![letter(1), letter(2), letter(1)], now()).expect("places"), [1, 2, 1]);
        assert_eq!(logbook.receive(vec![letter(3), letter(2)], now()).expect("places"), [3, 2]);
        drop(logbook);
        let again = Logbook::open(&file).expect("a logbook");
        assert_eq!(again.receive(vec![letter(4), letter(3)], now()).expect("places"), [4, 3]);
    }

    fn opening(byte: u8, nonce: &str) -> NewEntry {
        NewEntry {
            account: "zhou".to_owned(),
            action: "open-letter".to_owned(),
            letter: Some(digest(byte)),
            nonce: Some(nonce.to_owned()),
            ..NewEntry::default()
        }
    }

    fn by(person: u32, day: &str) -> Accompanying {
        Accompanying::Opening { day: day.to_owned(), role: Role::Officer, person, purpose: Purpose::Review }
    }

    #[test]
    fn openings_are_numbered_once_for_each_person_purpose_and_day() {
        let (logbook, _folder) = logbook();
        logbook.receive(vec![letter(1), letter(2)], String::new()).expect("received");
        assert_eq!(logbook.append(opening(1, "a"), by(1, "2026-11-23")).expect("asked"), Ok(3));
        assert_eq!(logbook.append(opening(2, "b"), by(1, "2026-11-23")).expect("asked"), Ok(4));
        assert_eq!(logbook.append(opening(1, "c"), by(2, "2026-11-23")).expect("asked"), Ok(5));
        assert_eq!(logbook.append(opening(1, "c"), by(2, "2026-11-24")).expect("asked"), Err(NotAppended::Replayed));
        let unknown = logbook.append(opening(9, "d"), by(1, "2026-11-23")).expect("asked");
        assert_eq!(unknown, Err(NotAppended::UnknownLetter));
        let today = "2026-11-24".parse().expect("a day");
        let lists = logbook.access_lists(vec![[1; 32].into(), [2; 32].into()], today, 5).expect("lists");
        let people: Vec<_> = lists[0].0.records.iter().map(|record| (record.number, record.person)).collect();
        assert_eq!(people, [(1, 1), (2, 2)]);
        assert!(lists[0].0.earlier.is_empty());
        assert!(lists[1].0.records.is_empty());
        let now = logbook.checkpoint().expect("a checkpoint");
        let (list, proofs) = &lists[0];
        assert_eq!(proofs.iter().map(|proof| proof.sequence).collect::<Vec<_>>(), [3, 5]);
        for (proof, record) in proofs.iter().zip(&list.records) {
            proof.check(&now, &list.mailbox, record).expect("proved");
        }
        let lists = logbook.access_lists(vec![[1; 32].into()], today, 4).expect("lists");
        assert_eq!(lists[0].1.len(), 1, "the second one is newer than that checkpoint");
        let about = |report| EntryQuery { report: Some(report), ..EntryQuery::default() };
        assert_eq!(logbook.entries(about(1), 10).expect("entries").len(), 5, "both letters are one report");
        assert!(logbook.entries(about(2), 10).expect("entries").is_empty());
        let one = logbook.entries(EntryQuery::default(), 1).expect("entries");
        assert_eq!(one[0].sequence, 5, "newest first");
    }

    #[test]
    fn a_long_list_keeps_openings_of_the_identity_with_their_proofs_and_counts_the_rest() {
        let (logbook, _folder) = logbook();
        logbook.receive(vec![letter(1)], String::new()).expect("received");
        for number in 0..50_u32 {
            let entry = opening(1, &number.to_string());
            let mut with = by(number, "2026-11-23");
            if let (6, Accompanying::Opening { purpose, .. }) = (number, &mut with) {
                *purpose = Purpose::OpenIdentity;
            }
            logbook.append(entry, with).expect("asked").expect("appended");
        }
        let now = logbook.checkpoint().expect("a checkpoint");
        let today = "2026-11-23".parse().expect("a day");
        let lists = logbook.access_lists(vec![[1; 32].into()], today, now.size).expect("lists");
        let (list, proofs) = &lists[0];
        assert_eq!(list.earlier.iter().map(|earlier| earlier.count).collect::<Vec<_>>(), [19]);
        assert_eq!((list.records[0].number, list.records[1].number, list.records.len()), (7, 21, 31));
        assert_eq!(proofs.len(), list.records.len());
        for (proof, record) in proofs.iter().zip(&list.records) {
            proof.check(&now, &list.mailbox, record).expect("proved");
        }
    }

    #[test]
    fn a_person_keeps_the_number_under_a_new_key() {
        let (logbook, _folder) = logbook();
        let key = |seed| VerificationKey::of(&ed25519_dalek::SigningKey::from_bytes(&[seed; 32]));
        let confirm = |account: &str, seed| {
            let change =
                AccountChange::Confirm { account: account.to_owned(), roles: vec![Role::Officer], key: key(seed) };
            logbook.append(NewEntry::default(), Accompanying::Person(change)).expect("asked")
        };
        assert_eq!([confirm("zhou", 1), confirm("wu", 2), confirm("zhou", 3)], [Ok(1), Ok(2), Ok(3)]);
        let zhou = logbook.person("zhou").expect("asked").expect("zhou");
        assert_eq!((zhou.number, zhou.key, zhou.confirmed), (1, key(3), true));
        let revoke = |account: &str| Accompanying::Person(AccountChange::Revoke { account: account.to_owned() });
        assert_eq!(logbook.append(NewEntry::default(), revoke("zhou")).expect("asked"), Ok(4));
        assert!(!logbook.person("zhou").expect("asked").expect("zhou").confirmed);
        let nobody = logbook.append(NewEntry::default(), revoke("zheng")).expect("asked");
        assert_eq!(nobody, Err(NotAppended::UnknownPerson));
        assert_eq!(logbook.entries(EntryQuery::default(), 10).expect("entries").len(), 4, "what failed left no entry");
    }

    #[test]
    fn what_was_recorded_is_never_altered_or_deleted() {
        let (logbook, _folder) = logbook();
        logbook.receive(vec![letter(1)], String::new()).expect("a place");
        logbook.append(opening(1, "a"), by(1, "2026-11-23")).expect("asked").expect("appended");
        let refused = |statement: &'static str| {
            let written = logbook.writer.write(move |connection| diesel::sql_query(statement).execute(connection));
            assert!(written.wait().is_err(), "{statement}");
        };
        for table in ["first_receipts", "entries", "openings", "tree", "checkpoints"] {
            logbook.keep_checkpoint(1, "note".to_owned()).expect("kept");
            refused(Box::leak(format!("DELETE FROM {table}").into_boxed_str()));
        }
        refused("UPDATE first_receipts SET sequence = 9");
        refused("UPDATE entries SET account = 'nobody'");
        refused("UPDATE openings SET person = 9");
        assert_eq!(logbook.receive(vec![letter(1)], String::new()).expect("a place"), [1]);
    }
}
