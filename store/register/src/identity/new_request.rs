//! Requests to the custodian to open an identity envelope, as first stored: alone, or together with the order that is
//! to be paid openly.

use database::AnyConnection;
use diesel::prelude::*;
use model::Day;

use crate::schema::identity_requests;

/// State of a request that is not answered yet.
pub const WAITING: &str = "waiting";

/// A request to be stored.
#[derive(Clone, Debug)]
pub struct NewIdentityRequest {
    /// SHA-256 of the letter that contained the envelope, in hexadecimal.
    pub letter: String,
    /// Code of the reason.
    pub reason: String,
    /// The number of the document that demands it; empty if there is none.
    pub document: String,
    /// The whole request, sealed to the custodian.
    pub asking: Vec<u8>,
    /// The envelope, sealed to the custodian.
    pub envelope: Vec<u8>,
    /// The day of the request.
    pub asked_on: Day,
    /// Name of the officer's account.
    pub account: String,
    /// The officer's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

pub(crate) fn keep(connection: &mut AnyConnection, new: NewIdentityRequest) -> QueryResult<()> {
    let values = (
        identity_requests::letter.eq(new.letter),
        identity_requests::reason.eq(new.reason),
        identity_requests::document.eq(new.document),
        identity_requests::asking.eq(new.asking),
        identity_requests::envelope.eq(new.envelope),
        identity_requests::asked_on.eq(new.asked_on.to_string()),
        identity_requests::account.eq(new.account),
        identity_requests::attested.eq(new.attested),
        identity_requests::state.eq(WAITING),
    );
    diesel::insert_into(identity_requests::table).values(values).execute(connection).map(|_| ())
}
