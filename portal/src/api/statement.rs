//! What a page asks before a form is filled in: the keys to seal to, and whether there is room.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::ApiError;
use crate::serve::Portal;

/// The newest key statement, as it was published; whoever uses it verifies it.
pub(super) async fn statement(portal: Data<Portal>) -> Result<HttpResponse, ApiError> {
    let newest = portal.letterbox.latest_statement().await?;
    let (_, bundle) = newest.ok_or(ApiError::NoStatement)?;
    Ok(HttpResponse::Ok().json(bundle))
}

/// Whether letters and enclosures are taken now.
pub(super) async fn capacity(portal: Data<Portal>) -> HttpResponse {
    let letters = portal.capacity.room_for_letters();
    let enclosures = letters && portal.capacity.room_for_enclosures();
    HttpResponse::Ok().json(serde_json::json!({ "letters": letters, "enclosures": enclosures }))
}
