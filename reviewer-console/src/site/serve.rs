//! Serving: the listener, the clock's work, and the end.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io};

use actix_web::http::KeepAlive;
use actix_web::middleware::from_fn;
use actix_web::web::{self as routing, Data};
use actix_web::{App, HttpServer};
use futures_util::future::try_join_all;
use recorder_protocol::Notice;
use register::Register;

use super::at::At;
use super::door::Door;
use super::{guard, routes};
use crate::config::{Config, Listen};
use crate::console::Console;
use crate::fault::Fault;
use crate::feeds::Feed;
use crate::intake::Intake;
use crate::retention;
use crate::schedule::Moment;
use crate::sheets::{self, Which};

/// One event loop: a post is a few people, and the work is in the blocking threads.
const WORKERS: usize = 1;
/// How often idle sessions are looked for: none outlives its limit by more.
const REAP: Duration = Duration::from_secs(2);
/// How often the schedule is looked at.
const TICK: Duration = Duration::from_secs(20);
/// How often receivers are looked after.
const TELL: Duration = Duration::from_secs(1);
/// How long running requests may finish when the console is told to stop, in seconds.
const FINISH_WITHIN: u64 = 10;

/// Serves until SIGTERM or SIGINT; then every session ends.
pub(crate) fn serve(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    program::logging::to_stderr();
    let console = Data::new(Console::open(&config)?);
    let listener = Listener::open(config.listen())?;
    let cases = config.cases().map(Listener::open).transpose()?;
    let finance = config.finance().map(Listener::open).transpose()?;
    // Programs that start the console read these lines to learn the ports.
    let feeds = config.feeds()?;
    let intake = config.intake().map(|intake| Intake::open(intake, config.folder())).transpose()?;
    println!("reviewer-console listening on {}", listener.name()?);
    if let Some(cases) = &cases {
        println!("case units listening on {}", cases.name()?);
    }
    if let Some(finance) = &finance {
        println!("finance listening on {}", finance.name()?);
    }
    if let Some(intake) = &intake {
        println!("intake listening on {}", intake.name()?);
    }
    let shared = console.clone();
    actix_web::rt::System::new().block_on(async move {
        actix_web::rt::spawn(reap(shared.clone()));
        actix_web::rt::spawn(keep_schedule(shared.clone(), config));
        for feed in feeds {
            actix_web::rt::spawn(tell_feed(shared.register.clone(), feed));
        }
        if let Some(intake) = intake {
            actix_web::rt::spawn(take_clues(intake, shared.clone()));
        }
        let doors = [(Door::Post, Some(listener)), (Door::Cases, cases), (Door::Finance, finance)];
        let open = doors.into_iter().filter_map(|(door, listener)| Some(at_door(door, shared.clone(), listener?)));
        try_join_all(open).await.map(|_| ())
    })?;
    console.sessions.end_all();
    tracing::info!("console stopped");
    Ok(())
}

async fn at_door(door: Door, console: Data<Console>, listener: Listener) -> io::Result<()> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(console.clone())
            .wrap(from_fn(guard::guard))
            .configure(|config| routes::register(door, config))
            .default_service(routing::to(nothing))
    })
    .workers(WORKERS)
    // A connection that stays open keeps what was last sent through it in its buffers.
    .keep_alive(KeepAlive::Disabled)
    .shutdown_timeout(FINISH_WITHIN);
    match listener {
        Listener::Tcp(listener) => server.listen(listener)?.run().await,
        Listener::Unix(listener, _) => server.listen_uds(listener)?.run().await,
    }
}

async fn nothing(_: At) -> Result<actix_web::HttpResponse, Fault> {
    Err(Fault::NotFound)
}

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, String),
}

