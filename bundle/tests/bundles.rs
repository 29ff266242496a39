//! Bundles as files: written, read, cut, altered, of others.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use bundle::{
    BundleError, BundleFile, BundleFolder, BundleHead, BundleWriter, Inward, InwardRecord, Outward, OutwardRecord,
    WrongBundle,
};
use crypto::keys::note_text::{ExchangeKey, PortalKey};
use model::Day;
use signing::NoteSigningKey;
use tempfile::TempDir;

fn day() -> Day {
    "2026-11-28".parse().expect("a day")
}

fn key(seed: u8) -> NoteSigningKey<PortalKey> {
    NoteSigningKey::from_seed("demo.test/portal", &[seed; 32]).expect("a key")
}

fn letter(mailbox: u8) -> InwardRecord {
    InwardRecord::Letter { mailbox: [mailbox; 32].into(), received_on: day() }
}

/// A folder with one bundle of three letters; its path.
fn written() -> (TempDir, PathBuf, BundleHead<Inward>) {
    let folder = TempDir::new().expect("a folder");
    let place = BundleFolder::at(folder.path());
    let mut writer = BundleWriter::<Inward>::begin(&place).expect("begun");
    for mailbox in 1..=3 {
        assert!(writer.add(&letter(mailbox), &[mailbox; 1000]).expect("added"));
    }
    let finished = writer.finish(BundleHead::first([1; 8].into(), day()), &key(1), None).expect("finished");
    assert!(place.bundles::<Inward>().expect("listed").is_empty(), "it has no name yet");
    let head = finished.publish().expect("published");
    let path = place.bundles::<Inward>().expect("listed").pop().expect("one bundle");
    (folder, path, head)
}

fn read(path: &Path, key: &NoteSigningKey<PortalKey>) -> Result<Vec<(InwardRecord, Vec<u8>)>, BundleError> {
    let file = BundleFile::<Inward>::open(path)?;
    let into = TempDir::new().expect("a folder");
    let mut checked = file.checked(file.head(&key.public())?, into.path())?;
    checked.records()?.collect()
}

#[test]
fn what_was_written_is_read_and_nothing_else_is_in_the_folder() {
    let (folder, path, head) = written();
    let records = read(&path, &key(1)).expect("read");
    assert_eq!(records, [1, 2, 3].map(|mailbox| (letter(mailbox), vec![mailbox; 1000])));
    assert_eq!(BundleFile::<Inward>::open(&path).expect("opened").head(&key(1).public()), Ok(head));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    let mode = path.metadata().expect("it is there").permissions().mode();
    let other = folder.path().join("other");
    fs::write(&other, b"").expect("written");
    let umask_allows = other.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o060, umask_allows & 0o060, "the other side's user reads it by its group");
    assert!(BundleFolder::at(folder.path()).bundles::<Outward>().expect("listed").is_empty());
}

#[test]
fn a_bundle_of_another_installation_or_direction_is_refused() {
    let (_folder, path, _) = written();
    assert!(matches!(read(&path, &key(2)), Err(BundleError::Wrong(WrongBundle::Foreign))));
    assert!(matches!(BundleFile::<Outward>::open(&path).err(), Some(BundleError::Wrong(WrongBundle::Form))));
}

#[test]
fn a_bundle_that_is_cut_at_any_byte_or_altered_in_any_is_refused() {
    let (_folder, path, _) = written();
    let whole = fs::read(&path).expect("a bundle");
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        matches!(read(&path, &key(1)), Err(BundleError::Wrong(_)))
    };
    // Every byte of the head's text and of the records; of the padding some.
    let interesting = (0..1200).chain(16 * 1024 - 2..16 * 1024 + 3400).chain((20_000..whole.len()).step_by(9973));
    for at in interesting {
        assert!(refused(&whole[..at]), "cut at {at}");
        let mut altered = whole.clone();
        altered[at] ^= 0x20;
        assert!(refused(&altered), "altered at {at}");
    }
    assert!(refused(&[whole.as_slice(), b"more"].concat()), "longer");
    fs::write(&path, &whole).expect("written");
    assert_eq!(read(&path, &key(1)).expect("whole again").len(), 3);
}

#[test]
fn a_record_of_another_form_is_refused_and_the_outward_side_has_its_own() {
    let folder = TempDir::new().expect("a folder");
    let place = BundleFolder::at(folder.path());
    let key = NoteSigningKey::<ExchangeKey>::from_seed("demo.test/exchange", &[5; 32]).expect("a key");
    let mut writer = BundleWriter::<Outward>::begin(&place).expect("begun");
    writer.add(&OutwardRecord::Mailbox { mailbox: [1; 32].into() }, b"slot").expect("added");
    writer.add(&OutwardRecord::Checkpoint {}, b"note").expect("added");
    writer
        .finish(BundleHead::first([1; 8].into(), day()), &key, Some("year"))
        .expect("finished")
        .publish()
        .expect("there");
    let path = place.bundles::<Outward>().expect("listed").pop().expect("one");
    let file = BundleFile::<Outward>::open(&path).expect("opened");
    let head = file.head(&key.public()).expect("signed");
    assert_eq!(file.head_from_root(&key.public(), day()).err(), Some(WrongBundle::Foreign), "no year's keys");
    let mut checked = file.checked(head, folder.path()).expect("checked");
    let kinds: Vec<OutwardRecord> =
        checked.records().expect("records").map(|record| record.expect("a record").0).collect();
    assert_eq!(kinds, [OutwardRecord::Mailbox { mailbox: [1; 32].into() }, OutwardRecord::Checkpoint {}]);
}

/// A power cut between storing and publishing, and one before storing.
#[test]
fn a_bundle_that_was_finished_is_published_at_the_next_start_if_it_was_stored() {
    for is_stored in [true, false] {
        let folder = TempDir::new().expect("a folder");
        let place = BundleFolder::at(folder.path());
        let mut writer = BundleWriter::<Inward>::begin(&place).expect("begun");
        writer.add(&letter(1), b"letter").expect("added");
        let head = writer.finish(BundleHead::first([1; 8].into(), day()), &key(1), None).expect("finished").head;
        fs::write(folder.path().join(".inward-cut.new"), b"half").expect("a power cut while writing");
        fs::create_dir(folder.path().join("inward-0.new")).expect("a folder of that name");
        place.recover(is_stored.then_some(&head)).expect("recovered");
        assert_eq!(place.bundles::<Inward>().expect("listed").len(), usize::from(is_stored));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1 + usize::from(is_stored));
    }
}

#[test]
fn a_bundle_that_is_full_says_so_and_the_next_one_goes_on() {
    let folder = TempDir::new().expect("a folder");
    let mut writer = BundleWriter::<Inward>::begin(&BundleFolder::at(folder.path())).expect("begun");
    let part = vec![7; 4 * 1024 * 1024];
    let fitting = (0..500).take_while(|_| writer.add(&letter(1), &part).expect("added")).count();
    assert_eq!(fitting, 255, "1 GiB with its head");
    drop(writer);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "given up: nothing is left");
}
