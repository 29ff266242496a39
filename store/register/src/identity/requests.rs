//! Requests to the custodian to open an identity envelope, and their answers.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;

use crate::Register;
use crate::finance::orders::{self, NewSlip};
use crate::identity::new_request::{self, NewIdentityRequest, WAITING};
use crate::schema::{identity_requests, letters, mailboxes};

/// A request as it is kept.
#[derive(Clone, Debug)]
pub struct StoredIdentityRequest {
    /// Its number.
    pub number: u64,
    /// What was asked.
    pub asked: NewIdentityRequest,
    /// Waiting, consented, refused or erased.
    pub state: String,
    /// When, by whom, the signed request with the receipt, and what was opened, sealed.
    pub answered: Option<IdentityAnswer>,
}

/// What the custodian made of a request.
#[derive(Clone, Debug)]
pub struct IdentityAnswer {
    /// [`CONSENTED`] or [`REFUSED`].
    pub state: &'static str,
    /// The day.
    pub on: String,
    /// The custodian.
    pub by: String,
    /// The custodian's signed request and the recorder's receipt, as JSON.
    pub attested: String,
    /// What was opened, sealed to whom the request names.
    pub sealed: Option<Vec<u8>>,
    /// Of a slip: what it is for.
    pub slip: Option<NewSlip>,
}

/// Opened.
pub const CONSENTED: &str = "consented";
/// Refused, or nothing that could be used was inside; no officer has looked since.
pub const REFUSED: &str = "refused";
/// The same, after an officer has looked.
const REFUSED_SEEN: &str = "refused-seen";
/// Its report was erased.
const ERASED: &str = "erased";

/// A row, its columns in the table's order.
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
    /// Requests, newest first.
    pub fn identity_requests(&self, most: u32) -> Result<Vec<StoredIdentityRequest>, DatabaseError> {
        let chosen = identity_requests::table.order(identity_requests::id.desc()).limit(i64::from(most));
        let rows = self.readers.read(|connection| chosen.load::<Row>(connection))?;
        rows.into_iter().map(stored).collect()
    }

    /// Those of a report's letters, newest first. Refusals count as seen from now on.
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
            theirs.select(mailboxes::number).distinct().order(mailboxes::number).load(connection)
        })?;
        numbers.into_iter().map(|number| u64::try_from(number).map_err(|_| DatabaseError::Corrupt)).collect()
    }

    /// One request.
    pub fn identity_request(&self, number: u64) -> Result<Option<StoredIdentityRequest>, DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        let chosen = identity_requests::table.find(number);
        let row = self.readers.read(|connection| chosen.first::<Row>(connection).optional())?;
        row.map(stored).transpose()
    }

    /// Keeps a request. Durable when it returns.
    pub fn ask_identity(&self, new: NewIdentityRequest) -> Result<(), DatabaseError> {
        self.writer.write(move |connection| new_request::keep(connection, new)).wait()
    }

    /// Keeps an answer. False, and nothing is kept, where the request was refused, or a slip's order is
    /// paid or withdrawn. A slip may be made again: the earlier one is then good no more.
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

/// With a report its envelopes go, and what was opened of them.
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
