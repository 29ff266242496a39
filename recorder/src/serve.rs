//! The socket: one thread a connection, one request at a time on each.

use std::fs;
use std::io::{self, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use logbook::Logbook;
use recording::{FrameError, Refusal, Reply};

use crate::answer::Recorder;
use crate::letter_keys::LetterKeys;
use crate::periods::Periods;

/// Connections at once: one console needs one; more are mistakes or worse.
const CONNECTIONS: usize = 8;
/// A connection that says nothing for so long is closed; the console connects again.
const IDLE: Duration = Duration::from_mins(10);

/// What every connection needs.
struct Served {
    recorder: Recorder,
    open: AtomicUsize,
}

/// Answers until the process is told to stop. Every answer follows its durable entry, so
/// stopping at any moment loses nothing that was acknowledged.
pub(crate) fn serve(folder: &Path, log: &Path, socket: &Path) -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_ansi(false).with_target(false).with_writer(io::stderr).init();
    let (periods, letter_keys) = (Periods::at(folder), LetterKeys::open(folder)?);
    let (signing, log_key) = (crate::keys::signing(folder)?, crate::keys::log(folder)?);
    let recorder = Recorder { periods, letter_keys, signing, log_key, logbook: Logbook::open(log)? };
    let served = Arc::new(Served { recorder, open: AtomicUsize::new(0) });
    let listener = listen(socket)?;
    println!("recorder listening on {}", socket.display());
    for stream in listener.incoming() {
        let stream = stream?;
        if served.open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
            served.open.fetch_sub(1, Ordering::SeqCst);
            tracing::warn!("a connection was refused: {CONNECTIONS} are open");
            continue;
        }
        let served = Arc::clone(&served);
        thread::spawn(move || {
            if let Err(error) = served.answer_all(stream) {
                tracing::warn!("a connection ended: {}", database::chain(&error));
            }
            served.open.fetch_sub(1, Ordering::SeqCst);
        });
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

impl Served {
    fn answer_all(&self, stream: UnixStream) -> Result<(), FrameError> {
        stream.set_read_timeout(Some(IDLE))?;
        stream.set_write_timeout(Some(IDLE))?;
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
