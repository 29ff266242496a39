//! The auditor's acknowledgement of a contradiction in the log; until then nothing is opened.

use actix_web::HttpResponse;
use console_services::audit::log;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};

/// Acknowledges a contradiction. The log, as it is now, gets an entry with the two checkpoints that contradict.
pub(crate) async fn acknowledge(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    blocking(move || log::acknowledge(&actor)).await?;
    Ok(see_other(&at.path("log")))
}
