//! Floods of strangers: slow senders, silent connections, malformed requests.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crypto::keys::statement::VerifiedStatement;
use crypto::letters::letter::Body;
use crypto::letters::visit::Visit;
use crypto::slots::slot::Slot;
use kit::console_client::text;
use kit::installation::{Database, Installation};
use kit::program::Running;
use kit::reporters::{SealedEnclosure, report, reporter, visit, visit_with_enclosure};
use kit::requests::{agent, send};
use kit::scenario::Scenario;

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

/// Sends visits of strangers until it is told to stop: copies of a captured letter under other tokens, and mailboxes
/// in which nothing is ever said.
fn flood(portal: &str, captured: &[u8], keys: &VerifiedStatement, over: &AtomicBool) -> usize {
    let strangers: Vec<Vec<u8>> = (0..20).map(|_| visit(&reporter(), Body::Cover {}, keys).request).collect();
    let (agent, url, mut sent) = (agent(), format!("{portal}/api/visits"), 0);
    while !over.load(Ordering::SeqCst) {
        let own = &strangers[sent % strangers.len()];
        let squat = Visit { letter: captured, ..Visit::parse(own).expect("a visit") }.to_bytes();
        let request = if sent % 2 == 0 { &squat } else { own };
        // Some are refused, since the line of those who wait is full; that is what it is for.
        sent += usize::from(send(&agent, "POST", &url, request).is_ok());
    }
    sent
}

/// Ends the flood, also if the test fails.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// H1, M5, M6 and R2 of the reviews at once: squatted in, flooded and dripped on, the house takes an honest report, and
/// its reporter reads the answer.
#[test]
fn an_honest_report_is_sent_read_and_answered_during_all_of_it() {
    let scenario = Scenario::begin();
    let (keys, one, over) = (scenario.installation.keys(), reporter(), AtomicBool::new(false));
    let honest = visit(&one, report("a hidden pipe"), &keys);
    let captured = Visit::parse(&honest.request).expect("a visit").letter.to_vec();
    let silent: Vec<TcpStream> = (0..300).map(|_| connect(&scenario.portal)).collect();
    let url = format!("{}/api/visits", scenario.portal.address);
    let look = || {
        let sealed = send(&agent(), "POST", &url, &visit(&one, Body::Cover {}, &keys).request).expect("answered").body;
        one.read_slot(&sealed, &keys).expect("a slot")
    };
    std::thread::scope(|scope| {
        let flooding = scope.spawn(|| flood(&scenario.portal.address, &captured, &keys, &over));
        let ends = Ends(&over);
        // The strangers' copies come first.
        std::thread::sleep(Duration::from_secs(1));
        assert_eq!(send(&agent(), "POST", &url, &honest.request).expect("answered").status, 200);
        scenario.installation.exchange(Some("zhou")).expect("exchanged");
        let mut zhou = scenario.client("zhou");
        let opened = text(&zhou.post("/en/reports/2/open", &[("purpose", "review")]));
        assert!(opened.contains("a hidden pipe"), "{opened}");
        zhou.post("/en/reports/2/send", &[("expected-version", "0"), ("text", "We were there.")]);
        scenario.installation.exchange(Some("zhou")).expect("exchanged");
        let Slot::Post(slot) = look() else { panic!("still the first slot") };
        assert_eq!(slot.messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["We were there."]);
        drop(ends);
        assert!(flooding.join().expect("no panic") > 20, "hardly a flood");
    });
    assert_eq!(scenario.installation.register().report(3).expect("asked").map(|report| report.number), None);
    drop(silent);
}
