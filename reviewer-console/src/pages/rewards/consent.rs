//! The document that consents to a special award, sent as a download. Each download is an entry of the log.

use actix_web::HttpResponse;
use console_services::rewards::read_consent::read_consent;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::pages::cases::fragments::handed_out;

/// The document of a claim, named by its digest.
pub(crate) async fn file(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, number) = (at.actor()?, at.number()?);
    let digest = at.request.match_info().get("digest").unwrap_or_default().to_owned();
    handed_out(blocking(move || read_consent(&actor, number, &digest)).await?)
}
