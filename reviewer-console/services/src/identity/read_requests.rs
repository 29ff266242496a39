//! Requests to open identity envelopes, as the custodian sees them.

use recorder_protocol::{ListIdentityRequests, Recorded};
use register::StoredIdentityRequest;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::identity::request::{Reason, asked};

/// Requests that are listed at most.
const MOST: u32 = 100;

/// Lists the newest 100 requests, newest first, which is recorded.
pub fn list_requests(actor: &Actor) -> Result<Vec<StoredIdentityRequest>, ConsoleError> {
    list(actor.record(ListIdentityRequests {})?, actor)
}

fn list(recorded: Recorded<ListIdentityRequests>, actor: &Actor) -> Result<Vec<StoredIdentityRequest>, ConsoleError> {
    let ListIdentityRequests {} = recorded.into_action();
    Ok(actor.register().identity_requests(MOST)?)
}

/// Reads one request and its reason, which is recorded.
pub fn read_request(actor: &Actor, number: u64) -> Result<(StoredIdentityRequest, Reason), ConsoleError> {
    one(actor.record(ListIdentityRequests {})?, actor, number)
}

fn one(
    recorded: Recorded<ListIdentityRequests>,
    actor: &Actor,
    number: u64,
) -> Result<(StoredIdentityRequest, Reason), ConsoleError> {
    let ListIdentityRequests {} = recorded.into_action();
    let stored = actor.register().identity_request(number)?.ok_or(ConsoleError::NotFound)?;
    let (reason, _) = asked(actor.attested(), &stored)?;
    Ok((stored, reason))
}
