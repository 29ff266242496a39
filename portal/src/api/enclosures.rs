//! Enclosures in parts. A token in the `Authorization` header permits sending the enclosure of one letter: it is in no
//! path, since servers in between may log paths.

use actix_web::HttpResponse;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Data, Path, Payload};
use actix_web::{FromRequest, HttpRequest};
use crypto::letters::enclosure_token::{EnclosureLock, EnclosureToken};
use crypto::sealing::enclosure::EnclosureSize;
use letterbox::Enclosure;
use serde::{Deserialize, Serialize};

use super::{ApiError, body};
use crate::portal::Portal;

/// Size of an announcement in bytes, at most; it is a few characters of JSON.
const ANNOUNCEMENT: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcement {
    size: EnclosureSize,
}

#[derive(Serialize)]
struct Arrived {
    attempt: u64,
    size: EnclosureSize,
    parts: Vec<u32>,
    complete: bool,
}

/// The lock that the request's token fits.
pub(super) struct Permitted(EnclosureLock);

impl FromRequest for Permitted {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let header = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bearer "));
        let token = token.and_then(|token| token.parse::<EnclosureToken>().ok());
        std::future::ready(token.map(|token| Self(token.lock())).ok_or(ApiError::NoToken))
    }
}

/// Begins a new attempt of a size, which replaces the one before.
pub(super) async fn begin(
    portal: Data<Portal>,
    permitted: Permitted,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    if !portal.capacity.room_for_enclosures() {
        return Err(ApiError::Full);
    }
    let bytes = body::begin(payload).await?.whole(ANNOUNCEMENT, ApiError::EnclosureBody).await?;
    let wanted: Announcement = serde_json::from_slice(&bytes).map_err(|_| ApiError::EnclosureBody)?;
    let begun = portal.letterbox.begin_enclosure(permitted.0, wanted.size, random_row()?).await?;
    Ok(arrived(begun))
}

/// Returns the newest attempt, its size, and the parts that have arrived.
pub(super) async fn look(portal: Data<Portal>, permitted: Permitted) -> Result<HttpResponse, ApiError> {
    Ok(arrived(portal.letterbox.enclosure(permitted.0).await?))
}

/// Stores one part; it is durable when the answer is sent.
pub(super) async fn put_part(
    portal: Data<Portal>,
    permitted: Permitted,
    path: Path<(String, String)>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let (attempt, number) = path.into_inner();
    let (attempt, number) = attempt.parse().ok().zip(number.parse().ok()).ok_or(ApiError::PartSize)?;
    // Checked before anything is written: parts for unknown letters must not crowd out others.
    let size = portal.letterbox.part_size(permitted.0, attempt, number).await?;
    let begun = body::begin(payload).await?;
    let room = || portal.capacity.room_for_enclosures();
    // Before a file is made as well: on a full disk none can be.
    if !room() {
        return Err(ApiError::Full);
    }
    let mut part = portal.letterbox.receive_part().await?;
    begun.into_part(&mut part, size, room).await?;
    // Only whole parts wait in line for the disk: slow senders must not keep others waiting.
    let _place = portal.capacity.part().await.ok_or(ApiError::Busy)?;
    Ok(arrived(portal.letterbox.put_part(permitted.0, attempt, number, part).await?))
}

fn arrived(enclosure: Enclosure) -> HttpResponse {
    let Enclosure { attempt, size, parts, complete } = enclosure;
    HttpResponse::Ok().json(Arrived { attempt, size, parts, complete })
}

/// 63 fresh random bits: a row key that does not show the order of arrival.
pub(super) fn random_row() -> Result<i64, ApiError> {
    random::row().map_err(|_| ApiError::Storage)
}
