//! Salts of leaves.

use crypto::log::checkpoint::SALT;
use diesel::QueryResult;

/// Random bytes without which a leaf tells nobody what it covers.
pub(crate) fn fresh_salt() -> QueryResult<Vec<u8>> {
    let salt = random::bytes::<SALT>().map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    Ok(salt.to_vec())
}
