//! Requests to the custodian to open an identity envelope, and their answers.

use crypto::day::Day;
use database::{AnyConnection, Error};
use diesel::prelude::*;

use crate::Register;
use crate::orders;
use crate::schema::identity_requests;

/// A request to be kept.
#[derive(Clone, Debug)]
pub struct NewIdentityRequest {
    /// Which mailbox, what for, and to whom the answer is sealed, as JSON.
    pub content: String,
    /// The envelope, sealed to the custodian.
    pub envelope: Vec<u8>,
    /// The day.
    pub asked_on: Day,
    /// Who asks.
    pub account: String,
    /// The officer's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

/// A request as it is kept.
#[derive(Clone, Debug)]
pub struct StoredIdentityRequest {
    /// Its number.
    pub number: u64,
    /// What was asked.
    pub asked: NewIdentityRequest,
    /// Waiting, consented or refused: a code of the console.
    pub state: String,
    /// When, by whom, the signed request with the receipt, and what was opened, sealed.
    pub answered: Option<IdentityAnswer>,
}

/// What the custodian made of a request.
#[derive(Clone, Debug)]
pub struct IdentityAnswer {
    /// Consented or refused: a code of the console.
    pub state: &'static str,
    /// The day.
    pub on: String,
    /// The custodian.
    pub by: String,
    /// The custodian's signed request and the recorder's receipt, as JSON.
    pub attested: String,
    /// What was opened, sealed to whom the request names.
    pub sealed: Option<Vec<u8>>,
    /// Of a slip: the order and the hash of the slip's note.
    pub slip: Option<(String, String)>,
}

/// What nobody has answered yet.
const WAITING: &str = "waiting";

/// A row, its columns in the table's order.
#[derive(Queryable)]
struct Row {
    id: i64,
    content: String,
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
    pub fn identity_requests(&self, most: u32) -> Result<Vec<StoredIdentityRequest>, Error> {
        let chosen = identity_requests::table.order(identity_requests::id.desc()).limit(i64::from(most));
        let rows = self.readers.read(|connection| chosen.load::<Row>(connection))?;
        rows.into_iter().map(stored).collect()
    }

    /// One request.
    pub fn identity_request(&self, number: u64) -> Result<Option<StoredIdentityRequest>, Error> {
        let number = i64::try_from(number).map_err(|_| Error::Corrupt)?;
        let chosen = identity_requests::table.find(number);
        let row = self.readers.read(|connection| chosen.first::<Row>(connection).optional())?;
        row.map(stored).transpose()
    }

    /// Keeps a request. Durable when it returns.
    pub fn ask_identity(&self, new: NewIdentityRequest) -> Result<(), Error> {
        self.writer.write(move |connection| keep(connection, new)).wait()
    }

    /// Keeps an answer. False, and nothing is kept, where the request was refused, or a slip's order is
    /// paid or withdrawn. A slip may be made again: the earlier one is then good no more.
    pub fn answer_identity(&self, number: u64, answer: IdentityAnswer) -> Result<bool, Error> {
        let number = i64::try_from(number).map_err(|_| Error::Corrupt)?;
        let kept = self.writer.write(move |connection| {
            let row = identity_requests::table.find(number);
            let state: Option<String> = row.select(identity_requests::state).first(connection).optional()?;
            let again = answer.slip.is_some() && state.as_deref() == Some(answer.state);
            if state.as_deref() != Some(WAITING) && !again {
                return Ok(false);
            }
            if let Some((order, note)) = &answer.slip
                && !orders::give_note(connection, order, (note, &answer.attested))?
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

fn stored(row: Row) -> Result<StoredIdentityRequest, Error> {
    let Row { content, envelope, account, attested, state, .. } = row;
    let asked_on = row.asked_on.parse().map_err(|_| Error::Corrupt)?;
    let answered = match (row.answered_on, row.answered_by, row.answered) {
        (Some(on), Some(by), Some(attested)) => {
            Some(IdentityAnswer { state: "", on, by, attested, sealed: row.answer, slip: None })
        }
        _ => None,
    };
    Ok(StoredIdentityRequest {
        number: u64::try_from(row.id).map_err(|_| Error::Corrupt)?,
        asked: NewIdentityRequest { content, envelope, asked_on, account, attested },
        state,
        answered,
    })
}

pub(crate) fn keep(connection: &mut AnyConnection, new: NewIdentityRequest) -> QueryResult<()> {
    let values = (
        identity_requests::content.eq(new.content),
        identity_requests::envelope.eq(new.envelope),
        identity_requests::asked_on.eq(new.asked_on.to_string()),
        identity_requests::account.eq(new.account),
        identity_requests::attested.eq(new.attested),
        identity_requests::state.eq(WAITING),
    );
    diesel::insert_into(identity_requests::table).values(values).execute(connection).map(|_| ())
}
