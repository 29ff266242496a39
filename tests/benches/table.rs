//! `make bench`: one table of ratios; both sides of each are measured in this run on this machine.

use std::fs::File;
use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chacha20poly1305::aead::{AeadInPlace as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use crypto::letters::visit::Visit;
use crypto::log::checkpoint::{leaf, node};
use crypto::sealing::enclosure::EnclosureSize;
use database::{DatabaseUrl, Writer};
use diesel::RunQueryDsl as _;
use kit::installation::{Database, Installation};
use kit::program::Running;
use kit::reporters::{letter, report, reporter, today, visit};
use kit::requests::{agent, send};
use logbook::{Accompanying, Logbook, NewEntry};
use opening::HybridIdentity;
use opening::letter::{open_inner, open_outer};

const SENDERS: usize = 8;
const REPORTS: usize = 1000;
const LASTS: Duration = Duration::from_secs(3);

fn main() {
    let installation = Installation::new(Database::Sqlite);
    println!("| what | measured | beside | ratio |");
    println!("|---|---|---|---|");
    reports_beside_flushes(&installation);
    sealing_beside_the_cipher(&installation);
    enclosures_beside_the_cipher();
    landing_page_beside_loopback(&installation);
    start_and_memory(&installation);
    log_beside_commits();
}

fn row(what: &str, measured: f64, unit: &str, beside: f64, beside_what: &str) {
    println!("| {what} | {measured:.1} {unit} | {beside:.1} {beside_what} | {:.2} |", measured / beside);
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("a small number"))
}

/// Runs of `step` a second.
fn rate(mut step: impl FnMut()) -> f64 {
    let began = Instant::now();
    let mut done = 0;
    while began.elapsed() < LASTS {
        step();
        done += 1;
    }
    count(done) / began.elapsed().as_secs_f64()
}

fn reports_beside_flushes(installation: &Installation) {
    let keys = installation.keys();
    let visits: Vec<Vec<u8>> = (0..REPORTS).map(|_| visit(&reporter(), report("x"), &keys).request).collect();
    let portal = installation.portal();
    let url = format!("{}/api/visits", portal.address);
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| {
                let agent = agent();
                while let Some(visit) = visits.get(next.fetch_add(1, Ordering::SeqCst)) {
                    assert_eq!(send(&agent, "POST", &url, visit).expect("answered").status, 200);
                }
            });
        }
    });
    let reports = count(REPORTS) / began.elapsed().as_secs_f64();
    let mut file = File::create(installation.at("flushes")).expect("a file");
    let flushes = rate(|| {
        file.write_all(&[0; 4096]).expect("written");
        file.sync_all().expect("flushed");
    });
    row("durable reports, 8 senders", reports, "/s", flushes, "flushes/s of the disk");
}

/// A step that runs the raw cipher over the given number of bytes.
fn cipher(bytes: usize) -> impl FnMut() {
    let cipher = ChaCha20Poly1305::new(Key::from_slice(&[7; 32]));
    let mut buffer = vec![0; bytes];
    move || {
        let tag = cipher.encrypt_in_place_detached(Nonce::from_slice(&[0; 12]), b"", &mut buffer);
        black_box(tag.expect("encrypts"));
    }
}

fn sealing_beside_the_cipher(installation: &Installation) {
    let keys = installation.keys();
    let one = reporter();
    let written = letter(&one, report(&"水".repeat(5000)), &keys);
    let sealing = rate(|| drop(black_box(one.visit(&written, &keys, today()).expect("a visit"))));
    let raw =
        rate(cipher(crypto::letters::letter::LETTER + crypto::sealing::outer::PLAIN + crypto::slots::slot::PLAIN));
    row(
        "letters sealed (four keys: post, recorder, reporter, signature)",
        sealing,
        "/s",
        raw,
        "/s raw cipher, same bytes",
    );
    let (recorder, post) = (installation.outer_key(), installation.post_keys().post);
    let request = one.visit(&written, &keys, today()).expect("a visit").request;
    let sealed = Visit::parse(&request).expect("a visit").letter;
    let opening = rate(|| {
        let (header, inner) = open_outer(&recorder, sealed).expect("opens");
        drop(black_box(open_inner(&post, &header, &inner).expect("opens")));
    });
    let raw = rate(cipher(crypto::letters::letter::LETTER + crypto::sealing::outer::PLAIN));
    row("letters opened, both layers", opening, "/s", raw, "/s raw cipher, same bytes");
}

fn enclosures_beside_the_cipher() {
    let size = EnclosureSize::holding(64 << 20).expect("a size").plain();
    let recipient = HybridIdentity::generate().expect("a key").recipient();
    let sealing = rate(|| {
        crypto::sealing::enclosure::seal(std::io::repeat(1), size, &recipient, std::io::sink()).expect("sealed");
    });
    let mut chunk = cipher(64 * 1024);
    let raw = rate(|| (0..size / (64 * 1024)).for_each(|_| chunk()));
    row("enclosures sealed, 64 MiB", sealing * 64.0, "MiB/s", raw * 64.0, "MiB/s raw cipher");
}

