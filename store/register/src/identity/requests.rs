//! Requests to the custodian to open an identity envelope, and their answers.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;

use crate::Register;
use crate::finance::orders::{self, NewSlip};
use crate::identity::new_request::{self, NewIdentityRequest, WAITING};
use crate::schema::{identity_requests, letters, mailboxes};

/// A request as stored.
#[derive(Clone, Debug)]
pub struct StoredIdentityRequest {
    /// The request's number, from 1.
    pub number: u64,
    /// The request, as the officer made it.
    pub asked: NewIdentityRequest,
    /// `waiting`, `consented`, `refused`, `refused-seen` or `erased`.
    pub state: String,
    /// The answer; none while the request waits.
    pub answered: Option<IdentityAnswer>,
}

/// The custodian's answer to a request.
#[derive(Clone, Debug)]
pub struct IdentityAnswer {
    /// [`CONSENTED`] or [`REFUSED`]; empty when read from the register, where the request has the state.
    pub state: &'static str,
    /// The day of the answer.
    pub on: String,
    /// Name of the custodian's account.
    pub by: String,
    /// The custodian's signed request and the recorder's receipt, as JSON.
    pub attested: String,
    /// The opened identity, sealed to the recipient that the request names.
    pub sealed: Option<Vec<u8>>,
    /// For a slip: its order and the hash of its note. None when read from the register.
    pub slip: Option<NewSlip>,
}

/// State of a request whose envelope was opened.
pub const CONSENTED: &str = "consented";
/// State of a request that was refused or whose envelope held nothing usable, before an officer has seen it.
pub const REFUSED: &str = "refused";
/// State of a refused request after an officer has seen it.
const REFUSED_SEEN: &str = "refused-seen";
/// State of a request whose report was erased.
const ERASED: &str = "erased";

/// A row; fields follow the table's column order.
#[derive(Queryable)]
struct Row {
    id: i64,
    letter: String,
    reason: String,
    document: String,
    asking: Vec<u8>,
    envelope: Vec<u8>,
    asked_on: String,
    account: String,
    attested: String,
    state: String,
    answered_on: Option<String>,
    answered_by: Option<String>,
    answered: Option<String>,
    answer: Option<Vec<u8>>,
}

impl Register {
    /// Requests, newest first, at most `most`.
    pub fn identity_requests(&self, most: u32) -> Result<Vec<StoredIdentityRequest>, DatabaseError> {
        let chosen = identity_requests::table.order(identity_requests::id.desc()).limit(i64::from(most));
        let rows = self.readers.read(|connection| chosen.load::<Row>(connection))?;
        rows.into_iter().map(stored).collect()
    }

    /// Requests for a report's letters, newest first. Marks their refusals as seen.
    pub fn identity_requests_of(&self, letters: &[String]) -> Result<Vec<StoredIdentityRequest>, DatabaseError> {
        let theirs = letters.to_vec();
        let rows = self.writer.write(move |connection| {
            let theirs = identity_requests::table.filter(identity_requests::letter.eq_any(theirs));
            let rows = theirs.clone().order(identity_requests::id.desc()).load::<Row>(connection)?;
            diesel::update(theirs.filter(identity_requests::state.eq(REFUSED)))
                .set(identity_requests::state.eq(REFUSED_SEEN))
                .execute(connection)?;
            Ok(rows)
        });
        rows.wait()?.into_iter().map(stored).collect()
    }

    /// Numbers of reports with a refusal that no officer has seen.
    pub fn refused_identities(&self) -> Result<Vec<u64>, DatabaseError> {
        let numbers: Vec<i64> = self.readers.read(|connection| {
            let refused = identity_requests::table.filter(identity_requests::state.eq(REFUSED));
            let refused: Vec<String> = refused.select(identity_requests::letter).load(connection)?;
            let theirs = letters::table.inner_join(mailboxes::table).filter(letters::digest.eq_any(refused));
            theirs.select(mailboxes::number.assume_not_null()).distinct().order(mailboxes::number).load(connection)
        })?;
        numbers.into_iter().map(|number| u64::try_from(number).map_err(|_| DatabaseError::Corrupt)).collect()
    }

    /// One request by its number.
    pub fn identity_request(&self, number: u64) -> Result<Option<StoredIdentityRequest>, DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        let chosen = identity_requests::table.find(number);
        let row = self.readers.read(|connection| chosen.first::<Row>(connection).optional())?;
        row.map(stored).transpose()
    }

    /// Stores a request. Durable when it returns.
    pub fn ask_identity(&self, new: NewIdentityRequest) -> Result<(), DatabaseError> {
        self.writer.write(move |connection| new_request::keep(connection, new)).wait()
    }

    /// Stores an answer. Returns false and stores nothing if the request is already answered, or if a slip's order is
    /// paid or withdrawn. A slip may be made again; the earlier one then becomes invalid.
    pub fn answer_identity(&self, number: u64, answer: IdentityAnswer) -> Result<bool, DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        let kept = self.writer.write(move |connection| {
            let row = identity_requests::table.find(number);
            let state: Option<String> = row.select(identity_requests::state).first(connection).optional()?;
            let again = answer.slip.is_some() && state.as_deref() == Some(answer.state);
            if state.as_deref() != Some(WAITING) && !again {
                return Ok(false);
            }
            if let Some(slip) = &answer.slip
                && !orders::give_note(connection, slip)?
            {
                return Ok(false);
            }
            let values = (
                identity_requests::state.eq(answer.state),
                identity_requests::answered_on.eq(answer.on),
                identity_requests::answered_by.eq(answer.by),
                identity_requests::answered.eq(answer.attested),
                identity_requests::answer.eq(answer.sealed),
            );
            diesel::update(row).set(values).execute(connection)?;
            Ok(true)
        });
        kept.wait()
    }
}

fn stored(row: Row) -> Result<StoredIdentityRequest, DatabaseError> {
    let Row { letter, reason, document, asking, envelope, account, attested, state, .. } = row;
    let asked_on = row.asked_on.parse().map_err(|_| DatabaseError::Corrupt)?;
    let answered = match (row.answered_on, row.answered_by, row.answered) {
        (Some(on), Some(by), Some(attested)) => {
            Some(IdentityAnswer { state: "", on, by, attested, sealed: row.answer, slip: None })
        }
        _ => None,
    };
    Ok(StoredIdentityRequest {
        number: u64::try_from(row.id).map_err(|_| DatabaseError::Corrupt)?,
        asked: NewIdentityRequest { letter, reason, document, asking, envelope, asked_on, account, attested },
        state,
        answered,
    })
}

/// Erases the sealed request, the envelope and the answer of each request for these letters.
pub(crate) fn erase(connection: &mut AnyConnection, letters: &[String]) -> QueryResult<()> {
    let theirs = identity_requests::table.filter(identity_requests::letter.eq_any(letters));
    let nothing = (
        identity_requests::asking.eq(Vec::new()),
        identity_requests::envelope.eq(Vec::new()),
        identity_requests::answer.eq(None::<Vec<u8>>),
        identity_requests::state.eq(ERASED),
    );
    diesel::update(theirs).set(nothing).execute(connection).map(|_| ())
}
