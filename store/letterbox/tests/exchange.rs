//! What goes with bundles, what is acknowledged, kept and erased, on both databases.

mod place;

use bundle::{BundleHead, Inward, MailboxRange, Taken};
use bytes::Bytes;
use crypto::letters::mailbox::MailboxId;
use crypto::sealing::enclosure::EnclosureSize;
use diesel::connection::SimpleConnection as _;
use letterbox::{LetterName, Letterbox, LetterboxError};
use place::{digest_for_exchange, letter_for_exchange, lock, places, put, today, visit};

fn name(mailbox: u8, letter: u8) -> LetterName {
    ([mailbox; 32].into(), digest_for_exchange(letter))
}

fn row(mailbox: u8, letter: u8) -> i64 {
    letter_for_exchange(mailbox, letter).row
}

fn head(number: u64) -> BundleHead<Inward> {
    BundleHead { number, ..BundleHead::first([1; 8].into(), today()) }
}

fn small() -> EnclosureSize {
    EnclosureSize::holding(1).expect("a size")
}

async fn waiting(letterbox: &Letterbox) -> Vec<i64> {
    let letters = letterbox.waiting_letters(None, 100).await.expect("letters").letters;
    letters.into_iter().map(|letter| letter.row).collect()
}

async fn whole(letterbox: &Letterbox, unadmitted_up_to: usize) -> Vec<i64> {
    let enclosures = letterbox.waiting_enclosures(unadmitted_up_to).await.expect("enclosures").enclosures;
    enclosures.into_iter().map(|enclosure| enclosure.row).collect()
}

async fn send(letterbox: &Letterbox, letter: u8) {
    letterbox.begin_enclosure(lock(letter), small(), i64::from(letter)).await.expect("begun");
    let part = Bytes::from(vec![letter; small().sealed()]);
    assert!(put(letterbox, lock(letter), 1, 0, part).await.expect("kept").complete);
}

