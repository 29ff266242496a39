//! Where a visit begins: the way to a language, to the first page of somebody's role, and the static files.

use actix_web::HttpResponse;
use console_services::error::ConsoleError;
use maud::{Markup, html};

use crate::http::layout::first_page;
use crate::http::request::RequestContext;
use crate::http::response::{PageError, see_other};
use crate::http::words::say;

/// `/` leads to Chinese; the other language is one link away.
pub(crate) async fn start() -> HttpResponse {
    see_other("/zh/")
}

/// `/zh` and `/en` without their slash.
pub(crate) async fn slash(at: RequestContext) -> HttpResponse {
    see_other(&at.path(""))
}

/// Style, picture, the desk's script.
pub(crate) async fn file(at: RequestContext) -> Result<HttpResponse, PageError> {
    Ok(at.state.files.respond(&at.request).ok_or(ConsoleError::NotFound)?)
}

/// The first page of somebody's role; for roles that have none at this listener, a word about that.
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
