//! Refusals of requests that are logged for the operator.

use logbook::NoProof;
use recorder_protocol::Refusal;

/// Refuses because the log could not be read or written.
pub(crate) fn not_recorded(error: &database::DatabaseError) -> Refusal {
    tracing::error!(code = "request.not-recorded", "request not recorded: {}", program::chain(error));
    Refusal::NotRecorded
}

/// Refuses because letter keys or outer keys are unavailable: without them no letter is taken in or opened.
pub(crate) fn no_keys(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(code = "letter-keys.missing", "letter keys missing: {}", program::chain(error));
    Refusal::NoKeys
}

/// Refuses because the log is shorter than asked for, or cannot be read.
pub(crate) fn no_proof(reason: NoProof) -> Refusal {
    match reason {
        NoProof::TooLong => Refusal::NotInLog,
        NoProof::Database(error) => not_recorded(&error),
    }
}
