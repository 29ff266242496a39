//! Why a request is refused, and what the operator is told of it.

use logbook::NoProof;
use recorder_protocol::Refusal;

/// The log could not be read or written.
pub(crate) fn not_recorded(error: &database::DatabaseError) -> Refusal {
    tracing::error!(code = "request.not-recorded", "request not recorded: {}", program::chain(error));
    Refusal::NotRecorded
}

/// Nothing is taken in or opened without the keys of letters.
pub(crate) fn no_keys(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(code = "letter-keys.missing", "letter keys missing: {}", program::chain(error));
    Refusal::NoKeys
}

/// There is no such proof, or the log cannot be read.
pub(crate) fn no_proof(reason: NoProof) -> Refusal {
    match reason {
        NoProof::TooLong => Refusal::NotInLog,
        NoProof::Database(error) => not_recorded(&error),
    }
}
