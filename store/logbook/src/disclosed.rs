//! Access records as reporters are shown them, and as the leaves of entries cover them.

use std::collections::BTreeMap;

use crypto::log::access_list::AccessRecord;
use database::AnyConnection;
use diesel::prelude::*;
use model::{Purpose, Role};

use crate::schema::openings;

/// A row of openings, without its mailbox.
pub(crate) type OpeningRow = (i64, String, String, i32, String, i64, Vec<u8>);

/// The access record that an entry's leaf covers in addition to the entry.
#[derive(Clone, Debug)]
pub struct DisclosedEntry {
    /// The record with its mailbox, as text.
    pub text: String,
    /// The salt under which the leaf covers it.
    pub salt: Vec<u8>,
}

/// The access record of an entry is malformed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BadDisclosure;

/// The access records of the entries in places `from` to `until`, by place.
pub(crate) fn disclosed_between(
    connection: &mut AnyConnection,
    from: i64,
    until: i64,
) -> QueryResult<BTreeMap<i64, Result<DisclosedEntry, BadDisclosure>>> {
    type Disclosed = (String, i64, String, String, i32, String, i64, Vec<u8>);
    let rows: Vec<Disclosed> = openings::table
        .filter(openings::sequence.between(from, until))
        .select((
            openings::mailbox,
            openings::number,
            openings::day,
            openings::role,
            openings::person,
            openings::purpose,
            openings::sequence,
            openings::salt,
        ))
        .load(connection)?;
    let disclosed = |(mailbox, number, day, role, person, purpose, sequence, salt): Disclosed| {
        let row = (number, day, role, person, purpose, sequence, salt.clone());
        let text = || record(&row)?.disclosed(&mailbox.try_into().ok()?).ok();
        // A malformed record was altered: its leaf cannot cover it.
        let disclosed = text().map(|text| DisclosedEntry { text, salt });
        (sequence, disclosed.ok_or(BadDisclosure))
    };
    Ok(rows.into_iter().map(disclosed).collect())
}

pub(crate) fn record((number, day, role, person, purpose, ..): &OpeningRow) -> Option<AccessRecord> {
    Some(AccessRecord {
        number: u64::try_from(*number).ok()?,
        day: day.parse().ok()?,
        role: Role::of_code(role)?,
        person: u32::try_from(*person).ok()?,
        purpose: Purpose::of_code(purpose)?,
    })
}
