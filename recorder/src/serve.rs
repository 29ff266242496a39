//! The listeners: one thread a connection, one request at a time on each.

use std::fs;
use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use logbook::Logbook;
use recording::{FrameError, Refusal, Reply, tls};
use rustls::ServerConfig;

use crate::answer::Recorder;
use crate::letter_keys::LetterKeys;
use crate::periods::Periods;

/// Connections at once: one console needs one; more are mistakes or worse.
const CONNECTIONS: usize = 8;
/// A connection that says nothing for so long is closed; the console connects again.
const IDLE: Duration = Duration::from_mins(10);

/// Machines whose certificates are looked at at once, and how long each may take to show it.
const GREETED: usize = 32;
const GREETING: Duration = Duration::from_secs(10);

/// What every connection needs.
struct Served {
    recorder: Recorder,
    open: AtomicUsize,
    greeting: AtomicUsize,
}

/// Where the recorder listens: a socket, another machine's address, or both.
pub(crate) struct Listening {
    pub(crate) socket: Option<PathBuf>,
    pub(crate) machine: Option<Machine>,
}

/// Between machines: an address, and the certificate of the one console that may ask.
pub(crate) struct Machine {
    pub(crate) address: SocketAddr,
    pub(crate) console: PathBuf,
}

/// Answers until the process is told to stop. Every answer follows its durable entry, so
/// stopping at any moment loses nothing that was acknowledged.
pub(crate) fn serve(folder: &Path, log: &Path, listening: &Listening) -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_ansi(false).with_target(false).with_writer(io::stderr).init();
    let (periods, letter_keys) = (Periods::at(folder), LetterKeys::open(folder)?);
    let (signing, log_key) = (crate::keys::signing(folder)?, crate::keys::log(folder)?);
    let recorder = Recorder { periods, letter_keys, signing, log_key, logbook: Logbook::open(log)? };
    let served = Arc::new(Served { recorder, open: AtomicUsize::new(0), greeting: AtomicUsize::new(0) });
    let mut threads = Vec::new();
    if let Some(socket) = &listening.socket {
        let (listener, served) = (listen(socket)?, Arc::clone(&served));
        println!("recorder listening on {}", socket.display());
        threads.push(thread::spawn(move || served.take_from_socket(&listener)));
    }
    if let Some(machine) = &listening.machine {
        let config = tls::server(folder, &machine.console)?;
        let listener = TcpListener::bind(machine.address)
            .map_err(|error| format!("cannot listen on {}: {error}", machine.address))?;
        println!("recorder listening on {}", listener.local_addr()?);
        threads.push(thread::spawn(move || served.take_from_machine(&listener, &config)));
    }
    for thread in threads {
        thread.join().map_err(|_| "a listener broke")?;
    }
    Ok(())
}

fn listen(socket: &Path) -> Result<UnixListener, String> {
    let failed = |error: io::Error| format!("cannot listen on {}: {error}", socket.display());
    if UnixStream::connect(socket).is_ok() {
        return Err(format!("{} is in use: another recorder is running", socket.display()));
    }
    match fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        // Left behind by a recorder that was killed.
        _ => {}
    }
    let listener = UnixListener::bind(socket).map_err(failed)?;
    // The group of the socket's folder decides who else may connect.
    fs::set_permissions(socket, fs::Permissions::from_mode(0o660)).map_err(failed)?;
    Ok(listener)
}

/// A connection that came. Without room for more, a little patience: others will end.
fn come<S>(stream: io::Result<S>) -> Option<S> {
    stream
        .inspect_err(|error| {
            tracing::error!("a connection could not be taken: {error}");
            thread::sleep(Duration::from_millis(100));
        })
        .ok()
}

impl Served {
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

    /// Strangers are turned away by their certificate before they take a place.
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
                    Err(error) => tracing::warn!("a machine was turned away: {}", database::chain(&error)),
                }
            });
        }
    }

    fn answer_all(&self, stream: impl Read + Write) -> Result<(), FrameError> {
        let mut stream = BufReader::new(stream);
        loop {
            let reply = match recording::read(&mut stream) {
                Ok(request) => self.recorder.answer(request),
                Err(FrameError::Closed) => return Ok(()),
                Err(FrameError::Form(_)) => Reply::Refused { reason: Refusal::NotUnderstood },
                Err(error @ FrameError::TooLarge(_)) => {
                    // What follows the length cannot be skipped safely, so the connection ends.
                    recording::write(stream.get_mut(), &Reply::Refused { reason: Refusal::TooLarge })?;
                    return Err(error);
                }
                Err(error) => return Err(error),
            };
            recording::write(stream.get_mut(), &reply)?;
        }
    }
}

/// One of the few connections that are answered at once; given back however it ends.
struct Place(Arc<Served>);

impl Place {
    fn take(served: &Arc<Served>) -> Option<Self> {
        if served.open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
            served.open.fetch_sub(1, Ordering::SeqCst);
            tracing::warn!("a connection was refused: {CONNECTIONS} are open");
            return None;
        }
        Some(Self(Arc::clone(served)))
    }

    fn answer(self, stream: Result<impl Read + Write, FrameError>) {
        if let Err(error) = stream.and_then(|stream| self.0.answer_all(stream)) {
            tracing::warn!("a connection ended: {}", database::chain(&error));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}
