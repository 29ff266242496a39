//! Tests of the letterbox on both databases.

mod place;

#[cfg(feature = "postgres")]
use bundle::{BundleHead, MailboxRange, Taken};
#[cfg(feature = "postgres")]
use bytes::Bytes;
use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{BadStatement, KeyStatement};
use crypto::letters::mailbox::MailboxId;
#[cfg(feature = "postgres")]
use crypto::sealing::enclosure::EnclosureSize;
use database::DatabaseUrl;
#[cfg(feature = "postgres")]
use letterbox::{ExchangeState, PublicNote};
use letterbox::{Letterbox, LetterboxError, NewVisit, PartStore};
#[cfg(feature = "postgres")]
use place::{Place, digest_for_exchange, letter_for_exchange, lock, put};
use place::{places, today, visit};

#[tokio::test]
async fn a_mailbox_keeps_its_first_slot_whoever_comes() {
    for place in places() {
        let letterbox = place.open();
        assert_eq!(letterbox.visit(visit(1, 1, 1)).await.expect("kept"), vec![1; 30_000]);
        assert_eq!(letterbox.visit(visit(1, 2, 2)).await.expect("kept"), vec![1; 30_000]);
        assert_eq!(letterbox.visit(visit(1, 1, 3)).await.expect("kept"), vec![1; 30_000], "a repeated letter");
        assert_eq!(letterbox.visit(visit(2, 3, 4)).await.expect("kept"), vec![4; 30_000]);
    }
}

