//! Tests of the letterbox on both databases.

mod place;

use bytes::Bytes;
use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{BadStatement, KeyStatement};
use crypto::letters::mailbox::MailboxId;
use crypto::sealing::enclosure::EnclosureSize;
use database::DatabaseUrl;
use diesel::connection::SimpleConnection as _;
use letterbox::{Letterbox, LetterboxError, NewVisit, PartStore, PublicNote};
#[cfg(feature = "postgres")]
use place::Place;
use place::{digest_for_exchange, letter_for_exchange, lock, places, put, today, visit};

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
async fn the_portals_role_cannot_read_letters_and_the_exchanges_can_take_them() {
    let place = places().remove(1);
    let letterbox = as_role(&place, "portal", "letterbox-role.sql");
    let size = EnclosureSize::holding(1).expect("a size");
    for _ in 0..2 {
        letterbox.visit(visit(1, 1, 1)).await.expect("kept");
        letterbox.begin_enclosure(lock(1), size, 5).await.expect("begun");
    }
    let whole = put(&letterbox, lock(1), 2, 0, Bytes::from(vec![0; size.sealed()])).await.expect("kept");
    assert!(whole.complete);
    assert!(letterbox.uncollected(None, 1).await.is_err(), "the portal may not read what a letter holds");
    letterbox.visit(letter_for_exchange(2, 2)).await.expect("kept");
    let exchange = as_role(&place, "exchange", "exchange-role.sql");
    let waiting = exchange.uncollected(None, 10).await.expect("letters").letters;
    let rows: Vec<i64> = waiting.iter().map(|letter| letter.row).collect();
    exchange.collected(rows.clone(), rows).await.expect("kept for their enclosures");
    letterbox.begin_enclosure(lock(2), size, 7).await.expect("begun");
    assert_eq!(exchange.begun_enclosures().await.expect("enclosures").enclosures.len(), 1);
    exchange.visit(letter_for_exchange(2, 4)).await.expect("entered by hand");
    exchange.collected(vec![letter_for_exchange(2, 4).row], Vec::new()).await.expect("removed");
    let mailbox = MailboxId::from([2; 32]);
    exchange.replace_slots(vec![(mailbox, vec![7; 20])]).await.expect("replaced");
    exchange.sweep(today().plus_days(1)).await.expect("swept");
    exchange.drop_mailboxes(vec![mailbox]).await.expect("dropped");
    exchange.compact().await.expect("nothing to do");
    assert_eq!(letterbox.latest_note(PublicNote::Checkpoint).await.expect("asked"), None);
    for note in ["first", "second"] {
        exchange.publish_note(PublicNote::Checkpoint, note.to_owned()).await.expect("published");
        assert_eq!(letterbox.latest_note(PublicNote::Checkpoint).await.expect("asked").as_deref(), Some(note));
    }
    assert!(letterbox.publish_note(PublicNote::Checkpoint, "third".to_owned()).await.is_err(), "the portal may not");
}

#[cfg(feature = "postgres")]
fn psql(arguments: &[&str]) {
    let done = std::process::Command::new("psql").args(["-qv", "ON_ERROR_STOP=1"]).args(arguments).status();
    assert!(done.expect("psql starts").success(), "{arguments:?}");
}

#[tokio::test]
async fn the_exchange_takes_letters_and_enclosures_and_leaves_nothing() {
    for place in places() {
        let letterbox = place.open();
        for (mailbox, letter) in [(1, 1), (1, 2), (2, 3)] {
            letterbox.visit(letter_for_exchange(mailbox, letter)).await.expect("kept");
        }
        letterbox.visit(visit(3, 9, 1)).await.expect("a letter of another size");
        let size = EnclosureSize::holding(1).expect("a size");
        let part = Bytes::from(vec![0; size.sealed()]);
        letterbox.begin_enclosure(lock(1), size, 5).await.expect("begun");
        letterbox.begin_enclosure(lock(3), size, 6).await.expect("begun");
        let waiting = letterbox.uncollected(None, 10).await.expect("letters").letters;
        assert_eq!(waiting.len(), 3, "what has not a letter's size is left");
        let begun = async || letterbox.begun_enclosures().await.expect("enclosures").enclosures;
        assert!(begun().await.is_empty(), "their letters are not collected yet");
        let row = |mailbox, letter| letter_for_exchange(mailbox, letter).row;
        let rows = waiting.iter().map(|letter| letter.row).collect();
        letterbox.collected(rows, vec![row(1, 1), row(2, 3)]).await.expect("collected");
        let uncollected = async || letterbox.uncollected(None, 10).await.expect("letters").letters.len();
        assert_eq!(uncollected().await, 0);
        assert!(letterbox.begin_enclosure(lock(2), size, 8).await.is_err(), "nothing is expected of this one");
        // The letter is collected, and its enclosure still arrives.
        put(&letterbox, lock(1), 1, 0, part.clone()).await.expect("kept");
        letterbox.visit(letter_for_exchange(1, 1)).await.expect("repeated");
        assert_eq!(uncollected().await, 0, "a repeated letter is not new while its enclosure is awaited");
        let whole = begun().await.into_iter().find(|enclosure| enclosure.complete).expect("a whole one");
        assert_eq!((whole.mailbox, whole.letter), ([1; 32].into(), digest_for_exchange(1)));
        assert_eq!(letterbox.part(whole, 0, part.len()).await.expect("there"), part);
        letterbox.begin_enclosure(lock(1), size, 9).await.expect("a new attempt meanwhile");
        letterbox.remove_collected(whole).await.expect("removed");
        assert_eq!(begun().await.len(), 2, "the new attempt stays");
        let newest = begun().await.into_iter().find(|enclosure| enclosure.row == whole.row).expect("the new one");
        letterbox.remove_collected(newest).await.expect("removed");
        letterbox.remove_collected(newest).await.expect("removed before");
        assert!(letterbox.begin_enclosure(lock(1), size, 10).await.is_err(), "collected");
        // An enclosure that does not come has a month.
        assert_eq!(letterbox.sweep(today().plus_days(30)).await.expect("swept"), 0);
        assert_eq!(begun().await.len(), 1);
        assert_eq!(letterbox.sweep(today().plus_days(31)).await.expect("swept"), 1);
        assert!(begun().await.is_empty());
        letterbox.compact().await.expect("written anew");
    }
}

