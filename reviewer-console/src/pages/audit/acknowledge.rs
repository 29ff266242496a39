//! An auditor lets the console go on after the log contradicted itself.

use actix_web::HttpResponse;
use console_services::audit::log;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::{PageError, see_other};

/// Acknowledges a contradiction; which checkpoints it was between is an entry of the log as it is now.
pub(crate) async fn acknowledge(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    blocking(move || log::acknowledge(&actor)).await?;
    Ok(see_other(&at.path("log")))
}
