//! Salts of leaves.

use crypto::log::SALT;
use diesel::QueryResult;

/// Random bytes without which a leaf tells nobody what it covers.
pub(crate) fn fresh_salt() -> QueryResult<Vec<u8>> {
    let mut salt = vec![0; SALT];
    getrandom::fill(&mut salt)
        .map_err(|_| diesel::result::Error::SerializationError("no random bytes from the operating system".into()))?;
    Ok(salt)
}
