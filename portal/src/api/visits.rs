//! The visit: the one request of every text action.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use crypto::letters::visit::{BadVisit, VISIT, Visit};
use letterbox::NewVisit;

use super::{ApiError, body};
use crate::portal::Portal;

/// Takes a letter and answers with the mailbox's slot. The letter is durable when the answer is 200. When the store is
/// full the answer is 507 with the slot all the same, so that mailboxes can still be read.
pub(super) async fn visit(
    portal: Data<Portal>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    // Any other type could be sent by another site's page without its visitor's browser asking first.
    if request.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/octet-stream") {
        return Err(ApiError::ContentType);
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
    if !portal.has_room_for_letters().await {
        // A mailbox that is not known answers in the same size: with the slot that the visit brought.
        let kept = portal.letterbox.slot(visit.mailbox()).await?;
        return Ok(slot(StatusCode::INSUFFICIENT_STORAGE, kept.unwrap_or_else(|| visit.first_slot.to_vec())));
    }
    let new = NewVisit {
        mailbox: visit.mailbox(),
        enclosure: visit.enclosure,
        letter: visit.letter.to_vec(),
        first_slot: visit.first_slot.to_vec(),
        day: portal.clock.today(),
        row: super::enclosures::random_row()?,
    };
    Ok(slot(StatusCode::OK, portal.store(new).await?))
}

fn slot(status: StatusCode, slot: Vec<u8>) -> HttpResponse {
    HttpResponse::build(status).content_type("application/octet-stream").body(slot)
}