fn landing_page_beside_loopback(installation: &Installation) {
    let portal = installation.portal();
    let address = portal.address.strip_prefix("http://").expect("http").to_owned();
    let request = format!("GET /zh/ HTTP/1.1\r\nhost: {address}\r\naccept-encoding: br\r\n\r\n");
    let size = exchange(&mut TcpStream::connect(&address).expect("connects"), request.as_bytes(), None);
    let pages = ping_pong(&address, request.as_bytes(), size);
    let echo = TcpListener::bind("127.0.0.1:0").expect("a port");
    let echo_address = echo.local_addr().expect("an address").to_string();
    let length = request.len();
    thread::spawn(move || {
        for mut stream in echo.incoming().flatten() {
            thread::spawn(move || {
                let (mut asked, answer) = (vec![0; length], vec![0; size]);
                while stream.read_exact(&mut asked).is_ok() && stream.write_all(&answer).is_ok() {}
            });
        }
    });
    let bare = ping_pong(&echo_address, request.as_bytes(), size);
    row(&format!("landing page, {size} bytes with headers"), pages, "/s", bare, "/s bare loopback, same bytes");
}

/// Requests a second over four keep-alive connections.
fn ping_pong(address: &str, request: &[u8], size: usize) -> f64 {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (address, request) = (address.to_owned(), request.to_vec());
            thread::spawn(move || {
                let mut stream = TcpStream::connect(address).expect("connects");
                stream.set_nodelay(true).expect("set");
                rate(|| {
                    exchange(&mut stream, &request, Some(size));
                })
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
}

/// Sends one request and returns the bytes of the answer, by `content-length` where the size is not given.
fn exchange(stream: &mut TcpStream, request: &[u8], size: Option<usize>) -> usize {
    stream.write_all(request).expect("sent");
    let mut answer = vec![0; size.unwrap_or(64 * 1024)];
    if let Some(size) = size {
        stream.read_exact(&mut answer).expect("answered");
        return size;
    }
    let mut filled = 0;
    loop {
        filled += stream.read(&mut answer[filled..]).expect("answered");
        let text = String::from_utf8_lossy(&answer[..filled]).to_lowercase();
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
        let end = answer[..filled].windows(4).position(|window| window == b"\r\n\r\n");
        if let (Some(length), Some(end)) = (length, end) {
            let length: usize = length;
            if filled >= end + 4 + length {
                return end + 4 + length;
            }
        }
    }
}

fn start_and_memory(installation: &Installation) {
    let began = Instant::now();
    Command::new("/bin/true").status().expect("starts");
    let bare = began.elapsed().as_secs_f64() * 1000.0;
    let portal = installation.portal();
    row("portal, from start to listening", portal.started_within.as_secs_f64() * 1000.0, "ms", bare, "ms /bin/true");
    let recorder = installation.recorder();
    // A shell's memory is the base: the cost of any process on this machine.
    let own = resident(&Running::start(shell(), &installation.at("shell.log")));
    row("portal, idle memory", resident(&portal), "MiB", own, "MiB a shell");
    row("recorder, idle memory", resident(&recorder), "MiB", own, "MiB a shell");
    let console = installation.console();
    row("console, idle memory", resident(&console), "MiB", own, "MiB a shell");
}

/// Entries of the log with which proofs and verification are measured.
const ENTRIES: u64 = 50_000;

fn log_entry() -> NewEntry {
    let (account, role, action) = ("zhou".to_owned(), "officer".to_owned(), "open-letter".to_owned());
    let at = "2026-11-24T00:00:00.000000000Z".to_owned();
    // The signed request of an opening has this length.
    NewEntry { at, account, role, action, ask: Some("x".repeat(600)), ..NewEntry::default() }
}

fn append(logbook: &Logbook) {
    logbook.append(log_entry(), Accompanying::Nothing).expect("asked").expect("appended");
}

fn log_beside_commits() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    logbook::migrate(&at("logbook.sqlite")).expect("migrated");
    let logbook = Logbook::open(&at("logbook.sqlite")).expect("a logbook");
    let writer = Writer::start(DatabaseUrl::Sqlite(at("plain.sqlite"))).expect("a database");
    let run = |sql: &'static str| {
        writer.write(move |connection| diesel::sql_query(sql).execute(connection)).wait().expect("committed")
    };
    run("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)");
    let commits = rate(|| {
        run("INSERT INTO rows (text) VALUES ('one durable commit')");
    });
    row("entries of the log, each durable", rate(|| append(&logbook)), "/s", commits, "durable commits/s");

    let proof = |size: u64| {
        let mut sequence = 0;
        rate(|| {
            sequence = sequence % size + 1;
            drop(black_box(logbook.prove_entry(sequence, size).expect("a proof")));
        })
    };
    let short = proof(logbook.checkpoint().expect("a checkpoint").size.min(500));
    thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| (0..ENTRIES / SENDERS as u64).for_each(|_| append(&logbook)));
        }
    });
    let size = logbook.checkpoint().expect("a checkpoint").size;
    row(&format!("proofs in a log of {size} entries"), proof(size), "/s", short, "/s in one of 500");

    let began = Instant::now();
    assert!(logbook.verify(&[], |_| Ok(())).expect("read").is_ok());
    let verifying = count(usize::try_from(size).expect("small")) / began.elapsed().as_secs_f64();
    let mut covered = Vec::new();
    let collected = logbook.verify(&[], |one| {
        covered.push((one.text.clone(), one.salt.clone()));
        Ok(())
    });
    assert!(collected.expect("read").is_ok());
    // Hashes equally many bytes: every leaf, and as many nodes as a tree of that many leaves has.
    let began = Instant::now();
    let mut last = leaf("", &[]);
    for (text, salt) in &covered {
        last = node(last, leaf(text, salt));
    }
    black_box(last);
    let hashing = count(covered.len()) / began.elapsed().as_secs_f64();
    row("entries verified, whole log", verifying, "/s", hashing, "/s hashed in memory, same bytes");
}

fn shell() -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg("echo shell listening on nothing; read -r line");
    command.stdin(std::process::Stdio::piped());
    command
}

/// Resident memory in MiB.
fn resident(running: &Running) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes / 1024.0
}
