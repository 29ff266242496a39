//! `make traces`: what order of arrival, and whether a mailbox is known, can be told from outside.
//!
//! Kendall's tau between the order in which reports arrived and every order that is found at rest after an exchange; and
//! the chance that visits to known and to unknown mailboxes would differ in time as much as measured if they were alike.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crypto::letters::letter::Body;
use kit::installation::{Database, Installation};
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use opening::reporter::Reporter;

/// Mailboxes of each kind whose visits are timed.
const VISITS: usize = 1_000;
/// |tau| of independent orders is below this many standard deviations, but for one time in fifteen thousand.
const DEVIATIONS: f64 = 4.0;

fn main() {
    let sizes =
        std::env::args().skip(1).find_map(|sizes| sizes.parse().ok()).map_or(vec![100, 10_000], |size| vec![size]);
    println!("| what | found | allowed |");
    println!("|---|---|---|");
    for size in sizes {
        order_at_rest(size);
    }
    known_and_unknown();
}

/// Sends reports, exchanges, and compares the order of arrival with everything that a thief of the disks could sort by.
fn order_at_rest(size: usize) {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let (agent, url, keys) = (agent(), format!("{}/api/visits", portal.address), installation.keys());
    let mut arrived = Vec::with_capacity(size);
    for _ in 0..size {
        let one = reporter();
        let sealed = visit(&one, report("x"), &keys);
        assert_eq!(send(&agent, "POST", &url, &sealed.request).expect("answered").status, 200);
        arrived.push((one.mailbox().to_hex(), sealed.digest.to_hex()));
    }
    installation.exchange(Some("zhou")).expect("exchanged");
    let mailboxes: Vec<&str> = arrived.iter().map(|(mailbox, _)| mailbox.as_str()).collect();
    let digests: Vec<&str> = arrived.iter().map(|(_, digest)| digest.as_str()).collect();
    for (name, folder, by_text) in [
        ("portal/letterbox.sqlite", "portal", false),
        ("portal/letterbox.sqlite-wal", "portal", false),
        ("console/register.sqlite", "console", true),
        ("console/register.sqlite-wal", "console", true),
        ("recorder/logbook.sqlite", "recorder", true),
        ("recorder/logbook.sqlite-wal", "recorder", true),
    ] {
        let Ok(bytes) = fs::read(installation.at(name)) else { continue };
        let wanted = if folder == "portal" { &mailboxes } else { &digests };
        show(&format!("{name}, offsets, {size}"), &offsets(&bytes, wanted, by_text));
    }
    for folder in ["recorder/letter-keys-1", "recorder/letter-keys-2"] {
        let files: Vec<PathBuf> = digests.iter().map(|digest| installation.at(folder).join(digest)).collect();
        for (what, of) in [("inodes", 0), ("times", 1), ("change times", 2)] {
            show(&format!("{folder}, {what}, {size}"), &files.iter().map(|file| of_file(file, of)).collect::<Vec<_>>());
        }
    }
    let collected = installation.collected();
    let sequences: HashMap<String, i64> =
        collected.iter().map(|letter| (letter.digest.to_hex(), i64::try_from(letter.sequence).expect("few"))).collect();
    let places: Vec<i64> = digests.iter().map(|digest| sequences[*digest]).collect();
    show(&format!("places in the order of first receipt, {size}"), &places);
}

fn of_file(file: &Path, what: usize) -> i64 {
    let metadata = fs::metadata(file).expect("a key");
    match what {
        0 => i64::try_from(metadata.ino()).expect("small"),
        1 => metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec(),
        _ => metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec(),
    }
}

/// Where each id is in a file: as hexadecimal text, or as its bytes. -1 where it is not.
fn offsets(bytes: &[u8], ids: &[&str], by_text: bool) -> Vec<i64> {
    let find = |id: &&str| {
        let wanted = if by_text { id.as_bytes().to_vec() } else { hex::decode(id).expect("hex") };
        memchr::memmem::find(bytes, &wanted).map_or(-1, |at| i64::try_from(at).expect("small"))
    };
    ids.iter().map(find).collect()
}

/// Kendall's tau between the order of a list and its values, and how much it may be by chance.
fn show(what: &str, values: &[i64]) {
    let found: Vec<i64> = values.iter().copied().filter(|value| *value >= 0).collect();
    if found.len() < 10 {
        println!("| {what} | in {} of {} | |", found.len(), values.len());
        return;
    }
    let (mut concordant, mut discordant) = (0_i64, 0_i64);
    for (at, one) in found.iter().enumerate() {
        for later in &found[at + 1..] {
            concordant += i64::from(later > one);
            discordant += i64::from(later < one);
        }
    }
    let count = |number: usize| f64::from(u32::try_from(number).expect("small"));
    let n = count(found.len());
    #[allow(clippy::cast_precision_loss)]
    let tau = (concordant - discordant) as f64 / (n * (n - 1.0) / 2.0);
    let deviation = (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt();
    let allowed = DEVIATIONS * deviation;
    let alarm = if tau.abs() > allowed { " **more than chance**" } else { "" };
    println!("| tau: {what} | {tau:+.3}{alarm} | ±{allowed:.3} |");
}

/// Times visits to mailboxes that the portal knows and to others, in random order, and ranks them.
fn known_and_unknown() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let (agent, url, keys) = (agent(), format!("{}/api/visits", portal.address), installation.keys());
    let known: Vec<Reporter> = (0..VISITS).map(|_| reporter()).collect();
    for one in &known {
        let first = visit(one, report("x"), &keys);
        assert_eq!(send(&agent, "POST", &url, &first.request).expect("answered").status, 200);
    }
    let look = |one: &Reporter| visit(one, Body::Cover {}, &keys).request;
    let hits = known.iter().map(|one| (true, look(one)));
    let misses = (0..VISITS).map(|_| (false, look(&reporter())));
    let mut visits: Vec<(bool, Vec<u8>)> = hits.chain(misses).collect();
    random::shuffle(&mut visits).expect("random bytes");
    let mut timed: Vec<(u128, bool)> = visits
        .iter()
        .map(|(hit, request)| {
            let began = Instant::now();
            assert_eq!(send(&agent, "POST", &url, request).expect("answered").status, 200);
            (began.elapsed().as_nanos(), *hit)
        })
        .collect();
    let median = |wanted: bool| {
        let mut of_kind: Vec<u128> = timed.iter().filter(|(_, hit)| *hit == wanted).map(|(time, _)| *time).collect();
        of_kind.sort_unstable();
        of_kind[of_kind.len() / 2] / 1000
    };
    let (hit, miss) = (median(true), median(false));
    timed.sort_unstable();
    // Mann and Whitney: the sum of the ranks of one kind, and how far it is from its mean.
    let count = |number: usize| f64::from(u32::try_from(number).expect("small"));
    let ranks: f64 = timed.iter().enumerate().filter(|(_, (_, hit))| *hit).map(|(rank, _)| count(rank + 1)).sum();
    let n = count(VISITS);
    let (mean, deviation) = (n * (2.0 * n + 1.0) / 2.0, (n * n * (2.0 * n + 1.0) / 12.0).sqrt());
    let z = (ranks - mean) / deviation;
    let p = libm::erfc(z.abs() / std::f64::consts::SQRT_2);
    let alarm = if p < 0.01 { " **differ**" } else { "" };
    println!("| known and unknown mailboxes: median {hit} and {miss} µs, z {z:+.2} | p {p:.4}{alarm} | above 0.01 |");
}
