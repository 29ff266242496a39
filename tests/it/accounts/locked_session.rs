//! A locked console holds no secrets: its whole folder, its log and every writable byte of its memory are searched for
//! planted ones.

use kit::html;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::program::Running;
use kit::reporters::{report, reporter, visit_with_enclosure};
use kit::requests::{agent, send};

const SECRET: &str = "secret-pipe-7391-behind-the-west-wall";
const REPLY: &str = "secret-reply-5523-to-the-reporter";
const NOTE: &str = "secret-note-6617-for-colleagues";
const FILE: &str = "secret-file-8842-in-the-enclosure";

/// All writable memory of the process: heap, stacks, buffers.
fn memory_of(running: &Running) -> Vec<u8> {
    let process = format!("/proc/{}", running.id());
    let maps = fs::read_to_string(format!("{process}/maps")).expect("its memory map");
    let mut memory = fs::File::open(format!("{process}/mem")).expect("its memory (as its own user or root)");
    let mut all = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (from, until) = line.split(' ').next().and_then(|range| range.split_once('-')).expect("a range");
        let number = |text: &str| u64::from_str_radix(text, 16).expect("an address");
        let mut bytes = vec![0; usize::try_from(number(until) - number(from)).expect("a size")];
        memory.seek(SeekFrom::Start(number(from))).expect("there");
        // Guard pages and the kernel's own pages cannot be read.
        if memory.read_exact(&mut bytes).is_ok() {
            all.extend(bytes);
        }
    }
    all
}

fn files_under(folder: &Path, found: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_under(&path, found);
        } else {
            found.extend(fs::read(path).expect("a file"));
        }
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}

/// The secrets that must not be found, with their names.
fn secrets(installation: &Installation) -> Vec<(&'static str, Vec<u8>)> {
    let keys = installation.post_keys();
    let seed = keys.post.to_text();
    let signing = |key: &ed25519_dalek::SigningKey| key.to_bytes().to_vec();
    // The X-Wing seed in bytes, decoded from its text.
    let (_, data, _) = bech32::decode(seed.as_str()).expect("bech32");
    let raw: Vec<u8> = bech32::FromBase32::from_base32(&data).expect("bytes");
    vec![
        ("the report", SECRET.into()),
        ("the answer", REPLY.into()),
        ("the note", NOTE.into()),
        ("the file", FILE.into()),
        ("the password", installation.password("zhou").into()),
        ("the post's key in text", seed.as_bytes().to_vec()),
        ("the post's key", raw),
        ("the post's signing key", signing(keys.signing.signing_key())),
        ("the statement key", signing(keys.statement.signing_key())),
    ]
}

/// Sends and collects a report with a file in its enclosure.
fn collected(installation: &Installation, portal: &Running) {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(FILE.len() as u64);
    header.set_cksum();
    archive.append_data(&mut header, "evidence.txt", FILE.as_bytes()).expect("appended");
    let tar = archive.into_inner().expect("an archive");
    let (visit, enclosure) = visit_with_enclosure(&reporter(), report(SECRET), &installation.keys(), &tar);
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &visit.request).expect("answered").status, 200);
    enclosure.send(&portal.address);
    installation.exchange(Some("zhou")).expect("exchanged");
}

/// An officer's session: reads, saves the file, answers, exchanges.
fn work(installation: &Installation, console: &Running) -> ConsoleClient {
    let mut zhou = ConsoleClient::signed_in(installation, &console.address, "zhou");
    let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    assert!(opened.contains(SECRET));
    let letter = html::values(&opened, "letter").into_iter().next();
    let letter = letter.expect("an enclosure");
    let fields = [("letter", letter.as_str()), ("purpose", "review")];
    assert!(text(&zhou.post("/en/reports/1/enclosure", &fields)).contains("evidence.txt"));
    let file = zhou.post("/en/reports/1/file", &[fields[0], fields[1], ("file", "1")]);
    assert_eq!(text(&file), FILE);
    assert_eq!(file.header("content-type"), Some("application/octet-stream"));
    assert!(file.header("content-disposition").is_some_and(|value| value.starts_with("attachment; ")));
    assert!(file.header("content-security-policy").is_some_and(|value| value.starts_with("sandbox; ")));
    assert!(text(&zhou.post("/en/inbox/search", &[("search", "pipe-7391")])).contains("Report 1"));
    assert!(text(&zhou.post("/en/reports/1/preview", &[("expected-version", "0"), ("text", REPLY)])).contains(REPLY));
    assert!(text(&zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", REPLY)])).contains("is kept"));
    zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", NOTE)]);
    assert!(text(&zhou.get("/en/reports/1/handling")).contains(NOTE));
    zhou.post("/en/exchange", &[]);
    while text(&zhou.get("/en/exchange")).contains("id=\"running\"") {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    zhou
}

#[test]
fn a_locked_console_holds_no_report_no_password_and_no_key() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    collected(&installation, &portal);
    let console = installation.console();
    let mut zhou = work(&installation, &console);
    let open = memory_of(&console);
    let secrets = secrets(&installation);
    assert!(contains(&open, &secrets[6].1), "the search finds the key while the session is open");
    zhou.post("/en/lock", &[]);
    // Threads of the last requests need time to finish.
    std::thread::sleep(std::time::Duration::from_secs(2));
    let locked = memory_of(&console);
    assert!(contains(&locked, b"Qingniao console"), "the search finds what is there");
    let mut written = fs::read(installation.at("console.log")).expect("a log");
    files_under(&installation.at("console"), &mut written);
    assert!(contains(&written, b"SQLite format 3"), "the search finds what is there");
    for (name, secret) in &secrets {
        assert!(!contains(&written, secret), "{name} is in the folder");
    }
    let found: Vec<_> = secrets.iter().filter(|(_, secret)| contains(&locked, secret)).map(|(name, _)| name).collect();
    assert!(found.is_empty(), "in memory: {found:?}");
}

/// R6 of the review: a browser that stopped reading kept content and key in memory for as long as it liked.
#[test]
fn a_download_that_nobody_reads_ends_with_its_session() {
    use std::io::{Read as _, Write as _};
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    // Enough that no buffer on the way takes all of it.
    let marked = "A-FILE-THAT-NOBODY-READS ".repeat(800_000);
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(marked.len() as u64);
    header.set_cksum();
    archive.append_data(&mut header, "large.txt", marked.as_bytes()).expect("appended");
    let tar = archive.into_inner().expect("an archive");
    let (visit, enclosure) = visit_with_enclosure(&reporter(), report(SECRET), &installation.keys(), &tar);
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &visit.request).expect("answered").status, 200);
    enclosure.send(&portal.address);
    installation.exchange(Some("zhou")).expect("exchanged");
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    let letter = html::values(&opened, "letter").into_iter().next().expect("an enclosure");
    let request = zhou.raw_post("/en/reports/1/file", &[("letter", &letter), ("purpose", "review"), ("file", "1")]);
    let mut stream = std::net::TcpStream::connect(console.address.trim_start_matches("http://")).expect("connects");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut first = [0; 4096];
    assert!(stream.read(&mut first).expect("an answer") > 0 && first.starts_with(b"HTTP/1.1 200"));
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert!(contains(&memory_of(&console), b"NOBODY-READS A-FILE"), "it waits to be read");
    zhou.post("/en/lock", &[]);
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert!(!contains(&memory_of(&console), b"NOBODY-READS A-FILE"), "the lock has ended it");
}
