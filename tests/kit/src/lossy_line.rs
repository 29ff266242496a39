//! A line between reporters and a portal that loses whole answers, and the ends of requests.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Bytes of a request that a line cuts off let through: its head, and less than the body of a visit.
const LET_THROUGH: usize = 50_000;
/// What becomes of the visits on the line, one after another.
const FATES: [Fate; 5] = [Fate::Answered, Fate::Swallowed, Fate::Cut, Fate::Swallowed, Fate::Answered];

/// What becomes of a visit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Answered,
    /// The portal gets it, and its answer is lost.
    Swallowed,
    /// The portal gets a part of it.
    Cut,
}

/// A line on a free port, which leads to one portal after another.
pub struct LossyLine {
    /// Its address, for reporters.
    pub url: String,
    target: Arc<Mutex<SocketAddr>>,
}

impl LossyLine {
    /// Starts a line to the portal at this `http://` address.
    #[must_use]
    pub fn before(portal: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let target = Arc::new(Mutex::new(address(portal)));
        let (leads_to, visits) = (Arc::clone(&target), Arc::new(AtomicUsize::new(0)));
        thread::spawn(move || {
            for reporter in listener.incoming().flatten() {
                let portal = TcpStream::connect(*leads_to.lock().expect("no panic while it is held"));
                if let Ok(portal) = portal {
                    join(reporter, portal, &visits);
                }
            }
        });
        Self { url, target }
    }

    /// New connections go to this portal, which was started anew.
    pub fn leads_to(&self, portal: &str) {
        *self.target.lock().expect("no panic while it is held") = address(portal);
    }
}

fn address(portal: &str) -> SocketAddr {
    portal.strip_prefix("http://").expect("http").parse().expect("an address")
}

fn join(reporter: TcpStream, portal: TcpStream, visits: &Arc<AtomicUsize>) {
    let fate = Arc::new(Mutex::new(Fate::Answered));
    let (from, to) = (reporter.try_clone().expect("a clone"), portal.try_clone().expect("a clone"));
    let (told, visits) = (Arc::clone(&fate), Arc::clone(visits));
    thread::spawn(move || up(from, to, &told, &visits));
    thread::spawn(move || down(portal, reporter, &fate));
}

fn up(mut reporter: TcpStream, mut portal: TcpStream, fate: &Mutex<Fate>, visits: &AtomicUsize) {
    let (mut buffer, mut passed) = (vec![0; 16 * 1024], 0);
    while let Ok(count @ 1..) = reporter.read(&mut buffer) {
        let bytes = &buffer[..count];
        // A reporter waits for an answer, so the next request begins where a read begins.
        if bytes.starts_with(b"POST /api/visits ") {
            let number = visits.fetch_add(1, Ordering::SeqCst);
            *fate.lock().expect("no panic while it is held") = FATES[number % FATES.len()];
            passed = 0;
        }
        passed += count;
        let is_cut = *fate.lock().expect("no panic while it is held") == Fate::Cut && passed > LET_THROUGH;
        if is_cut || portal.write_all(bytes).is_err() {
            let _ = reporter.shutdown(Shutdown::Both);
            break;
        }
    }
    let _ = portal.shutdown(Shutdown::Write);
}

fn down(mut portal: TcpStream, mut reporter: TcpStream, fate: &Mutex<Fate>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = portal.read(&mut buffer) {
        let is_lost = *fate.lock().expect("no panic while it is held") != Fate::Answered;
        if is_lost || reporter.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = reporter.shutdown(Shutdown::Both);
    let _ = portal.shutdown(Shutdown::Both);
}
