//! The tree: proofs of everything in it, and detection of every change that somebody with access to the file can
//! make.

use std::path::PathBuf;

use crypto::log::checkpoint::{Checkpoint, Proof, leaf};
use database::{DatabaseUrl, Readers};
use diesel::connection::SimpleConnection as _;
use logbook::{Accompanying, EntryQuery, LogDefect, Logbook, NewEntry, NoProof, migrate};
use model::LetterDigest;
use tempfile::TempDir;
use tlog_tiles::{Tile, TileHashReader, TileReader};

struct Book {
    logbook: Logbook,
    file: PathBuf,
    folder: TempDir,
}

impl Book {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("logbook.sqlite");
        migrate(&file).expect("migrated");
        Self { logbook: Logbook::open(&file).expect("a logbook"), file, folder }
    }

    /// A logbook with two letters and `entries` entries in all.
    fn of(entries: u64) -> Self {
        let book = Self::new();
        let letter = |byte: u8| (LetterDigest::from([byte; 32]), [1; 32].into());
        book.logbook.receive(vec![letter(1), letter(2)], "2026-11-24T00:00:00Z".to_owned()).expect("received");
        for number in 2..entries {
            book.append(&number.to_string());
        }
        book
    }

    fn append(&self, subject: &str) {
        let entry = NewEntry { account: "zhou".to_owned(), subject: subject.to_owned(), ..NewEntry::default() };
        self.logbook.append(entry, Accompanying::Nothing).expect("asked").expect("appended");
    }

    fn now(&self) -> Checkpoint {
        self.logbook.checkpoint().expect("a checkpoint")
    }

    /// Changes the file as somebody with access to it can: without triggers.
    fn tamper(&self, sql: &str) {
        let drop = "DROP TRIGGER IF EXISTS entries_stay; DROP TRIGGER IF EXISTS entries_remain; \
            DROP TRIGGER IF EXISTS tree_stays; DROP TRIGGER IF EXISTS tree_remains; \
            DROP TRIGGER IF EXISTS first_receipts_stay; DROP TRIGGER IF EXISTS first_receipts_remain;";
        let readers = Readers::of(DatabaseUrl::Sqlite(self.file.clone()));
        readers.read(|connection| connection.batch_execute(&format!("{drop}{sql}"))).expect(sql);
    }

    fn wrong(&self, held: &[Checkpoint]) -> LogDefect {
        self.logbook.verify(held, |_| Ok(())).expect("read").expect_err("something is wrong")
    }
}

#[test]
fn an_altered_text_does_not_move_its_row() {
    let book = Book::of(5);
    book.tamper("UPDATE entries SET text = json_set(text, '$.sequence', 900) WHERE sequence = 3");
    let listed = book.logbook.entries(EntryQuery::default(), 10).expect("entries");
    assert_eq!(
        listed.iter().map(|entry| entry.sequence).collect::<Vec<_>>(),
        [5, 4, 3, 2, 1],
        "pages go on by the row"
    );
    book.tamper("UPDATE entries SET text = '{}' WHERE sequence = 3");
    assert!(book.logbook.entries(EntryQuery::default(), 10).is_err(), "what is no entry is not left out silently");
}

#[test]
fn every_entry_and_every_growth_is_proved() {
    let book = Book::of(2);
    let mut checkpoints = vec![book.now()];
    for number in 0..21 {
        book.append(&number.to_string());
        checkpoints.push(book.now());
    }
    let mut leaves = Vec::new();
    let found = book.logbook.verify(&checkpoints, |one| {
        leaves.push(leaf(&one.text, &one.salt));
        assert_eq!(one.salt.len(), 32);
        Ok(())
    });
    let verified = found.expect("read").expect("sound");
    assert_eq!((verified.now.size, verified.letters), (23, 2));
    assert_eq!(verified.now, book.now());
    for later in &checkpoints {
        for (leaf, sequence) in leaves.iter().zip(1..=later.size) {
            let proof = book.logbook.prove_entry(sequence, later.size).expect("a proof");
            later.contains(sequence, *leaf, &proof).expect("contained");
            assert!(later.contains(sequence + 1, *leaf, &proof).is_err(), "not in another place");
        }
        for earlier in checkpoints.iter().filter(|earlier| earlier.size <= later.size) {
            let proof = book.logbook.prove_growth(earlier.size, later.size).expect("a proof");
            later.continues(earlier, &proof).expect("continued");
        }
    }
    assert!(matches!(book.logbook.prove_entry(24, 23), Err(NoProof::TooLong)));
    assert!(matches!(book.logbook.prove_entry(1, 24), Err(NoProof::TooLong)));
    assert!(matches!(book.logbook.prove_growth(23, 24), Err(NoProof::TooLong)));
}

