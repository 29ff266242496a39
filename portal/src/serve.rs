//! Serving: the listener, the routes, the response headers.

use std::io;
use std::net::TcpListener;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{self as routes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use letterbox::{Letterbox, PublicNote};
use program::clock::Clock;
use web::headers::add_headers;
use web::language::Language;

use crate::api::{self, ApiError};
use crate::config::Config;
use crate::limits::Capacity;
use crate::pages::PageKind;
use crate::portal::Portal;
use crate::results::ResultsPages;
use crate::rights;
use crate::site::Site;

/// Two event loops suffice: the work is done in the writer and the blocking threads.
const WORKERS: usize = 2;
/// Long enough for a slow connection to send its headers, short enough that silent ones do not crowd out others.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Open connections per event loop. With a visit on each, copies included, both loops together take some 2 GB; a proxy in
/// front with a limit for each source keeps it from that (docs/install.md).
const CONNECTIONS: usize = 4096;
/// Seconds in which running requests may finish after the site is asked to stop.
const FINISH_WITHIN: u64 = 10;

/// Serves until SIGTERM or SIGINT.
pub(crate) fn serve(config: Config, require_confinement: bool) -> Result<(), Box<dyn std::error::Error>> {
    program::logging::to_stderr();
    program::process::allow_many_files()?;
    let site = Site::render(&config)?;
    // Bound before it is confined: afterwards no socket can be made.
    let listener = listen(&config.listen())?;
    confinement::confine(&rights::serving(&config)?, require_confinement)?;
    let letterbox = Letterbox::open(&config.database()?, config.parts()?)?;
    let capacity = Capacity::new(config.limits(), config.folders());
    let (clock, results) = (Clock::System, ResultsPages::default());
    let portal =
        Data::new(Portal { letterbox, capacity, clock, config, results, site, serves: AtomicBool::new(false) });
    // Programs that start the site read the port from this line.
    println!("portal listening on http://{}", listener.local_addr()?);
    actix_web::rt::System::new().block_on(async {
        portal.letterbox.remove_unfinished_parts().await.map_err(io::Error::other)?;
        HttpServer::new(move || {
            App::new()
                .app_data(portal.clone())
                .wrap(from_fn(add_headers))
                .configure(api::routes)
                .service(
                    routes::resource("/{language:zh|en}/results/")
                        .route(routes::get().to(results_page))
                        .route(routes::head().to(results_page))
                        .default_service(routes::to(wrong_method)),
                )
                .default_service(routes::to(file))
        })
        .workers(WORKERS)
        .max_connections(CONNECTIONS)
        .client_request_timeout(HEADERS_WITHIN)
        .shutdown_timeout(FINISH_WITHIN)
        .listen(listener)?
        .run()
        .await
    })?;
    tracing::info!(code = "portal.stopped", "portal stopped");
    Ok(())
}

fn listen(address: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use; choose another with PORTAL_ADDR"),
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// Answers all paths that are not API routes: a file from memory, or an error page in the path's language.
async fn file(portal: Data<Portal>, request: HttpRequest) -> HttpResponse {
    if request.path() == "/" {
        // Chinese is the language of most of the site's users; English is one link away.
        return moved("/zh/");
    }
    let language = Language::of_path(request.path());
    match portal.site.files.respond(&request) {
        Some(found) if found.status() == StatusCode::METHOD_NOT_ALLOWED => wrong_method(portal, request).await,
        Some(found) => found,
        None => {
            // Addresses are written down and typed: the last slash is easily lost.
            let folder = format!("{}/", request.path());
            if portal.site.files.find(&folder).is_some() || folder == PageKind::Results.path(language) {
                return moved(&folder);
            }
            page(StatusCode::NOT_FOUND, portal.site.not_found(language))
        }
    }
}

/// Leads to another address of this site, without what may stand behind a question mark.
fn moved(path: &str) -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header(("location", path)).finish()
}

/// Answers a method that a page does not take.
async fn wrong_method(portal: Data<Portal>, request: HttpRequest) -> HttpResponse {
    page(StatusCode::METHOD_NOT_ALLOWED, portal.site.wrong_method(Language::of_path(request.path())))
}

/// The page of results, in the path's language.
async fn results_page(portal: Data<Portal>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let note = portal.letterbox.latest_note(PublicNote::Results).await?;
    let bundle = portal.letterbox.latest_statement().await?.map(|(_, bundle)| bundle);
    let files = routes::block(move || portal.results.pages(&portal.config, note, bundle)).await.ok().flatten();
    files.and_then(|files| files.respond(&request)).ok_or(ApiError::NoResults)
}

fn page(status: StatusCode, body: &str) -> HttpResponse {
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(body.to_owned())
}
