//! Files of a case, sent as downloads and never shown in the page. Each download is an entry of the log.

use actix_web::HttpResponse;
use console_services::cases::read_evidence::read_evidence;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::pages::cases::fragments::handed_out;

/// One file, named by its digest, of a case that this account may read.
pub(crate) async fn file(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, number) = (at.actor()?, at.number()?);
    let digest = at.request.match_info().get("digest").unwrap_or_default().to_owned();
    handed_out(blocking(move || read_evidence(&actor, number, &digest)).await?)
}