#[tokio::test]
async fn letters_go_once_and_again_if_they_were_lost() {
    for place in places() {
        let letterbox = place.open();
        letterbox.begin_first_epoch([1; 8].into()).await.expect("begun");
        for (mailbox, letter) in [(1, 1), (1, 2), (2, 3)] {
            letterbox.visit(letter_for_exchange(mailbox, letter)).await.expect("kept");
        }
        letterbox.visit(visit(3, 9, 1)).await.expect("a letter of another size");
        assert_eq!(waiting(&letterbox).await, [row(1, 1), row(1, 2), row(2, 3)]);
        letterbox.note_bundle(head(1), vec![row(1, 1)], Vec::new()).await.expect("noted");
        letterbox.note_bundle(head(2), vec![row(1, 2), row(2, 3)], Vec::new()).await.expect("noted");
        assert!(waiting(&letterbox).await.is_empty());
        assert_eq!(letterbox.exchange_state().await.expect("asked").last, Some(head(2)));
        letterbox
            .acknowledge_letters(vec![(name(1, 2), Taken::Done), (name(7, 7), Taken::Done)], today())
            .await
            .expect("noted");
        letterbox.send_lost_again(1).await.expect("asked");
        assert_eq!(waiting(&letterbox).await, [row(1, 1)], "of the second bundle nothing is known yet");
        letterbox.send_lost_again(2).await.expect("asked");
        assert_eq!(waiting(&letterbox).await, [row(1, 1), row(2, 3)]);
        letterbox.visit(letter_for_exchange(1, 2)).await.expect("repeated");
        assert_eq!(waiting(&letterbox).await.len(), 2, "what was acknowledged is not new when it comes again");
        letterbox.send_all_again().await.expect("asked");
        assert_eq!(waiting(&letterbox).await.len(), 3, "a console that was restored gets all that is here");
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_kept_for_48_hours_and_then_leaves_nothing() {
    for place in places() {
        let letterbox = place.open();
        for letter in [1, 2] {
            letterbox.visit(letter_for_exchange(letter, letter)).await.expect("kept");
        }
        send(&letterbox, 1).await;
        send(&letterbox, 2).await;
        let taken = vec![(name(1, 1), Taken::EnclosureWanted), (name(2, 2), Taken::Done)];
        letterbox.acknowledge_letters(taken, today()).await.expect("noted");
        assert_eq!(whole(&letterbox, usize::MAX).await, [row(1, 1)], "what is not wanted does not go");
        let count = |query: &str| {
            let mut connection = database::AnyConnection::to(&place.url).expect("connects");
            let sealed = diesel::dsl::sql::<diesel::sql_types::BigInt>(query);
            diesel::RunQueryDsl::get_result::<i64>(diesel::select(sealed), &mut connection).expect("counted")
        };
        let letters = || count("(SELECT count(*) FROM letters WHERE length(sealed) > 0)");
        let rows = || count("(SELECT count(*) FROM letters)");
        letterbox.sweep(today().plus_days(2)).await.expect("swept");
        assert_eq!((rows(), letters()), (2, 2), "a console of yesterday's backup may ask for them");
        letterbox.sweep(today().plus_days(3)).await.expect("swept");
        assert_eq!((rows(), letters()), (1, 0), "the row of the enclosure that is awaited");
        letterbox.acknowledge_enclosures(vec![(name(1, 1), 2)], today().plus_days(3)).await.expect("noted");
        assert_eq!(whole(&letterbox, 0).await, [row(1, 1)], "another attempt");
        letterbox.acknowledge_enclosures(vec![(name(1, 1), 1)], today().plus_days(3)).await.expect("noted");
        assert!(whole(&letterbox, usize::MAX).await.is_empty());
        let folders = || std::fs::read_dir(place.folder.path().join("parts")).expect("a folder").count() - 1;
        letterbox.sweep(today().plus_days(5)).await.expect("swept");
        assert_eq!((rows(), folders()), (1, 1));
        letterbox.sweep(today().plus_days(6)).await.expect("swept");
        assert_eq!((rows(), folders()), (0, 0));
        letterbox.compact().await.expect("written anew");
    }
}

/// A stick that is carried once a month: what was acknowledged today is kept, however old it is.
#[tokio::test]
async fn an_old_letter_too_is_kept_for_two_days_after_its_acknowledgement() {
    for place in places() {
        let letterbox = place.open();
        letterbox.visit(letter_for_exchange(1, 1)).await.expect("kept");
        let late = today().plus_days(40);
        letterbox.acknowledge_letters(vec![(name(1, 1), Taken::Done)], late).await.expect("noted");
        assert!(!letterbox.sweep(late).await.expect("swept"));
        letterbox.send_all_again().await.expect("asked");
        assert_eq!(waiting(&letterbox).await, [row(1, 1)]);
    }
}

#[tokio::test]
async fn small_enclosures_go_before_their_letters_are_admitted_and_a_closed_one_begins_no_attempt() {
    for place in places() {
        let letterbox = place.open();
        for letter in [1, 2] {
            letterbox.visit(letter_for_exchange(letter, letter)).await.expect("kept");
            send(&letterbox, letter).await;
        }
        assert!(whole(&letterbox, small().plain() - 1).await.is_empty(), "too large for one that nobody expects");
        assert_eq!(whole(&letterbox, small().plain()).await, [row(1, 1), row(2, 2)]);
        let enclosures = letterbox.waiting_enclosures(usize::MAX).await.expect("enclosures").enclosures;
        assert!(letterbox.close_enclosure(enclosures[0]).await.expect("closed"));
        let again = letterbox.begin_enclosure(lock(1), small(), 77).await;
        assert!(matches!(again, Err(LetterboxError::NoEnclosure)), "this one is on its way");
        letterbox.begin_enclosure(lock(2), small(), 78).await.expect("another attempt");
        assert!(!letterbox.close_enclosure(enclosures[1]).await.expect("asked"), "other files are coming");
        letterbox.note_bundle(head(3), Vec::new(), vec![row(1, 1)]).await.expect("noted");
        assert!(whole(&letterbox, usize::MAX).await.is_empty());
        letterbox.send_lost_again(3).await.expect("asked");
        assert_eq!(whole(&letterbox, usize::MAX).await, [row(1, 1)], "the bundle was lost");
    }
}

/// Files of a letter that opens only later were dropped at the portal, and nobody could send them again.
#[tokio::test]
async fn a_letter_that_opens_later_still_gets_its_files() {
    for place in places() {
        let letterbox = place.open();
        letterbox.visit(letter_for_exchange(1, 1)).await.expect("kept");
        send(&letterbox, 1).await;
        letterbox.acknowledge_letters(vec![(name(1, 1), Taken::Unopened)], today()).await.expect("noted");
        assert_eq!(std::fs::read_dir(place.folder.path().join("parts")).expect("a folder").count(), 1, "no parts");
        let refused = letterbox.begin_enclosure(lock(1), small(), 9).await;
        assert!(matches!(refused, Err(LetterboxError::NoEnclosure)), "junk takes no room");
        letterbox.sweep(today().plus_days(20)).await.expect("swept");
        // The console has also said that it does not want what came: that must not stand in the way of what comes anew.
        letterbox.acknowledge_enclosures(vec![(name(1, 1), 1)], today()).await.expect("noted");
        let wanted = vec![(name(1, 1), Taken::EnclosureWanted)];
        letterbox.acknowledge_letters(wanted, today().plus_days(20)).await.expect("noted");
        letterbox.begin_enclosure(lock(1), small(), 10).await.expect("they are sent again");
        let part = Bytes::from(vec![1; small().sealed()]);
        assert!(put(&letterbox, lock(1), 2, 0, part).await.expect("kept").complete);
        assert_eq!(whole(&letterbox, 0).await, [row(1, 1)]);
        letterbox.begin_enclosure(lock(1), small(), 11).await.expect("and never come");
        assert!(letterbox.sweep(today().plus_days(31)).await.is_ok());
        assert!(matches!(letterbox.enclosure(lock(1)).await, Err(LetterboxError::NoEnclosure)), "given up in time");
    }
}

#[tokio::test]
async fn mailboxes_that_are_not_named_go_unless_a_letter_is_here() {
    for place in places() {
        let letterbox = place.open();
        for mailbox in 1..=5 {
            letterbox.visit(letter_for_exchange(mailbox, mailbox)).await.expect("kept");
        }
        let id = |mailbox: u8| MailboxId::from([mailbox; 32]);
        let slots = vec![(id(1), Some(vec![7; 20])), (id(2), None), (id(9), Some(vec![8; 20]))];
        assert!(letterbox.replace_slots(slots).await.expect("replaced"), "one is made for a report that was told");
        assert_eq!(letterbox.slot(id(1)).await.expect("asked"), Some(vec![7; 20]));
        assert_eq!(letterbox.slot(id(9)).await.expect("asked"), Some(vec![8; 20]));
        assert_eq!(letterbox.slot(id(2)).await.expect("asked"), Some(vec![1; 30_000]), "its first slot");
        let taken = (1..=4).map(|n| (name(n, n), Taken::Done)).collect();
        letterbox.acknowledge_letters(taken, today()).await.expect("noted");
        letterbox.drop_unnamed(MailboxRange::ALL, &[id(1)]).await.expect("dropped");
        assert!(letterbox.slot(id(9)).await.expect("asked").is_none(), "not named, and without letters");
        assert!(letterbox.slot(id(2)).await.expect("asked").is_some(), "its letter is kept for 48 hours");
        letterbox.sweep(today().plus_days(3)).await.expect("swept");
        let range = MailboxRange { first: id(2).row_key(), last: id(3).row_key() };
        letterbox.drop_unnamed(range, &[id(1)]).await.expect("dropped");
        for (mailbox, is_there) in [(1, true), (2, false), (3, false), (4, true), (5, true)] {
            assert_eq!(letterbox.slot(id(mailbox)).await.expect("asked").is_some(), is_there, "{mailbox}");
        }
        letterbox.drop_unnamed(MailboxRange::ALL, &[id(1)]).await.expect("dropped");
        assert!(letterbox.slot(id(5)).await.expect("asked").is_some(), "its letter waits");
        assert!(letterbox.slot(id(4)).await.expect("asked").is_none());
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
        send(&letterbox, 4).await;
        send(&letterbox, 5).await;
        let damage = format!(
            "UPDATE letters SET received_on = 'some day' WHERE id = {}; UPDATE enclosures SET size = 5 WHERE id = {};",
            row(1, 1),
            row(4, 4),
        );
        database::AnyConnection::to(&place.url).expect("connects").batch_execute(&damage).expect("damaged");
        let (mut found, mut malformed, mut after) = (Vec::new(), Vec::new(), None);
        loop {
            let batch = letterbox.waiting_letters(after, 2).await.expect("letters");
            found.extend(batch.letters.iter().map(|letter| letter.row));
            malformed.extend(batch.malformed);
            after = batch.last;
            if after.is_none() {
                break;
            }
        }
        assert_eq!((found, malformed), ([2, 3, 4, 5].map(|n| row(n, n)).to_vec(), vec![row(1, 1)]));
        let enclosures = letterbox.waiting_enclosures(usize::MAX).await.expect("enclosures");
        assert_eq!((enclosures.enclosures.len(), enclosures.malformed), (1, vec![row(4, 4)]));
        letterbox.sweep(today().plus_days(400)).await.expect("swept");
    }
}
