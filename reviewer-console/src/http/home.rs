//! Entry points: redirects to a language and to the first page of a role, and the static files.

use actix_web::HttpResponse;
use console_services::error::ConsoleError;
use maud::{Markup, html};

use crate::http::layout::first_page;
use crate::http::request::RequestContext;
use crate::http::response::{PageError, see_other};
use crate::http::words::say;

/// Redirects `/` to Chinese; each page links to the other language.
pub(crate) async fn start() -> HttpResponse {
    see_other("/zh/")
}

/// Redirects `/zh` and `/en` to their address with a slash.
pub(crate) async fn slash(at: RequestContext) -> HttpResponse {
    see_other(&at.path(""))
}

/// Serves a static file: style, picture, the desk's script.
pub(crate) async fn file(at: RequestContext) -> Result<HttpResponse, PageError> {
    Ok(at.state.files.respond(&at.request).ok_or(ConsoleError::NotFound)?)
}

/// Redirects to the first page of a role; a role that has none at this listener gets a page that says so.
pub(crate) async fn home(at: RequestContext) -> Result<HttpResponse, PageError> {
    if at.session()?.must_change {
        return Ok(see_other(&at.path("password")));
    }
    let first = first_page(&at);
    if first != "home" {
        return Ok(see_other(&at.path(&first)));
    }
    let body: Markup = html! { p { (say!(at, "home-nothing", roles = at.role_names(&at.session()?.roles))) } };
    Ok(at.page(&say!(at, "home-title"), &body))
}
