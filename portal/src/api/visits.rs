//! The visit: the one request of every text action.

use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use crypto::letters::visit::{BadVisit, VISIT, Visit};
use letterbox::NewVisit;

use super::{ApiError, body};
use crate::portal::Portal;

/// Answers leave at whole multiples of this after the turn of a visit. Known and unknown mailboxes write the same, and
/// still a database takes some parts of a millisecond longer for one of them.
const TICK: Duration = Duration::from_millis(20);

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
    if !portal.serves().await {
        return Err(ApiError::NotReady);
    }
    let turn = Instant::now();
    if !portal.has_room_for_letters().await {
        // A mailbox that is not known answers in the same size: with the slot that the visit brought.
        let kept = portal.letterbox.slot(visit.mailbox()).await?;
        next_tick(turn).await;
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
    let stored = portal.store(new).await?;
    next_tick(turn).await;
    Ok(slot(StatusCode::OK, stored))
}

/// Waits until a whole number of ticks has passed since the turn.
async fn next_tick(turn: Instant) {
    let passed = turn.elapsed().as_nanos() % TICK.as_nanos();
    let left = TICK.as_nanos() - passed;
    actix_web::rt::time::sleep(Duration::from_nanos(u64::try_from(left).unwrap_or_default())).await;
}

fn slot(status: StatusCode, slot: Vec<u8>) -> HttpResponse {
    HttpResponse::build(status).content_type("application/octet-stream").body(slot)
}
