//! Public content that changes: the key statement, free capacity, the log's checkpoint, the results.

use actix_web::HttpResponse;
use actix_web::web::Data;
use letterbox::PublicNote;

use super::ApiError;
use crate::portal::Portal;

/// The newest key statement as published. Readers verify it.
pub(super) async fn statement(portal: Data<Portal>) -> Result<HttpResponse, ApiError> {
    let newest = portal.letterbox.latest_statement().await?;
    let (_, bundle) = newest.ok_or(ApiError::NoStatement)?;
    Ok(HttpResponse::Ok().json(bundle))
}

/// The newest checkpoint of the access log, as published by the exchange.
pub(super) async fn checkpoint(portal: Data<Portal>) -> Result<HttpResponse, ApiError> {
    let note = portal.letterbox.latest_note(PublicNote::Checkpoint).await?.ok_or(ApiError::NoCheckpoint)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note))
}

/// The published results of reports and cases, signed by the statement key.
pub(super) async fn results(portal: Data<Portal>) -> Result<HttpResponse, ApiError> {
    let note = portal.letterbox.latest_note(PublicNote::Results).await?.ok_or(ApiError::NoResults)?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note))
}

/// Whether letters and enclosures are accepted now.
pub(super) async fn capacity(portal: Data<Portal>) -> HttpResponse {
    let letters = portal.takes_letters().await;
    let enclosures = letters && portal.capacity.room_for_enclosures();
    HttpResponse::Ok().json(serde_json::json!({ "letters": letters, "enclosures": enclosures }))
}
