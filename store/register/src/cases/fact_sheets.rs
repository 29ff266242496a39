//! Fact sheets that wait for their day to become cases, sealed to the post. A row does not show whether the sheet
//! comes from a report.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;

use crate::Register;
use crate::schema::waiting_sheets;

/// A waiting fact sheet as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSheet {
    /// The row key, 63 random bits.
    pub row: i64,
    /// The sheet, sealed to the post.
    pub sealed: Vec<u8>,
    /// The author's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

impl Register {
    /// All waiting sheets, in the order of their random row keys.
    pub fn waiting_sheets(&self) -> Result<Vec<StoredSheet>, DatabaseError> {
        let rows: Vec<(i64, Vec<u8>, String)> =
            self.readers.read(|connection| waiting_sheets::table.order(waiting_sheets::id).load(connection))?;
        Ok(rows.into_iter().map(|(row, sealed, attested)| StoredSheet { row, sealed, attested }).collect())
    }

    /// The number of waiting sheets.
    pub fn count_waiting_sheets(&self) -> Result<u64, DatabaseError> {
        let count: i64 = self.readers.read(|connection| waiting_sheets::table.count().get_result(connection))?;
        u64::try_from(count).map_err(|_| DatabaseError::Corrupt)
    }
}

pub(crate) fn are_waiting(connection: &mut AnyConnection, rows: &[i64]) -> QueryResult<bool> {
    let found: i64 = waiting_sheets::table.filter(waiting_sheets::id.eq_any(rows)).count().get_result(connection)?;
    Ok(usize::try_from(found) == Ok(rows.len()))
}

pub(crate) fn release(connection: &mut AnyConnection, rows: &[i64]) -> QueryResult<()> {
    diesel::delete(waiting_sheets::table.filter(waiting_sheets::id.eq_any(rows))).execute(connection).map(|_| ())
}

pub(crate) fn keep(connection: &mut AnyConnection, sheet: Option<StoredSheet>) -> QueryResult<()> {
    let Some(StoredSheet { row, sealed, attested }) = sheet else { return Ok(()) };
    let values = (waiting_sheets::id.eq(row), waiting_sheets::sealed.eq(sealed), waiting_sheets::attested.eq(attested));
    diesel::insert_into(waiting_sheets::table).values(values).execute(connection).map(|_| ())
}
