//! Random salts of the tree's leaves.

use crypto::log::checkpoint::SALT;
use diesel::QueryResult;

/// Random bytes that keep a leaf from revealing what it covers: without them its content could be guessed.
pub(crate) fn fresh_salt() -> QueryResult<Vec<u8>> {
    let salt = random::bytes::<SALT>().map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    Ok(salt.to_vec())
}
