//! `make bench`: bundles of 10,000 slots and of 1 GiB of enclosures, beside copying the same bytes durably; and the most
//! memory that it took.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Instant;

use bundle::{
    BundleFile, BundleFolder, BundleHead, BundleWriter, Direction, Inward, InwardRecord, Outward, OutwardRecord,
};
use crypto::sealing::enclosure::{EnclosureSize, PART};
use kit::reporters::{random, today};
use opening::NoteSigningKey;

/// Bytes of a slot.
const SLOT: usize = 32 * 1024;
const SLOTS: usize = 10_000;
const MIB: usize = 1024 * 1024;

fn main() {
    println!("| what | measured | beside | ratio |");
    println!("|---|---|---|---|");
    let before = peak();
    let slots = (0..SLOTS).map(|_| {
        let record = OutwardRecord::Mailbox { mailbox: random::<32>().into() };
        (record, vec![7; SLOT])
    });
    bundle::<Outward>("10,000 slots", Some("year"), slots);
    let size = EnclosureSize::holding(950 * MIB).expect("a size");
    let parts = (0..size.parts()).map(|part| {
        let (mailbox, letter) = ([1; 32].into(), [2; 32].into());
        (InwardRecord::Part { mailbox, letter, attempt: 1, size, part }, vec![9; size.part_size(part).unwrap_or(PART)])
    });
    bundle::<Inward>("enclosures, to the limit of a file", None, parts);
    println!("| most memory | {:.1} MiB | {before:.1} MiB before | |", peak());
}

fn bundle<D: Direction>(what: &str, year: Option<&str>, records: impl Iterator<Item = (D::Record, Vec<u8>)>) {
    let folder = tempfile::tempdir().expect("a folder");
    let key = NoteSigningKey::<D::Key>::from_seed("demo.bench/key", &[1; 32]).expect("a key");
    let place = BundleFolder::at(folder.path());
    let began = Instant::now();
    let mut writer = BundleWriter::<D>::begin(&place).expect("begun");
    for (record, bytes) in records {
        if !writer.add(&record, &bytes).expect("added") {
            break;
        }
    }
    let finished = writer.finish(BundleHead::first([1; 8].into(), today()), &key, year).expect("finished");
    finished.publish().expect("published");
    let written = began.elapsed().as_secs_f64();
    let path = place.bundles::<D>().expect("listed").pop().expect("a bundle");
    let megabytes = mebibytes(&path);
    let copied = copied(&path, folder.path());
    row(&format!("{what}: written, {megabytes:.0} MiB"), written, copied);
    let began = Instant::now();
    let file = BundleFile::<D>::open(&path).expect("a bundle");
    let head = file.head(&key.public()).expect("signed");
    let mut checked = file.checked(head, folder.path()).expect("whole");
    let read = checked.records().expect("records").map(|record| record.expect("a record").1.len()).sum::<usize>();
    assert!(read > 0);
    row(&format!("{what}: checked, copied and read"), began.elapsed().as_secs_f64(), copied);
}

fn row(what: &str, seconds: f64, copied: f64) {
    println!("| {what} | {seconds:.2} s | {copied:.2} s copying the same bytes | {:.2} |", seconds / copied);
}

fn mebibytes(path: &Path) -> f64 {
    let bytes = path.metadata().expect("it is there").len();
    f64::from(u32::try_from(bytes / MIB as u64).expect("a small number"))
}

/// Seconds to copy a file durably, read from the cache as it was just written.
fn copied(path: &Path, into: &Path) -> f64 {
    let (mut from, mut to) = (File::open(path).expect("a file"), File::create(into.join("copy")).expect("a file"));
    let (began, mut buffer) = (Instant::now(), vec![0; MIB]);
    loop {
        match from.read(&mut buffer).expect("read") {
            0 => break,
            read => to.write_all(&buffer[..read]).expect("written"),
        }
    }
    to.sync_all().expect("durable");
    let took = began.elapsed().as_secs_f64();
    fs::remove_file(into.join("copy")).expect("removed");
    took
}

/// The most memory of this process so far, in MiB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    let kibibytes: u32 = line.trim().trim_end_matches(" kB").trim().parse().expect("a number");
    f64::from(kibibytes) / 1024.0
}
