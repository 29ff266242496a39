//! Serving: the listeners, scheduled work, and shutdown.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::Server;
use actix_web::http::KeepAlive;
use actix_web::middleware::from_fn;
use actix_web::web::{self as routing, Data};
use actix_web::{App, HttpServer};
use console_services::accounts::audience::Audience;
use console_services::accounts::authentication::note_session_over;
use console_services::actor::Actor;
use console_services::cases::fact_sheet_queue::{WhichSheets, may_be_due, release_sheets};
use console_services::cases::feeds::Feed;
use console_services::config::ConsoleConfig;
use console_services::data_folder::DataFolder;
use console_services::error::ConsoleError;
use console_services::reports::retention;
use console_services::resources::Resources;
use console_services::schedule::Moment;
use futures_util::future::try_join_all;
use model::Role;

use crate::http::app_state::AppState;
use crate::http::connection::on_connect;
use crate::http::intake::Intake;
use crate::http::listener::Listener;
use crate::http::middleware::admit;
use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::routes::{may_send, register};
use crate::http::stop::StopSignals;

/// One event loop: a post has few people, and the work is done on blocking threads.
const WORKERS: usize = 1;
/// Interval of the check for idle sessions; none outlives its limit by more.
const REAP: Duration = Duration::from_secs(2);
/// Interval of the schedule's check.
const TICK: Duration = Duration::from_secs(20);
/// Interval of sending to receivers of case events.
const TELL: Duration = Duration::from_secs(1);
/// Seconds for running requests to finish at shutdown.
const FINISH_WITHIN: u64 = 10;

/// Serves until SIGTERM or SIGINT; then every session ends.
pub(crate) fn serve(config: ConsoleConfig, require_confinement: bool) -> Result<(), Box<dyn std::error::Error>> {
    program::logging::to_stderr();
    program::permissions::require_private(config.folder())?;
    // Bound before the process is confined, and nothing is opened before that.
    let mut listeners = Vec::new();
    for audience in Audience::ALL {
        if let Some(listen) = config.listen(audience) {
            listeners.push((audience, Listener::open(listen)?));
        }
    }
    let feeds = config.feeds()?;
    let intake = config.intake().map(|intake| Intake::open(intake, config.folder())).transpose()?;
    confinement::confine(&config.rights()?, require_confinement)?;
    let state = Data::new(AppState::open(&config, may_send)?);
    let shared = state.clone();
    actix_web::rt::System::new().block_on(async move {
        let signals = StopSignals::listen()?;
        // Programs that start the console read these lines to learn the ports.
        for (audience, listener) in &listeners {
            println!("{} listening on {}", listening(*audience), listener.name()?);
        }
        if let Some(intake) = &intake {
            println!("intake listening on {}", intake.name()?);
        }
        actix_web::rt::spawn(reap(shared.clone()));
        actix_web::rt::spawn(keep_schedule(shared.clone(), config));
        for feed in feeds {
            actix_web::rt::spawn(tell_feed(Arc::clone(&shared.console.resources), feed));
        }
        if let Some(intake) = intake {
            actix_web::rt::spawn(take_clues(intake, Arc::clone(&shared.console.resources)));
        }
        let servers =
            listeners.into_iter().map(|(audience, listener)| serve_audience(audience, shared.clone(), listener));
        let servers = servers.collect::<io::Result<Vec<Server>>>()?;
        actix_web::rt::spawn(signals.stop(servers.iter().map(Server::handle).collect()));
        try_join_all(servers).await.map(|_| ())
    })?;
    state.console.authentication.sessions.end_all();
    tracing::info!(code = "console.stopped", "console stopped");
    Ok(())
}

fn listening(audience: Audience) -> &'static str {
    match audience {
        Audience::Post => "reviewer-console",
        Audience::Cases => "case units",
        Audience::Finance => "finance",
    }
}

fn serve_audience(audience: Audience, state: Data<AppState>, listener: Listener) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .wrap(from_fn(admit))
            .configure(|config| register(audience, config))
            .default_service(routing::to(nothing))
    })
    .workers(WORKERS)
    .on_connect(on_connect)
    // An open connection would keep the last content in its buffers.
    .keep_alive(KeepAlive::Disabled)
    .shutdown_timeout(FINISH_WITHIN)
    .disable_signals();
    Ok(match listener {
        Listener::Tcp(listener) => server.listen(listener)?.run(),
        Listener::Unix(listener, _) => server.listen_uds(listener)?.run(),
    })
}

