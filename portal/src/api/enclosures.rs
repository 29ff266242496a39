//! Enclosures in parts. The letter's digest in the path authorises adding to it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Payload};
use crypto::sealing::enclosure::{EnclosureSize, PART};
use letterbox::Enclosure;
use model::LetterDigest;
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
    size: EnclosureSize,
    parts: Vec<u32>,
    complete: bool,
}

/// Announces an enclosure and its size, for a stored letter.
pub(super) async fn announce(
    portal: Data<Portal>,
    digest: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    if !portal.capacity.room_for_enclosures() {
        return Err(ApiError::Full);
    }
    let bytes = body::begin(payload).await?.whole(ANNOUNCEMENT, ApiError::EnclosureBody).await?;
    let wanted: Announcement = serde_json::from_slice(&bytes).map_err(|_| ApiError::EnclosureBody)?;
    let row = random_row()?;
    let enclosure = portal.letterbox.announce_enclosure(letter(&digest)?, wanted.size, row).await?;
    Ok(arrived(enclosure))
}

/// Returns the size and the parts that have arrived.
pub(super) async fn look(portal: Data<Portal>, digest: Path<String>) -> Result<HttpResponse, ApiError> {
    Ok(arrived(portal.letterbox.enclosure(letter(&digest)?).await?))
}

/// Stores one part; it is durable when the answer is sent.
pub(super) async fn put_part(
    portal: Data<Portal>,
    path: Path<(String, String)>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let (digest, number) = path.into_inner();
    let digest = letter(&digest)?;
    let number = number.parse().map_err(|_| ApiError::PartSize)?;
    // Checked before a place is taken: parts for unknown letters must not crowd out others.
    portal.letterbox.enclosure(digest).await?;
    if !portal.capacity.room_for_enclosures() {
        return Err(ApiError::Full);
    }
    let begun = body::begin(payload).await?;
    let _place = portal.capacity.part().await.ok_or(ApiError::Busy)?;
    let bytes = begun.whole(PART, ApiError::PartSize).await?;
    Ok(arrived(portal.letterbox.put_part(digest, number, bytes).await?))
}

fn letter(digest: &str) -> Result<LetterDigest, ApiError> {
    digest.parse().map_err(|_| ApiError::EnclosureUnknown)
}

fn arrived(enclosure: Enclosure) -> HttpResponse {
    let Enclosure { size, parts, complete } = enclosure;
    HttpResponse::Ok().json(Arrived { size, parts, complete })
}

/// 63 fresh random bits: a row key that does not show the order of arrival.
pub(super) fn random_row() -> Result<i64, ApiError> {
    random::row().map_err(|_| ApiError::Storage)
}
