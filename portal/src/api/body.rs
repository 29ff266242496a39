//! Reading a request's body: bounded in size and, by a lowest speed, in time.

use std::time::Duration;

use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::time::Instant;

use super::ApiError;

/// A body may begin slowly, as over a fresh Tor circuit …
const GRACE: Duration = Duration::from_mins(1);
/// … and must then come at this many bytes a second at least. Whoever trickles bytes holds a
/// place that an honest visitor waits for.
const SLOWEST: u32 = 4096;

/// The whole body, or an error as soon as it is more than `limit` bytes. `too_long` is the
/// error for that; the rest of such a body is not read.
pub(super) async fn read(mut payload: Payload, limit: usize, too_long: ApiError) -> Result<Bytes, ApiError> {
    let began = Instant::now();
    let mut body = BytesMut::new();
    loop {
        let received = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let deadline = began + GRACE + Duration::from_secs(u64::from(received / SLOWEST));
        let next = tokio::time::timeout_at(deadline, payload.next()).await;
        let Some(chunk) = next.map_err(|_| ApiError::Incomplete)? else { return Ok(body.freeze()) };
        let chunk = chunk.map_err(|_| ApiError::Incomplete)?;
        if body.len() + chunk.len() > limit {
            return Err(too_long);
        }
        body.extend_from_slice(&chunk);
    }
}