async fn nothing(_: RequestContext) -> Result<actix_web::HttpResponse, PageError> {
    Err(ConsoleError::NotFound.into())
}

/// Ends expired sessions, also when no request arrives.
async fn reap(state: Data<AppState>) {
    loop {
        actix_web::rt::time::sleep(REAP).await;
        for account in state.console.authentication.sessions.end_over(Instant::now()) {
            let resources = Arc::clone(&state.console.resources);
            if let Ok(Err(error)) = routing::block(move || note_session_over(&resources, account)).await {
                tracing::error!(
                    code = "session.end-not-recorded",
                    "end of a session not recorded: {}",
                    program::chain(&error)
                );
            }
        }
    }
}

/// Runs scheduled exchanges, sends the daily mail, and opens the cases that are due.
async fn keep_schedule(state: Data<AppState>, config: ConsoleConfig) {
    let mut last = Moment::now();
    loop {
        actix_web::rt::time::sleep(TICK).await;
        let now = Moment::now();
        let console = &state.console;
        if now.passed(config.exchange_at(), last) {
            console.exchange.run(console.authentication.sessions.any_officer(Instant::now())).await;
        }
        send_mail(&console.resources, &config, now, last).await;
        open_due_cases(&state).await;
        if now.day != last.day {
            let resources = Arc::clone(&console.resources);
            if let Ok(Err(error)) = routing::block(move || retention::propose(&resources, now.day)).await {
                tracing::error!(
                    code = "retention.proposal-failed",
                    "retention proposal failed: {}",
                    program::chain(&error)
                );
            }
        }
        last = now;
    }
}

async fn send_mail(resources: &Resources, config: &ConsoleConfig, now: Moment, last: Moment) {
    let Some(mail) = config.mail().filter(|mail| now.passed(&[mail.at], last)) else { return };
    if !resources.rules().calendar.is_working_day(now.day) {
        return;
    }
    let (mail, folder) = (mail.clone(), config.folder().to_owned());
    let sent = routing::block(move || {
        let held = DataFolder::at(&folder).checkpoint();
        let held = held.inspect_err(|error| {
            tracing::error!(code = "mail.no-checkpoint", "no checkpoint to mail: {}", program::chain(error));
        });
        mail.send(&folder, held.ok().flatten().as_deref())
    });
    if let Ok(Err(error)) = sent.await {
        tracing::error!(code = "mail.not-sent", "daily mail not sent: {}", program::chain(&error));
    }
}

/// Turns due fact sheets into cases once an officer is signed in: the post's keys are in clear only inside a session.
async fn open_due_cases(state: &Data<AppState>) {
    let Some(session) = state.console.authentication.sessions.any_officer(Instant::now()) else { return };
    let actor = Actor::new(Arc::clone(&state.console.resources), session, Role::Officer);
    let opened = routing::block(move || {
        if may_be_due(&actor.resources)? { release_sheets(&actor, WhichSheets::Due).map(|_| ()) } else { Ok(()) }
    });
    if let Ok(Err(error)) = opened.await {
        tracing::error!(
            code = "sheets.not-opened",
            "waiting fact sheets not opened as cases: {}",
            program::chain(&error)
        );
    }
}

/// Sends a receiver the events that it does not have yet. Each receiver has its own task: a slow one delays no other.
async fn tell_feed(resources: Arc<Resources>, mut feed: Feed) {
    loop {
        let resources = Arc::clone(&resources);
        let told = routing::block(move || {
            feed.tell(&resources);
            feed
        });
        let Ok(again) = told.await else { return };
        feed = again;
        actix_web::rt::time::sleep(TELL).await;
    }
}

async fn take_clues(intake: Intake, resources: Arc<Resources>) {
    if let Err(error) = intake.serve(resources).await {
        tracing::error!(code = "intake.ended", "intake listener ended: {error}");
    }
}