#[tokio::test]
async fn two_mailboxes_with_the_same_row_key_are_not_mixed() {
    for place in places() {
        let letterbox = place.open();
        letterbox.visit(visit(1, 1, 1)).await.expect("kept");
        let mut hash = [1; 32];
        hash[31] = 9;
        let other = NewVisit { mailbox: MailboxId::from(hash), row: 77, ..visit(1, 2, 2) };
        assert!(letterbox.visit(other).await.is_err());
        assert!(matches!(letterbox.enclosure(lock(2)).await, Err(LetterboxError::NoEnclosure)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_all_answered_and_kept_once() {
    for place in places() {
        let letterbox = place.open();
        let senders = (0..120_u8).map(|n| {
            let letterbox = letterbox.clone();
            tokio::spawn(async move { letterbox.visit(visit(n % 60, n, n % 60)).await })
        });
        for (n, sender) in senders.collect::<Vec<_>>().into_iter().enumerate() {
            let slot = sender.await.expect("no panic").expect("kept");
            assert_eq!(usize::from(slot[0]), n % 60);
        }
    }
}

#[tokio::test]
async fn statements_are_verified_and_never_go_back() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../vectors/statement.json")).expect("JSON");
    let root = NoteKey::parse(vectors[0]["root"].as_str().expect("a root")).expect("a key");
    let bundle =
        |case: usize| -> KeyStatement { serde_json::from_value(vectors[case]["bundle"].clone()).expect("one") };
    for place in places() {
        let letterbox = place.open();
        assert!(letterbox.latest_statement().await.expect("asked").is_none());
        letterbox.publish_statement(bundle(0), &root, today()).await.expect("published");
        letterbox.publish_statement(bundle(0), &root, today()).await.expect("published again");
        assert_eq!(letterbox.latest_statement().await.expect("asked"), Some((7, bundle(0))));
        let expired = letterbox.publish_statement(bundle(0), &root, today().plus_days(31)).await;
        assert!(matches!(expired, Err(LetterboxError::Statement(BadStatement::NotInForce))));
        let altered = letterbox.publish_statement(bundle(8), &root, today()).await;
        assert!(matches!(altered, Err(LetterboxError::Statement(BadStatement::Signature))));
    }
}

#[test]
fn an_unknown_schema_is_refused() {
    for place in places() {
        let parts = PartStore::directory(place.folder.path()).expect("a store");
        drop(Letterbox::open(&place.url, parts.clone()).expect("opens"));
        change(&place.url, "DELETE FROM __diesel_schema_migrations");
        let refused = Letterbox::open(&place.url, parts.clone()).err();
        assert!(matches!(refused, Some(LetterboxError::Database(database::DatabaseError::Schema { found: 0, .. }))));
        change(&place.url, "INSERT INTO __diesel_schema_migrations (version) VALUES ('0001'), ('9999')");
        let refused = Letterbox::open(&place.url, parts).err();
        assert!(matches!(refused, Some(LetterboxError::Database(database::DatabaseError::Schema { unknown: 1, .. }))));
    }
}

fn change(url: &DatabaseUrl, sql: &'static str) {
    let writer = database::Writer::start(url.clone()).expect("a writer");
    writer
        .write(move |connection| diesel::connection::SimpleConnection::batch_execute(connection, sql))
        .wait()
        .expect("changed");
}

/// Opens the letterbox as a database role with the grants of a file of `deploy/`.
#[cfg(feature = "postgres")]
fn as_role(place: &Place, name: &str, grants: &str) -> Letterbox {
    let DatabaseUrl::Postgres(owner) = &place.url else { panic!("PostgreSQL") };
    let database = owner.split('/').nth(3).and_then(|rest| rest.split('?').next()).expect("a database");
    let role = database.replace("letterbox", name);
    psql(&[owner, "-c", &format!("CREATE ROLE {role} LOGIN")]);
    let file = format!("{}/../../deploy/{grants}", env!("CARGO_MANIFEST_DIR"));
    psql(&[owner, "-v", &format!("{name}={role}"), "-f", &file]);
    let url = owner.replace("postgres@", &format!("{role}@")).parse().expect("a URL");
    let parts = PartStore::directory(&place.folder.path().join("parts")).expect("a store");
    Letterbox::open(&url, parts).expect("a letterbox")
}

/// On PostgreSQL each side's role can do its own work, and the portal's role cannot read a letter.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn the_portals_role_cannot_read_letters_and_that_of_pass_can_do_its_work() {
    let place = places().remove(1);
    let letterbox = as_role(&place, "portal", "letterbox-role.sql");
    let size = EnclosureSize::holding(1).expect("a size");
    for _ in 0..2 {
        letterbox.visit(visit(1, 1, 1)).await.expect("kept");
        letterbox.begin_enclosure(lock(1), size, 5).await.expect("begun");
    }
    let whole = put(&letterbox, lock(1), 2, 0, Bytes::from(vec![0; size.sealed()])).await.expect("kept");
    assert!(whole.complete);
    assert!(letterbox.waiting_letters(None, 1).await.is_err(), "the portal may not read what a letter holds");
    assert!(letterbox.publish_note(PublicNote::Checkpoint, "note".to_owned()).await.is_err(), "nor publish anything");
    place.open().begin_first_epoch([1; 8].into()).await.expect("begun");
    assert!(!letterbox.exchange_state().await.expect("asked").serves());
    letterbox.visit(letter_for_exchange(2, 2)).await.expect("kept");
    let pass = as_role(&place, "exchange", "exchange-role.sql");
    let waiting = pass.waiting_letters(None, 10).await.expect("letters").letters;
    let head = BundleHead::first([1; 8].into(), today());
    pass.note_bundle(head, waiting.iter().map(|letter| letter.row).collect(), Vec::new()).await.expect("noted");
    let name = (MailboxId::from([2; 32]), digest_for_exchange(2));
    pass.acknowledge_letters(vec![(name, Taken::EnclosureWanted)], today()).await.expect("noted");
    letterbox.begin_enclosure(lock(2), size, 7).await.expect("begun");
    put(&letterbox, lock(2), 1, 0, Bytes::from(vec![0; size.sealed()])).await.expect("kept");
    let whole = pass.waiting_enclosures(0).await.expect("enclosures").enclosures[0];
    assert!(pass.close_enclosure(whole).await.expect("closed"));
    pass.acknowledge_enclosures(vec![(name, 1)], today()).await.expect("noted");
    pass.send_lost_again(9).await.expect("nothing is lost");
    let slots = vec![(name.0, Some(vec![7; 20])), ([3; 32].into(), Some(vec![8; 20])), ([4; 32].into(), None)];
    assert!(!pass.replace_slots(slots).await.expect("replaced"), "one of them is not known and has no slot");
    pass.sweep(today().plus_days(3)).await.expect("swept");
    pass.drop_unnamed(MailboxRange::ALL, &[]).await.expect("dropped");
    pass.compact().await.expect("nothing to do");
    pass.send_all_again().await.expect("nothing is here");
    for note in ["first", "second"] {
        pass.publish_note(PublicNote::Checkpoint, note.to_owned()).await.expect("published");
        assert_eq!(letterbox.latest_note(PublicNote::Checkpoint).await.expect("asked").as_deref(), Some(note));
    }
    let state = pass.exchange_state().await.expect("asked");
    pass.keep_exchange_state(ExchangeState { covered: Some(i64::MAX), ..state }).await.expect("kept");
    assert!(letterbox.exchange_state().await.expect("asked").serves());
}

#[cfg(feature = "postgres")]
fn psql(arguments: &[&str]) {
    let done = std::process::Command::new("psql").args(["-qv", "ON_ERROR_STOP=1"]).args(arguments).status();
    assert!(done.expect("psql starts").success(), "{arguments:?}");
}

/// Table and column names must be equal, in order.
#[test]
fn both_databases_have_the_same_migrations_and_columns() {
    let folder = |dialect: &str| format!("{}/../../migrations/letterbox/{dialect}", env!("CARGO_MANIFEST_DIR"));
    let migrations = |dialect: &str| {
        let entries = std::fs::read_dir(folder(dialect)).expect("migrations");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(migrations("sqlite"), migrations("postgres"));
    for name in migrations("sqlite") {
        let columns = |dialect: &str| {
            let path = std::path::Path::new(&folder(dialect)).join(&name).join("up.sql");
            let text = std::fs::read_to_string(path).expect("SQL");
            text.lines()
                .filter(|line| line.starts_with("CREATE TABLE") || line.starts_with("    "))
                .map(|line| {
                    line.split_whitespace()
                        .take(if line.starts_with(' ') { 1 } else { 3 })
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(columns("sqlite"), columns("postgres"), "{name:?}");
    }
}