#[tokio::test]
async fn slots_are_replaced_in_batches_and_empty_mailboxes_dropped_unless_something_waits() {
    for place in places() {
        let letterbox = place.open();
        for mailbox in 1..=5 {
            letterbox.visit(letter_for_exchange(mailbox, mailbox)).await.expect("kept");
        }
        let first = letterbox.mailboxes_after(None, 3).await.expect("mailboxes");
        let second = letterbox.mailboxes_after(first.last, 3).await.expect("mailboxes");
        assert_eq!((first.ids.len(), second.ids.len()), (3, 2));
        assert!(letterbox.mailboxes_after(second.last, 3).await.expect("mailboxes").last.is_none());
        let gone = MailboxId::from([99; 32]);
        let slots = first.ids.iter().chain(&second.ids).chain([&gone]).map(|id| (*id, vec![7; 20])).collect();
        letterbox.replace_slots(slots).await.expect("replaced");
        assert_eq!(letterbox.visit(letter_for_exchange(1, 1)).await.expect("kept"), vec![7; 20]);
        let waiting = letterbox.uncollected(None, 10).await.expect("letters").letters;
        let but_one = waiting.iter().filter(|letter| letter.digest != digest_for_exchange(1));
        letterbox.collected(but_one.map(|letter| letter.row).collect(), Vec::new()).await.expect("collected");
        letterbox.drop_mailboxes([1, 2].map(|n| MailboxId::from([n; 32])).into()).await.expect("dropped");
        let left = letterbox.mailboxes_after(None, 10).await.expect("mailboxes").ids;
        assert!(left.contains(&MailboxId::from([1; 32])), "a letter waits in it");
        assert_eq!(left.len(), 4);
    }
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

/// R4 and M8 of the review: one malformed row stopped every exchange, for everybody.
#[tokio::test]
async fn a_malformed_row_is_named_and_stops_nothing() {
    for place in places() {
        let letterbox = place.open();
        for number in 1..=5 {
            letterbox.visit(letter_for_exchange(number, number)).await.expect("kept");
        }
        let size = EnclosureSize::holding(1).expect("a size");
        for (number, folder) in [(4, 7), (5, 8)] {
            letterbox.begin_enclosure(lock(number), size, folder).await.expect("begun");
        }
        let row = |number: u8| letter_for_exchange(number, number).row;
        let damage = format!(
            "UPDATE letters SET received_on = 'some day' WHERE id = {}; UPDATE enclosures SET size = 5 WHERE id = {};",
            row(1),
            row(4),
        );
        database::AnyConnection::to(&place.url).expect("connects").batch_execute(&damage).expect("damaged");
        let mut pulled = Vec::new();
        let (mut after, mut malformed) = (None, Vec::new());
        loop {
            let batch = letterbox.uncollected(after, 2).await.expect("letters");
            pulled.extend(batch.letters.iter().map(|letter| letter.row));
            malformed.extend(batch.malformed.iter().map(|place| place.row));
            after = batch.last;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((pulled.clone(), malformed), ([2, 3, 4, 5].map(row).to_vec(), vec![row(1)]));
        assert_eq!(letterbox.count_uncollected(None).await.expect("counted"), 5);
        assert_eq!(letterbox.count_uncollected(Some(today())).await.expect("counted"), 0);
        assert_eq!(letterbox.count_uncollected(Some(today().plus_days(1))).await.expect("counted"), 4);
        letterbox.collected(pulled.clone(), pulled).await.expect("collected");
        let begun = letterbox.begun_enclosures().await.expect("enclosures");
        assert_eq!((begun.enclosures.len(), begun.malformed), (1, vec![row(4)]));
        letterbox.sweep(today().plus_days(400)).await.expect("swept");
    }
}
