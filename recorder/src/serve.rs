//! The listeners: one thread for each connection, one request at a time on each.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use recorder_protocol::{FrameError, Refusal, Response, tls};
use rustls::ServerConfig;

use crate::requests::Recorder;

/// Connections open at once. One console needs one; more are errors or an attack.
const CONNECTIONS: usize = 8;
/// An idle connection is closed after this time; the console connects again.
const IDLE: Duration = Duration::from_mins(10);

/// TLS handshakes in progress at once, and the time that each may take.
const GREETED: usize = 32;
const GREETING: Duration = Duration::from_secs(10);

/// State shared by all connections.
struct Served {
    recorder: Recorder,
    open: AtomicUsize,
    greeting: AtomicUsize,
}

/// The addresses to listen on: a socket, a TCP address, or both.
pub struct Listening {
    /// The path of a Unix socket.
    pub socket: Option<PathBuf>,
    /// For a console on another machine, over mutual TLS.
    pub machine: Option<Machine>,
}

/// A TCP address, and the certificate of the one console that may connect.
pub struct Machine {
    /// The address to listen on.
    pub address: SocketAddr,
    /// The file of the console's certificate.
    pub console: PathBuf,
}

/// Listeners that are bound, before the process gives up making sockets.
pub struct Bound {
    socket: Option<(UnixListener, PathBuf)>,
    machine: Option<(TcpListener, Arc<ServerConfig>)>,
}

impl Listening {
    /// Binds the addresses. Fails if one cannot be bound.
    pub fn bind(&self, folder: &Path) -> Result<Bound, Box<dyn std::error::Error>> {
        let socket =
            self.socket.as_ref().map(|socket| Ok::<_, String>((listen(socket)?, socket.clone()))).transpose()?;
        let Some(machine) = &self.machine else { return Ok(Bound { socket, machine: None }) };
        let config = tls::server(folder, &machine.console)?;
        let listener = TcpListener::bind(machine.address)
            .map_err(|error| format!("cannot listen on {}: {error}", machine.address))?;
        Ok(Bound { socket, machine: Some((listener, config)) })
    }
}

impl Bound {
    /// Answers until the process is stopped. Every answer follows its durable entry, so that stopping at any moment loses
    /// nothing acknowledged.
    pub fn serve(self, recorder: Recorder) -> Result<(), Box<dyn std::error::Error>> {
        let served = Served::new(recorder);
        let mut threads = Vec::new();
        if let Some((listener, path)) = self.socket {
            let served = Arc::clone(&served);
            println!("recorder listening on {}", path.display());
            threads.push(thread::spawn(move || served.take_from_socket(&listener)));
        }
        if let Some((listener, config)) = self.machine {
            println!("recorder listening on {}", listener.local_addr()?);
            threads.push(thread::spawn(move || served.take_from_machine(&listener, &config)));
        }
        for thread in threads {
            thread.join().map_err(|_| "a listener broke")?;
        }
        Ok(())
    }
}

/// Answers on a socket from a thread of this process until the process ends, for tests of the recorder's clients.
pub fn serve_in_background(recorder: Recorder, socket: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (listener, served) = (listen(socket)?, Served::new(recorder));
    thread::spawn(move || served.take_from_socket(&listener));
    Ok(())
}

/// The group of the socket's folder decides who else may connect.
fn listen(socket: &Path) -> Result<UnixListener, String> {
    program::socket::listen(socket, 0o660).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("{} is in use: another recorder is running", socket.display()),
        _ => format!("cannot listen on {}: {error}", socket.display()),
    })
}

/// The accepted connection. After a failure, such as too many open files, waits briefly, since other connections will
/// end.
fn come<S>(stream: io::Result<S>) -> Option<S> {
    stream
        .inspect_err(|error| {
            tracing::error!(code = "connection.failed", "connection not accepted: {error}");
            thread::sleep(Duration::from_millis(100));
        })
        .ok()
}

impl Served {
    fn new(recorder: Recorder) -> Arc<Self> {
        Arc::new(Self { recorder, open: AtomicUsize::new(0), greeting: AtomicUsize::new(0) })
    }

    fn take_from_socket(self: &Arc<Self>, listener: &UnixListener) {
        for stream in listener.incoming() {
            let Some(stream) = come(stream) else { continue };
            let Some(place) = Place::take(self) else { continue };
            thread::spawn(move || {
                let timed = stream.set_read_timeout(Some(IDLE)).and_then(|()| stream.set_write_timeout(Some(IDLE)));
                place.answer(timed.map_err(FrameError::from).map(|()| stream));
            });
        }
    }

    /// Clients are rejected by their certificate before they take a place.
    fn take_from_machine(self: &Arc<Self>, listener: &TcpListener, config: &Arc<ServerConfig>) {
        for stream in listener.incoming() {
            let Some(stream) = come(stream) else { continue };
            if self.greeting.fetch_add(1, Ordering::SeqCst) >= GREETED {
                self.greeting.fetch_sub(1, Ordering::SeqCst);
                continue;
            }
            let (served, config) = (Arc::clone(self), Arc::clone(config));
            thread::spawn(move || {
                let accepted = tls::accept(&config, stream, GREETING);
                served.greeting.fetch_sub(1, Ordering::SeqCst);
                match accepted {
                    Ok(stream) => {
                        let timed = stream.sock.set_read_timeout(Some(IDLE));
                        if let Some(place) = Place::take(&served) {
                            place.answer(timed.map_err(FrameError::from).map(|()| stream));
                        }
                    }
                    Err(error) => tracing::warn!(
                        code = "client.rejected",
                        "client certificate rejected: {}",
                        program::chain(&error)
                    ),
                }
            });
        }
    }

    fn answer_all(&self, stream: impl Read + Write) -> Result<(), FrameError> {
        let mut stream = BufReader::new(stream);
        loop {
            let reply = match recorder_protocol::read(&mut stream) {
                Ok(request) => self.recorder.answer(request),
                Err(FrameError::Closed) => return Ok(()),
                Err(FrameError::Form(_)) => Response::Refused { reason: Refusal::NotUnderstood },
                Err(error @ FrameError::TooLarge(_)) => {
                    // The content after the length cannot be skipped safely, so the connection ends.
                    recorder_protocol::write(stream.get_mut(), &Response::Refused { reason: Refusal::TooLarge })?;
                    return Err(error);
                }
                Err(error) => return Err(error),
            };
            recorder_protocol::write(stream.get_mut(), &reply)?;
        }
    }
}

/// One of the limited number of open connections, released when dropped.
struct Place(Arc<Served>);

impl Place {
    fn take(served: &Arc<Served>) -> Option<Self> {
        if served.open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
            served.open.fetch_sub(1, Ordering::SeqCst);
            tracing::warn!(code = "connection.limit", "connection refused: {CONNECTIONS} are open");
            return None;
        }
        Some(Self(Arc::clone(served)))
    }

    fn answer(self, stream: Result<impl Read + Write, FrameError>) {
        if let Err(error) = stream.and_then(|stream| self.0.answer_all(stream)) {
            tracing::warn!(code = "connection.ended", "connection ended: {}", program::chain(&error));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}
