//! Openings: what reporters are told of who looked.

use crypto::access::{AccessList, AccessRecord, MOST_RECORDS, Purpose, Role};
use crypto::day::Day;
use crypto::mailbox::MailboxId;
use database::{AnyConnection, Error};
use diesel::dsl::max;
use diesel::prelude::*;

use crate::Logbook;
use crate::entries::With;
use crate::schema::openings;

impl Logbook {
    /// The newest openings of each mailbox, complete up to `today`, in the order asked for.
    pub fn access_lists(&self, mailboxes: Vec<MailboxId>, today: Day) -> Result<Vec<AccessList>, Error> {
        let rows = self.readers.read(move |connection| {
            mailboxes
                .into_iter()
                .map(|mailbox| rows_of(connection, &mailbox).map(|rows| (mailbox, rows)))
                .collect::<QueryResult<Vec<_>>>()
        })?;
        rows.into_iter().map(|(mailbox, rows)| list(mailbox, today, rows).ok_or(Error::Corrupt)).collect()
    }
}

type Row = (i64, String, String, i32, String);

fn rows_of(connection: &mut AnyConnection, mailbox: &MailboxId) -> QueryResult<Vec<Row>> {
    let most = i64::try_from(MOST_RECORDS).unwrap_or(i64::MAX);
    openings::table
        .filter(openings::mailbox.eq(mailbox.to_hex()))
        .select((openings::number, openings::day, openings::role, openings::person, openings::purpose))
        .order(openings::number.desc())
        .limit(most)
        .load(connection)
}

/// Rows come newest first, records go oldest first.
fn list(mailbox: MailboxId, day: Day, rows: Vec<Row>) -> Option<AccessList> {
    let record = |(number, day, role, person, purpose): Row| {
        Some(AccessRecord {
            number: u64::try_from(number).ok()?,
            day: day.parse().ok()?,
            role: Role::from_code(&role)?,
            person: u32::try_from(person).ok()?,
            purpose: Purpose::from_code(&purpose)?,
        })
    };
    let records: Vec<AccessRecord> = rows.into_iter().rev().map(record).collect::<Option<_>>()?;
    let earlier = records.first().map_or(0, |first| first.number.saturating_sub(1));
    Some(AccessList { mailbox, day, earlier, records })
}

/// Adds a record unless this person, role, purpose and day have one.
pub(crate) fn note_opening(connection: &mut AnyConnection, mailbox: &str, with: &With) -> QueryResult<()> {
    let With::Opening { day, role, person, purpose } = with else { return Ok(()) };
    let person = i32::try_from(*person).unwrap_or(i32::MAX);
    let known = openings::table.filter(
        openings::mailbox
            .eq(mailbox)
            .and(openings::day.eq(day))
            .and(openings::role.eq(role.code()))
            .and(openings::person.eq(person))
            .and(openings::purpose.eq(purpose.code())),
    );
    if known.select(openings::id).first::<i64>(connection).optional()?.is_some() {
        return Ok(());
    }
    let last: Option<i64> =
        openings::table.filter(openings::mailbox.eq(mailbox)).select(max(openings::number)).first(connection)?;
    diesel::insert_into(openings::table)
        .values((
            openings::mailbox.eq(mailbox),
            openings::number.eq(last.unwrap_or(0) + 1),
            openings::day.eq(day),
            openings::role.eq(role.code()),
            openings::person.eq(person),
            openings::purpose.eq(purpose.code()),
        ))
        .execute(connection)?;
    Ok(())
}
