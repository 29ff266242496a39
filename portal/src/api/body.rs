//! Reading a request's body: bounded in size and time.

use std::time::Duration;

use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::ApiError;

/// A 4 MiB part over a line of 8 kB/s takes nine minutes.
const LONGEST: Duration = Duration::from_mins(10);

/// The whole body, or an error as soon as it is more than `limit` bytes. `too_long` is the
/// error for that; the rest of such a body is not read.
pub(super) async fn read(mut payload: Payload, limit: usize, too_long: ApiError) -> Result<Bytes, ApiError> {
    let reading = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| ApiError::Incomplete)?;
            if body.len() + chunk.len() > limit {
                return Err(too_long);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    tokio::time::timeout(LONGEST, reading).await.map_err(|_| ApiError::Incomplete)?
}