#[test]
fn an_empty_log_has_a_checkpoint_and_grows_from_it() {
    let book = Book::new();
    let empty = book.now();
    assert_eq!((empty.size, empty.root), (0, tlog_tiles::EMPTY_HASH));
    book.append("first");
    let proof = book.logbook.prove_growth(0, 1).expect("a proof");
    book.now().continues(&empty, &proof).expect("continued");
    assert!(book.logbook.verify(&[empty], |_| Ok(())).expect("read").is_ok());
}

#[test]
fn a_checkpoint_of_one_size_is_signed_once() {
    let book = Book::of(4);
    assert_eq!(book.logbook.keep_checkpoint(4, "first".to_owned()).expect("kept"), "first");
    assert_eq!(book.logbook.keep_checkpoint(4, "second".to_owned()).expect("kept"), "first");
    assert_eq!(book.logbook.checkpoints().expect("kept"), ["first"]);
}

#[test]
fn an_altered_entry_is_named() {
    let book = Book::of(9);
    book.tamper("UPDATE entries SET text = replace(text, 'zhou', 'wu') WHERE sequence = 5");
    assert_eq!(book.wrong(&[]), LogDefect::Altered { sequence: 5 });
}

#[test]
fn an_altered_salt_and_an_altered_hash_are_named() {
    let book = Book::of(9);
    book.tamper("UPDATE entries SET salt = zeroblob(32) WHERE sequence = 6");
    assert_eq!(book.wrong(&[]), LogDefect::Altered { sequence: 6 });
    let book = Book::of(9);
    // Place 6 is the root of the first four entries: 0, 1, (01), 2, 3, (23), (0123).
    book.tamper("UPDATE tree SET hash = zeroblob(32) WHERE place = 6");
    assert_eq!(book.wrong(&[]), LogDefect::Tree { sequence: 4 });
}

#[test]
fn a_removed_entry_is_named() {
    let book = Book::of(9);
    book.tamper("DELETE FROM entries WHERE sequence = 5");
    assert_eq!(book.wrong(&[]), LogDefect::Gap { sequence: 5 });
}

#[test]
fn a_removed_entry_that_the_others_close_up_for_is_named() {
    let book = Book::of(9);
    book.tamper(
        "DELETE FROM entries WHERE sequence = 5; UPDATE entries SET sequence = sequence - 1 WHERE sequence > 5",
    );
    assert_eq!(book.wrong(&[]), LogDefect::Altered { sequence: 5 });
}

#[test]
fn an_inserted_entry_is_named() {
    let book = Book::of(9);
    book.tamper(
        "INSERT INTO entries (sequence, text, salt) SELECT 10, replace(text, '{\"sequence\":9,', '{\"sequence\":10,'), salt \
         FROM entries WHERE sequence = 9",
    );
    assert_eq!(book.wrong(&[]), LogDefect::Altered { sequence: 10 });
}

#[test]
fn two_entries_in_each_others_place_are_named() {
    let book = Book::of(9);
    book.tamper(
        "UPDATE entries SET sequence = 100 WHERE sequence = 4; UPDATE entries SET sequence = 4 WHERE sequence = 7; \
         UPDATE entries SET sequence = 7 WHERE sequence = 100",
    );
    assert_eq!(book.wrong(&[]), LogDefect::Altered { sequence: 4 });
}

