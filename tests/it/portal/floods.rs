//! Floods of strangers: slow senders, silent connections, malformed requests.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crypto::letters::letter::Body;
use kit::installation::{Database, Installation};
use kit::program::Running;
use kit::reporters::{SealedEnclosure, report, reporter, visit, visit_with_enclosure};
use kit::requests::{agent, send};

/// Longer than any honest request takes here, shorter than a slow one may take.
const SOON: Duration = Duration::from_secs(15);

fn connect(portal: &Running) -> TcpStream {
    TcpStream::connect(portal.address.strip_prefix("http://").expect("http")).expect("connects")
}

/// A report that was sent, and its enclosure, of which an attempt was begun.
fn begun(installation: &Installation, portal: &Running) -> (SealedEnclosure, u64) {
    let (visit, enclosure) = visit_with_enclosure(&reporter(), report("x"), &installation.keys(), &vec![1; 5_000_000]);
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &visit.request).expect("answered").status, 200);
    let attempt = enclosure.begin(&portal.address);
    (enclosure, attempt)
}

/// R2 and M5 of the review: forty connections of five kilobytes a second kept everybody's attachments out.
#[test]
fn slow_parts_of_a_stranger_do_not_keep_an_honest_one_waiting() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let (stranger, theirs) = begun(&installation, &portal);
    let slow: Vec<TcpStream> = (0..60)
        .map(|_| {
            let mut stream = connect(&portal);
            let (token, size) = (&stranger.token, stranger.parts[0].len());
            let head = format!(
                "PUT /api/enclosure/{theirs}/parts/0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
                 content-length: {size}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).expect("sent");
            stream.write_all(&stranger.parts[0][..1000]).expect("sent");
            stream
        })
        .collect();
    let (honest, attempt) = begun(&installation, &portal);
    let start = Instant::now();
    assert_eq!(honest.put(&portal.address, attempt, 0).status, 200);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    drop(slow);
}

/// M6 of the review, in small: who says nothing keeps nobody waiting, and is cut off within seconds.
#[test]
fn silent_connections_are_cut_off_and_an_honest_report_is_answered_meanwhile() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let mut silent: Vec<TcpStream> = (0..300).map(|_| connect(&portal)).collect();
    for stream in silent.iter_mut().skip(150) {
        stream.write_all(b"POST /api/visits HTTP/1.1\r\nhost: x\r\n").expect("sent");
    }
    let (one, keys) = (reporter(), installation.keys());
    let url = format!("{}/api/visits", portal.address);
    let start = Instant::now();
    assert_eq!(send(&agent(), "POST", &url, &visit(&one, report("x"), &keys).request).expect("answered").status, 200);
    installation.exchange(Some("zhou")).expect("exchanged");
    let slot = send(&agent(), "POST", &url, &visit(&one, Body::Cover {}, &keys).request).expect("answered");
    assert!(one.read_slot(&slot.body, &keys).is_ok());
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    let mut last = silent.pop().expect("a connection");
    last.set_read_timeout(Some(SOON)).expect("set");
    // Refused, closed, or both; never kept.
    let mut answer = Vec::new();
    assert!(last.read_to_end(&mut answer).is_ok(), "still open after {:?}", start.elapsed());
}

/// R11 of the review: every malformed request left a line, though no request is logged.
#[test]
fn malformed_requests_leave_no_line_in_the_log() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let log = || std::fs::read_to_string(installation.at("portal.log")).expect("a log");
    let page = || send(&agent(), "GET", &format!("{}/zh/", portal.address), b"").expect("answered").status;
    // The last line of its start has been written when it answers.
    assert_eq!(page(), 200);
    let before = log();
    let huge = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(1_000_000));
    for request in [
        &b"nonsense\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"POST /api/visits HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        b"POST /api/visits HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        huge.as_bytes(),
    ] {
        let mut stream = connect(&portal);
        stream.set_read_timeout(Some(SOON)).expect("set");
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(log(), before);
    assert_eq!(page(), 200);
}
