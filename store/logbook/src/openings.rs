//! Openings: the access records that reporters are shown.

use crypto::letters::mailbox::MailboxId;
use crypto::log::access_list::{AccessList, AccessRecord, RecordProof};
use crypto::log::checkpoint::entry_half;
use database::{AnyConnection, DatabaseError};
use diesel::dsl::max;
use diesel::prelude::*;
use model::Day;

use crate::Logbook;
use crate::disclosed::{OpeningRow, record};
use crate::entry::Accompanying;
use crate::salt::fresh_salt;
use crate::schema::openings;
use crate::tree::{self, NoProof};

impl Logbook {
    /// The access list of each mailbox, complete up to `today`, in the order of `mailboxes`; with proofs
    /// for the records whose entries the log contains at `size`.
    pub fn access_lists(
        &self,
        mailboxes: Vec<MailboxId>,
        today: Day,
        size: u64,
    ) -> Result<Vec<(AccessList, Vec<RecordProof>)>, NoProof> {
        let rows = self.readers.read(move |connection| {
            mailboxes
                .into_iter()
                .map(|mailbox| rows_of(connection, &mailbox).map(|rows| (mailbox, rows)))
                .collect::<QueryResult<Vec<_>>>()
        })?;
        let mut lists = Vec::with_capacity(rows.len());
        for (mailbox, rows) in rows {
            let Placed { list, places } = placed(mailbox, today, rows).ok_or(DatabaseError::Corrupt)?;
            let mut proofs = Vec::new();
            for (record, place) in list.records.iter().zip(places) {
                let (sequence, salt) = place;
                if sequence <= size {
                    proofs.push(self.prove_disclosed(record.number, sequence, salt, size)?);
                }
            }
            lists.push((list, proofs));
        }
        Ok(lists)
    }

    fn prove_disclosed(&self, number: u64, sequence: u64, salt: Vec<u8>, size: u64) -> Result<RecordProof, NoProof> {
        let (text, entry_salt) = self.readers.read(move |connection| tree::text_at(connection, sequence))?;
        let salt = salt.try_into().map_err(|_| DatabaseError::Corrupt)?;
        let path = self.prove_entry(sequence, size)?;
        Ok(RecordProof { number, sequence, entry: entry_half(&text, &entry_salt).0, salt, path })
    }
}

/// A list, and for each of its records in order the place and the salt under which an entry covers it.
struct Placed {
    list: AccessList,
    places: Vec<(u64, Vec<u8>)>,
}

fn rows_of(connection: &mut AnyConnection, mailbox: &MailboxId) -> QueryResult<Vec<OpeningRow>> {
    openings::table
        .filter(openings::mailbox.eq(mailbox.to_hex()))
        .select((
            openings::number,
            openings::day,
            openings::role,
            openings::person,
            openings::purpose,
            openings::sequence,
            openings::salt,
        ))
        .order(openings::number)
        .load(connection)
}

/// Rows come oldest first. A person's openings of a report are one a day and purpose, so there are never many.
fn placed(mailbox: MailboxId, day: Day, rows: Vec<OpeningRow>) -> Option<Placed> {
    let records: Vec<AccessRecord> = rows.iter().map(record).collect::<Option<_>>()?;
    let list = AccessList::fitting(mailbox, day, &records);
    let mut listed = list.records.iter().map(|record| record.number).peekable();
    let mut places = Vec::with_capacity(list.records.len());
    for (number, .., sequence, salt) in rows {
        if listed.next_if(|listed| i64::try_from(*listed) == Ok(number)).is_some() {
            places.push((u64::try_from(sequence).ok()?, salt));
        }
    }
    Some(Placed { list, places })
}

/// Adds a record unless this person, role, purpose and day have one. `sequence` is the place of the entry that is
/// about to be made for it.
pub(crate) fn note_opening(
    connection: &mut AnyConnection,
    mailbox: &str,
    with: &Accompanying,
    sequence: i64,
) -> QueryResult<()> {
    let Accompanying::Opening { day, role, person, purpose } = with else { return Ok(()) };
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
            openings::sequence.eq(sequence),
            openings::salt.eq(fresh_salt()?),
        ))
        .execute(connection)?;
    Ok(())
}