#[test]
fn a_cut_tail_is_named() {
    let book = Book::of(9);
    let before = book.now();
    book.tamper("DELETE FROM entries WHERE sequence > 6");
    assert_eq!(book.wrong(&[]), LogDefect::Cut { sequence: 7 });
    // Cut together with its leaves: only a checkpoint held elsewhere reveals it.
    book.tamper("DELETE FROM tree WHERE place >= 10");
    assert!(book.logbook.verify(&[], |_| Ok(())).expect("read").is_ok());
    assert_eq!(book.wrong(&[before]), LogDefect::Truncated { size: 9, entries: 6 });
}

#[test]
fn an_old_copy_and_a_fork_are_named_by_a_checkpoint_held_elsewhere() {
    let book = Book::of(6);
    let copy = Book::new();
    book.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    std::fs::copy(&book.file, &copy.file).expect("copied");
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(copy.file.with_file_name(format!("logbook.sqlite{suffix}")));
    }
    let copy =
        Book { logbook: Logbook::open(&copy.file).expect("a logbook"), file: copy.file.clone(), folder: copy.folder };
    assert_eq!(copy.now(), book.now());
    book.append("what really happened");
    let held = book.now();
    assert_eq!(copy.wrong(&[held]), LogDefect::Truncated { size: 7, entries: 6 });
    copy.append("what is shown to somebody else");
    assert_eq!(copy.wrong(&[held]), LogDefect::Checkpoint { size: 7 });
    let proof = copy.logbook.prove_growth(6, 7).expect("a proof");
    copy.append("more");
    assert!(copy.now().continues(&held, &proof).is_err());
    let proof = copy.logbook.prove_growth(7, 8).expect("a proof");
    assert!(copy.now().continues(&held, &proof).is_err(), "no proof leads from one branch to the other");
}

#[test]
fn a_letters_place_cannot_be_changed() {
    let book = Book::of(5);
    book.tamper(
        "UPDATE first_receipts SET sequence = 9 WHERE sequence = 1; UPDATE first_receipts SET sequence = 1 WHERE sequence = 2; \
         UPDATE first_receipts SET sequence = 2 WHERE sequence = 9",
    );
    assert_eq!(book.wrong(&[]), LogDefect::Receipt { place: 1 });
    let book = Book::of(5);
    book.tamper("INSERT INTO first_receipts (sequence, digest, recorded_at, mailbox) VALUES (3, 'x', '', 'y')");
    assert_eq!(book.wrong(&[]), LogDefect::Receipt { place: 3 });
}

#[test]
fn what_the_onlooker_finds_wrong_is_told() {
    let book = Book::of(5);
    let found = book.logbook.verify(&[], |one| match one.entry().expect("an entry").subject.as_str() {
        "3" => Err(LogDefect::Altered { sequence: one.sequence }),
        _ => Ok(()),
    });
    assert_eq!(found.expect("read"), Err(LogDefect::Altered { sequence: 4 }));
}

/// Tiles as C2SP writes them, read by an independent library.
struct Tiles(std::collections::BTreeMap<String, Vec<u8>>);

impl TileReader for Tiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |tile: &Tile| self.0.get(&tile.path().replacen("tile/8/", "tile/", 1)).cloned();
        tiles.iter().map(|tile| read(tile).ok_or(tlog_tiles::Error::InvalidTile)).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

#[test]
fn tiles_prove_what_the_log_proves() {
    let book = Book::of(300);
    let now = book.now();
    let mut tiles = Tiles(std::collections::BTreeMap::new());
    let written = book.logbook.tiles(now.size, |path, bytes| {
        tiles.0.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    });
    written.expect("written");
    let paths: Vec<&str> = tiles.0.keys().map(String::as_str).collect();
    assert_eq!(paths, ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]);
    let reader = TileHashReader::new(now.size, now.root, &tiles);
    for sequence in [1, 256, 257, 300] {
        let proved = tlog_tiles::prove_record(now.size, sequence - 1, &reader).expect("the tiles are the log's");
        assert_eq!(Proof(proved), book.logbook.prove_entry(sequence, now.size).expect("proved"));
    }
}
