//! The visit: the one request of every text action.

use actix_web::HttpResponse;
use actix_web::web::{Data, Payload};
use crypto::letters::visit::{BadVisit, VISIT, Visit};
use letterbox::NewVisit;

use super::{ApiError, body};
use crate::portal::Portal;

/// Takes a letter and answers with the mailbox's slot. The letter is durable when the answer is sent.
pub(super) async fn visit(portal: Data<Portal>, payload: Payload) -> Result<HttpResponse, ApiError> {
    if !portal.capacity.room_for_letters() {
        return Err(ApiError::Full);
    }
    let bytes = body::begin(payload).await?.whole(VISIT, ApiError::VisitSize).await?;
    let visit = Visit::parse(&bytes).map_err(|error| match error {
        BadVisit::Size => ApiError::VisitSize,
        BadVisit::Letter(_) | BadVisit::Slot(_) => ApiError::VisitForm,
    })?;
    // Only complete visits wait in line: incomplete ones must not keep others waiting.
    if !portal.capacity.visit().await {
        return Err(ApiError::Busy);
    }
    let new = NewVisit {
        mailbox: visit.mailbox(),
        letter: visit.letter.to_vec(),
        first_slot: visit.first_slot.to_vec(),
        day: portal.clock.today(),
        row: super::enclosures::random_row()?,
    };
    let slot = portal.letterbox.visit(new).await?;
    Ok(HttpResponse::Ok().content_type("application/octet-stream").body(slot))
}