impl Listener {
    fn open(listen: &Listen) -> Result<Self, String> {
        match listen {
            Listen::Loopback(address) => {
                TcpListener::bind(address).map(Self::Tcp).map_err(|error| match error.kind() {
                    io::ErrorKind::AddrInUse => {
                        format!("{address} is in use; choose another with CONSOLE_ADDR, CASES_ADDR or FINANCE_ADDR")
                    }
                    _ => format!("cannot listen on {address}: {error}"),
                })
            }
            Listen::Socket(path) => {
                let failed = |error: io::Error| format!("cannot listen on {}: {error}", path.display());
                let listener = bind(path).map_err(failed)?;
                Ok(Self::Unix(listener, format!("unix:{}", path.display())))
            }
        }
    }

    fn name(&self) -> io::Result<String> {
        match self {
            Self::Tcp(listener) => Ok(format!("http://{}", listener.local_addr()?)),
            Self::Unix(_, name) => Ok(name.clone()),
        }
    }
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    if std::os::unix::net::UnixStream::connect(path).is_ok() {
        return Err(io::ErrorKind::AddrInUse.into());
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        // Left behind by a console that was killed.
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Ends sessions whose time is over, whether anybody asks or not.
async fn reap(console: Data<Console>) {
    loop {
        actix_web::rt::time::sleep(REAP).await;
        for account in console.sessions.end_over(Instant::now()) {
            let console = console.clone();
            let told =
                routing::block(move || console.recorder.notice(&Notice::SignedOut { account, by_itself: true })).await;
            if let Ok(Err(error)) = told {
                tracing::error!("the end of a session could not be noted: {}", program::chain(&error));
            }
        }
    }
}

/// Exchanges and mail by the clock.
async fn keep_schedule(console: Data<Console>, config: Config) {
    let mut last = Moment::now();
    loop {
        actix_web::rt::time::sleep(TICK).await;
        let now = Moment::now();
        if now.passed(config.exchange_at(), last) {
            let session = console.sessions.any_officer(Instant::now());
            console.exchange(session).await;
        }
        if let Some(mail) = config.mail()
            && now.passed(&[mail.at], last)
            && console.books.rules.calendar.is_working_day(now.day)
        {
            let (mail, folder, register) = (mail.clone(), config.folder().to_owned(), console.register.clone());
            let sent = routing::block(move || {
                let held = register.log_held().map(|held| held.held);
                let held =
                    held.inspect_err(|error| tracing::error!("no checkpoint to mail: {}", program::chain(error)));
                mail.send(&folder, held.ok().flatten().as_deref())
            });
            if let Ok(Err(error)) = sent.await {
                tracing::error!("the daily mail was not sent: {}", program::chain(&error));
            }
        }
        open_due_cases(&console).await;
        if now.day != last.day {
            let console = console.clone();
            if let Ok(Err(error)) = routing::block(move || retention::propose(&console, now.day)).await {
                tracing::error!("what may be erased could not be proposed: {}", program::chain(&error));
            }
        }
        last = now;
    }
}

/// Fact sheets whose day has come become cases as soon as an officer is signed in: the post's keys are
/// in clear only inside a session.
async fn open_due_cases(console: &Data<Console>) {
    let Some(session) = console.sessions.any_officer(Instant::now()) else { return };
    let console = console.clone();
    let opened = routing::block(move || {
        if sheets::may_be_due(&console)? { sheets::release(&console, &session, Which::Due).map(|_| ()) } else { Ok(()) }
    });
    if let Ok(Err(error)) = opened.await {
        tracing::error!("fact sheets did not become cases: {}", program::chain(&error));
    }
}

/// Tells every receiver what it does not have yet, each at its own pace.
/// Each receiver for itself: one that keeps us waiting keeps nobody else waiting.
async fn tell_feed(register: Register, mut feed: Feed) {
    loop {
        let register = register.clone();
        let told = routing::block(move || {
            feed.tell(&register);
            feed
        });
        let Ok(again) = told.await else { return };
        feed = again;
        actix_web::rt::time::sleep(TELL).await;
    }
}

async fn take_clues(intake: Intake, console: Data<Console>) {
    if let Err(error) = intake.serve(console).await {
        tracing::error!("the intake ended: {error}");
    }
}
