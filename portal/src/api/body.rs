//! Reading a request's body, bounded in size and, by a lowest speed, in time.

use std::time::Duration;

use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use letterbox::IncomingPart;
use tokio::time::Instant;

use super::ApiError;

/// A body must begin within this time: the person has already waited for the connection …
const GRACE: Duration = Duration::from_secs(10);
/// … and then arrive at this many bytes a second at least. A slow body holds a place that another visitor waits for.
const SLOWEST: u32 = 4096;

/// A body whose first bytes have arrived, so that a silent client takes no place.
pub(super) struct Begun {
    payload: Payload,
    began: Instant,
    received: BytesMut,
    /// Bytes that are no longer in memory.
    written: usize,
}

/// Waits for the first bytes.
pub(super) async fn begin(payload: Payload) -> Result<Begun, ApiError> {
    let mut begun = Begun { payload, began: Instant::now(), received: BytesMut::new(), written: 0 };
    begun.receive().await?;
    Ok(begun)
}

impl Begun {
    /// Reads the whole body. Fails with `too_long` as soon as it has more than `limit` bytes; the rest is not read.
    pub(super) async fn whole(mut self, limit: usize, too_long: ApiError) -> Result<Bytes, ApiError> {
        while self.received.len() <= limit {
            if !self.receive().await? {
                return Ok(self.received.freeze());
            }
        }
        Err(too_long)
    }

    /// Writes the whole body into a part as it comes, while there is room, so that a slow sender takes no memory from
    /// others. Fails like [`Begun::whole`].
    pub(super) async fn into_part(
        mut self,
        part: &mut IncomingPart,
        size: usize,
        room: impl Fn() -> bool,
    ) -> Result<(), ApiError> {
        loop {
            let arrived = std::mem::take(&mut self.received).freeze();
            self.written += arrived.len();
            if self.written > size {
                return Err(ApiError::PartSize);
            }
            if !room() {
                return Err(ApiError::Full);
            }
            part.write(arrived).await.map_err(letterbox::LetterboxError::from)?;
            if !self.receive().await? {
                return if self.written == size { Ok(()) } else { Err(ApiError::PartSize) };
            }
        }
    }

    /// Receives the next bytes; false at the end of the body.
    async fn receive(&mut self) -> Result<bool, ApiError> {
        let received = u32::try_from(self.written + self.received.len()).unwrap_or(u32::MAX);
        let deadline = self.began + GRACE + Duration::from_secs(u64::from(received / SLOWEST));
        let next = tokio::time::timeout_at(deadline, self.payload.next()).await;
        let Some(chunk) = next.map_err(|_| ApiError::Incomplete)? else { return Ok(false) };
        self.received.extend_from_slice(&chunk.map_err(|_| ApiError::Incomplete)?);
        Ok(true)
    }
}
