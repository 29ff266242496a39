//! A proxy between browser and portal. It stores every byte of every request, and can forge the answer to one request,
//! as a portal that was broken into could.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A proxy on a free port.
pub struct Proxy {
    /// Address of the proxy, for the browser.
    pub url: String,
    seen: Arc<Mutex<Vec<u8>>>,
    lie: Option<Arc<Lie>>,
}

impl Proxy {
    /// Starts a proxy in front of a portal, given by its `http://` address.
    #[must_use]
    pub fn before(portal: &str) -> Self {
        Self::start(portal, None)
    }

    /// Starts a proxy that answers one request, such as `GET /path`, with this status and JSON.
    #[must_use]
    pub fn lying(portal: &str, asked: &str, status: u16, json: &str) -> Self {
        Self::forging(portal, asked, status, json, false)
    }

    /// Starts a proxy that passes one request on, such as `POST /path`, and loses its answer: the browser gets this
    /// status and JSON instead.
    #[must_use]
    pub fn losing(portal: &str, asked: &str, status: u16, json: &str) -> Self {
        Self::forging(portal, asked, status, json, true)
    }

    /// Starts a proxy that takes one request, such as `PUT /path`, and never answers it.
    #[must_use]
    pub fn stalling(portal: &str, asked: &str) -> Self {
        let lie =
            Lie { asked: format!("{asked} "), answer: String::new(), passed_on: false, over: AtomicBool::new(false) };
        Self::start(portal, Some(Arc::new(lie)))
    }

    fn forging(portal: &str, asked: &str, status: u16, json: &str, passed_on: bool) -> Self {
        let answer = format!(
            "HTTP/1.1 {status} Answer\r\nconnection: close\r\ncontent-type: application/json\r\ncross-origin-resource-policy: same-origin\r\n\
             content-length: {}\r\n\r\n{json}",
            json.len()
        );
        let lie = Lie { asked: format!("{asked} "), answer, passed_on, over: AtomicBool::new(false) };
        Self::start(portal, Some(Arc::new(lie)))
    }

    fn start(portal: &str, lie: Option<Arc<Lie>>) -> Self {
        let target: SocketAddr = portal.strip_prefix("http://").expect("http").parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&seen);
        let told = lie.clone();
        thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                let Ok(portal) = TcpStream::connect(target) else { continue };
                let (from, to) = (browser.try_clone().expect("a clone"), portal.try_clone().expect("a clone"));
                let (keep, lie) = (Arc::clone(&keep), lie.clone());
                let lost = Arc::new(AtomicBool::new(false));
                let (losing, answer) = (Arc::clone(&lost), lie.clone());
                thread::spawn(move || up(from, to, &keep, lie.as_deref(), &losing));
                thread::spawn(move || down(portal, browser, answer.as_deref(), &lost));
            }
        });
        Self { url, seen, lie: told }
    }

    /// Ends forging: every request reaches the portal from now on.
    pub fn stop_lying(&self) {
        if let Some(lie) = &self.lie {
            lie.over.store(true, Ordering::SeqCst);
        }
    }

    /// Every byte that was sent towards the portal so far.
    #[must_use]
    pub fn seen(&self) -> Vec<u8> {
        self.seen.lock().expect("no panic while recording").clone()
    }
}

/// The beginning of a request, and the forged answer to it.
struct Lie {
    asked: String,
    answer: String,
    /// Whether the portal gets the request all the same.
    passed_on: bool,
    over: AtomicBool,
}

fn up(mut browser: TcpStream, mut portal: TcpStream, keep: &Mutex<Vec<u8>>, lie: Option<&Lie>, losing: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = browser.read(&mut buffer) {
        let bytes = &buffer[..count];
        keep.lock().expect("no panic while recording").extend_from_slice(bytes);
        // A browser waits for an answer, so its next request begins where a read begins.
        if let Some(lie) = lie.filter(|lie| !lie.over.load(Ordering::SeqCst) && bytes.starts_with(lie.asked.as_bytes()))
        {
            if !lie.passed_on {
                // Without an answer the connection stays open, as on a line that stalls.
                losing.store(lie.answer.is_empty(), Ordering::SeqCst);
                let _ = browser.write_all(lie.answer.as_bytes());
                // The rest of the request must not reach the portal.
                let _ = std::io::copy(&mut browser, &mut std::io::sink());
                break;
            }
            losing.store(true, Ordering::SeqCst);
        }
        if portal.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = portal.shutdown(Shutdown::Write);
}

fn down(mut portal: TcpStream, mut browser: TcpStream, lie: Option<&Lie>, lost: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = portal.read(&mut buffer) {
        if let Some(lie) = lie.filter(|_| lost.load(Ordering::SeqCst)) {
            let _ = browser.write_all(lie.answer.as_bytes());
            let _ = portal.shutdown(Shutdown::Both);
            break;
        }
        if browser.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    if !lie.is_some_and(|lie| lie.answer.is_empty() && lost.load(Ordering::SeqCst)) {
        let _ = browser.shutdown(Shutdown::Write);
    }
}
