//! Files that belong to a case, handed out for saving, never shown. Each is an entry.

use actix_web::HttpResponse;
use console_services::cases::read_evidence::read_evidence;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::pages::cases::fragments::handed_out;

/// One file of a case that this person may see.
pub(crate) async fn file(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, number) = (at.actor()?, at.number()?);
    let digest = at.request.match_info().get("digest").unwrap_or_default().to_owned();
    handed_out(blocking(move || read_evidence(&actor, number, &digest)).await?)
}
