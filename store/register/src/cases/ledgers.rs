//! Cases and claims: numbered ledgers of entries that are never altered. Nothing in them refers to a report.

use database::{AnyConnection, DatabaseError};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use model::Day;

use crate::Register;
use crate::cases::events::{self, Event};
use crate::cases::evidence;
use crate::finance::orders::{self, OrderChange};
use crate::schema::{ledger_documents, ledger_entries, ledgers};

/// The two kinds of ledgers. Each is numbered by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum LedgerKind {
    /// Cases: problems from the fact sheet to the closure.
    #[strum(serialize = "case")]
    Cases,
    /// Claims: rights to a reward.
    #[strum(serialize = "claim")]
    Claims,
}

impl LedgerKind {
    fn code(self) -> &'static str {
        self.into()
    }
}

/// An entry to be made, and the state of the ledger afterwards.
#[derive(Clone, Debug)]
pub struct NewLedgerEntry {
    /// The kind of ledger.
    pub kind: LedgerKind,
    /// Number of the ledger within its kind.
    pub ledger: u64,
    /// The entry's place in the ledger, from 1; entry 1 begins the ledger.
    pub number: u64,
    /// The day of the entry.
    pub on: Day,
    /// The account that makes the entry.
    pub author: String,
    /// The entry, as JSON.
    pub entry: String,
    /// The author's signed request and the recorder's receipt, as JSON.
    pub attested: String,
    /// Code of the ledger's state after the entry.
    pub state: &'static str,
    /// The lead unit after the entry, if there is one.
    pub unit: Option<String>,
    /// Keys that only one ledger of a kind may have, after the entry: the penalty decisions of a case; of a claim,
    /// its order, and the decisions with its share of the reward.
    pub documents: Vec<String>,
    /// Another ledger (kind, number) and the count of entries that it must still have: this entry depends on them.
    pub resting_on: Option<(LedgerKind, u64, u64)>,
    /// Files that belong to the entry, each with its SHA-256 in hexadecimal.
    pub evidence: Vec<(String, Vec<u8>)>,
    /// Event to be sent to other systems about the entry.
    pub event: Option<Event>,
    /// Change that the entry makes to a payment order.
    pub order: OrderChange,
}

/// Why an entry was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEntered {
    /// Something that the entry depends on has changed in the meantime: a ledger, an order, the steps of a report, or
    /// a waiting fact sheet.
    Conflict,
    /// Another ledger of this kind already has one of the documents.
    DocumentTaken,
}

/// A ledger with its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLedger {
    /// The ledger's number within its kind, from 1.
    pub number: u64,
    /// The lead unit, if there is one.
    pub unit: Option<String>,
    /// The entries, oldest first.
    pub entries: Vec<StoredLedgerEntry>,
}

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLedgerEntry {
    /// The day of the entry.
    pub on: Day,
    /// The account that made the entry.
    pub author: String,
    /// The entry, as JSON.
    pub entry: String,
    /// The author's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

/// A filter for lists of ledgers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// Only ledgers with this lead unit.
    pub unit: Option<String>,
    /// Only ledgers in one of these states; all when empty.
    pub states: Vec<&'static str>,
    /// Oldest first, for ledgers that wait for an action; otherwise newest first.
    pub oldest_first: bool,
}

type Head = (i64, i64, Option<String>);
type EntryRow = (String, String, String, String);

impl Register {
    /// The number of the next ledger: one more than the last, from 1.
    pub fn next_ledger_number(&self, series: LedgerKind) -> Result<u64, DatabaseError> {
        let last = ledgers::table.filter(ledgers::series.eq(series.code())).select(max(ledgers::number));
        let last: Option<i64> = self.readers.read(|connection| last.first(connection))?;
        u64::try_from(last.unwrap_or(0) + 1).map_err(|_| DatabaseError::Corrupt)
    }

    /// A ledger with its entries; none if there is no such number.
    pub fn ledger(&self, series: LedgerKind, number: u64) -> Result<Option<StoredLedger>, DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        let known = ledgers::series.eq(series.code()).and(ledgers::number.eq(number));
        let found = self.readers.read(|connection| {
            let columns = (ledgers::id, ledgers::number, ledgers::unit);
            let head = ledgers::table.filter(known).select(columns).first::<Head>(connection).optional()?;
            head.map(|head| with_entries(connection, head)).transpose()
        })?;
        found.map(|(head, entries)| ledger(head, entries)).transpose()
    }

    /// The number of the ledger with this document key; none if there is none.
    pub fn ledger_of_document(&self, series: LedgerKind, document: &str) -> Result<Option<u64>, DatabaseError> {
        let document = format!("{} {document}", series.code());
        let found = self.readers.read(|connection| {
            let rows = ledger_documents::table.filter(ledger_documents::document.eq(document));
            let row: Option<i64> = rows.select(ledger_documents::ledger).first(connection).optional()?;
            row.map(|row| ledgers::table.find(row).select(ledgers::number).first::<i64>(connection)).transpose()
        })?;
        found.map(|number| u64::try_from(number).map_err(|_| DatabaseError::Corrupt)).transpose()
    }

    /// A page of ledgers, numbered from 0, newest first unless the filter says otherwise; and the total number of
    /// ledgers that match.
    pub fn ledgers(
        &self,
        series: LedgerKind,
        filter: &LedgerFilter,
        page: u32,
        size: u32,
    ) -> Result<(Vec<StoredLedger>, u64), DatabaseError> {
        let (limit, offset) = (i64::from(size), i64::from(page) * i64::from(size));
        let chosen = || {
            let mut chosen = ledgers::table.filter(ledgers::series.eq(series.code())).into_boxed();
            if let Some(unit) = &filter.unit {
                chosen = chosen.filter(ledgers::unit.eq(unit.clone()));
            }
            if filter.states.is_empty() { chosen } else { chosen.filter(ledgers::state.eq_any(filter.states.clone())) }
        };
        let (found, count) = self.readers.read(|connection| {
            let columns = (ledgers::id, ledgers::number, ledgers::unit);
            let page = chosen().select(columns).limit(limit).offset(offset);
            let heads: Vec<Head> = if filter.oldest_first {
                page.order(ledgers::number.asc()).load(connection)?
            } else {
                page.order(ledgers::number.desc()).load(connection)?
            };
            let found: QueryResult<Vec<_>> = heads.into_iter().map(|head| with_entries(connection, head)).collect();
            Ok((found?, chosen().select(count_star()).first::<i64>(connection)?))
        })?;
        let listed = found.into_iter().map(|(head, entries)| ledger(head, entries)).collect::<Result<_, _>>()?;
        Ok((listed, u64::try_from(count).map_err(|_| DatabaseError::Corrupt)?))
    }

    /// Makes an entry if its author has seen all earlier ones. Durable when it returns.
    pub fn enter(&self, entering: NewLedgerEntry) -> Result<Result<(), NotEntered>, DatabaseError> {
        let entered = self.writer.write(move |connection| {
            if let Err(refused) = may_enter(connection, &entering)? {
                return Ok(Err(refused));
            }
            enter(connection, entering).map(Ok)
        });
        entered.wait()
    }
}

/// Whether an entry may be made. Called within the transaction that then makes it.
pub(crate) fn may_enter(connection: &mut AnyConnection, new: &NewLedgerEntry) -> QueryResult<Result<(), NotEntered>> {
    let (row, entries) = row_of(connection, new.kind, new.ledger)?;
    if u64::try_from(entries + 1) != Ok(new.number) {
        return Ok(Err(NotEntered::Conflict));
    }
    if let Some((series, ledger, seen)) = new.resting_on
        && u64::try_from(row_of(connection, series, ledger)?.1) != Ok(seen)
    {
        return Ok(Err(NotEntered::Conflict));
    }
    if !orders::may_change(connection, &new.order)? {
        return Ok(Err(NotEntered::Conflict));
    }
    for document in documents_of(new) {
        let others = ledger_documents::table.filter(ledger_documents::document.eq(document));
        let holder = others.select(ledger_documents::ledger).first::<i64>(connection).optional()?;
        if holder.is_some_and(|other| Some(other) != row) {
            return Ok(Err(NotEntered::DocumentTaken));
        }
    }
    Ok(Ok(()))
}

/// Prefixed by the kind: a case and a claim may share a document key; two cases or two claims may not.
fn documents_of(new: &NewLedgerEntry) -> Vec<String> {
    new.documents.iter().map(|document| format!("{} {document}", new.kind.code())).collect()
}

/// Makes an entry that [`may_enter`] allows.
pub(crate) fn enter(connection: &mut AnyConnection, new: NewLedgerEntry) -> QueryResult<()> {
    let documents = documents_of(&new);
    let values = (ledgers::state.eq(new.state), ledgers::unit.eq(new.unit));
    let row = if let (Some(row), _) = row_of(connection, new.kind, new.ledger)? {
        diesel::update(ledgers::table.find(row)).set(values).execute(connection)?;
        row
    } else {
        let number = i64::try_from(new.ledger).unwrap_or(i64::MAX);
        let key = (ledgers::series.eq(new.kind.code()), ledgers::number.eq(number));
        diesel::insert_into(ledgers::table).values((key, values)).execute(connection)?;
        row_of(connection, new.kind, new.ledger)?.0.ok_or(diesel::result::Error::NotFound)?
    };
    diesel::delete(ledger_documents::table.filter(ledger_documents::ledger.eq(row))).execute(connection)?;
    for document in documents {
        let values = (ledger_documents::ledger.eq(row), ledger_documents::document.eq(document));
        diesel::insert_into(ledger_documents::table).values(values).execute(connection)?;
    }
    diesel::insert_into(ledger_entries::table)
        .values((
            ledger_entries::ledger.eq(row),
            ledger_entries::number.eq(i64::try_from(new.number).unwrap_or(i64::MAX)),
            ledger_entries::entered_on.eq(new.on.to_string()),
            ledger_entries::author.eq(new.author),
            ledger_entries::entry.eq(new.entry),
            ledger_entries::attested.eq(new.attested),
        ))
        .execute(connection)?;
    evidence::keep(connection, new.evidence)?;
    if let Some(event) = new.event {
        events::append(connection, event)?;
    }
    orders::change(connection, new.order)
}

/// A ledger's row, if it exists, and its number of entries.
fn row_of(connection: &mut AnyConnection, series: LedgerKind, number: u64) -> QueryResult<(Option<i64>, i64)> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let known = ledgers::series.eq(series.code()).and(ledgers::number.eq(number));
    let row = ledgers::table.filter(known).select(ledgers::id).first::<i64>(connection).optional()?;
    let entries = match row {
        Some(row) => ledger_entries::table.filter(ledger_entries::ledger.eq(row)).count().get_result(connection)?,
        None => 0,
    };
    Ok((row, entries))
}

fn with_entries(connection: &mut AnyConnection, head: Head) -> QueryResult<(Head, Vec<EntryRow>)> {
    let entries = ledger_entries::table
        .filter(ledger_entries::ledger.eq(head.0))
        .select((ledger_entries::entered_on, ledger_entries::author, ledger_entries::entry, ledger_entries::attested))
        .order(ledger_entries::number)
        .load(connection)?;
    Ok((head, entries))
}

fn ledger((_, number, unit): Head, rows: Vec<EntryRow>) -> Result<StoredLedger, DatabaseError> {
    let entry = |(on, author, entry, attested): EntryRow| {
        let on = on.parse().map_err(|_| DatabaseError::Corrupt)?;
        Ok(StoredLedgerEntry { on, author, entry, attested })
    };
    let number = u64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
    Ok(StoredLedger { number, unit, entries: rows.into_iter().map(entry).collect::<Result<_, DatabaseError>>()? })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::tests::register;

    /// An entry without content.
    pub(crate) fn entering(series: LedgerKind, ledger: u64, number: u64, state: &'static str) -> NewLedgerEntry {
        NewLedgerEntry {
            kind: series,
            ledger,
            number,
            on: "2026-11-24".parse().expect("a day"),
            author: "zhou".to_owned(),
            entry: format!("{{\"kind\":\"{state}\"}}"),
            attested: String::new(),
            state,
            unit: None,
            documents: Vec::new(),
            resting_on: None,
            evidence: Vec::new(),
            event: None,
            order: OrderChange::None,
        }
    }

    fn of_a_case(ledger: u64, number: u64, state: &'static str) -> NewLedgerEntry {
        entering(LedgerKind::Cases, ledger, number, state)
    }

    #[test]
    fn what_an_entry_rests_on_must_not_have_changed() {
        let (register, _folder) = register();
        register.enter(of_a_case(1, 1, "listed")).expect("asked").expect("entered");
        let resting = |seen| {
            let resting_on = Some((LedgerKind::Cases, 1, seen));
            let claim = NewLedgerEntry { kind: LedgerKind::Claims, resting_on, ..of_a_case(1, 1, "proposed") };
            register.enter(claim).expect("asked")
        };
        assert_eq!(resting(2), Err(NotEntered::Conflict));
        assert_eq!(resting(1), Ok(()));
    }

    #[test]
    fn entries_count_up_and_the_later_of_two_is_told() {
        let (register, _folder) = register();
        let enter = |ledger, number, state| register.enter(of_a_case(ledger, number, state)).expect("asked");
        assert_eq!(register.next_ledger_number(LedgerKind::Cases).expect("asked"), 1);
        assert_eq!(enter(1, 1, "listed"), Ok(()));
        assert_eq!(enter(1, 1, "listed"), Err(NotEntered::Conflict));
        assert_eq!(enter(1, 2, "assigned"), Ok(()));
        assert_eq!(enter(1, 2, "assigned"), Err(NotEntered::Conflict));
        assert_eq!(enter(2, 1, "listed"), Ok(()));
        assert_eq!(register.next_ledger_number(LedgerKind::Cases).expect("asked"), 3);
        assert_eq!(register.next_ledger_number(LedgerKind::Claims).expect("asked"), 1);
        let one = register.ledger(LedgerKind::Cases, 1).expect("asked").expect("a case");
        assert_eq!(one.entries.iter().map(|entry| entry.author.as_str()).collect::<Vec<_>>(), ["zhou", "zhou"]);
        assert!(register.ledger(LedgerKind::Claims, 1).expect("asked").is_none());
    }

    #[test]
    fn a_unit_finds_its_own_and_a_decision_belongs_to_one_case() {
        let (register, _folder) = register();
        let of = |ledger, number, unit: &str, documents: &[&str]| {
            let (unit, documents) = (Some(unit.to_owned()), documents.iter().map(|one| (*one).to_owned()).collect());
            register.enter(NewLedgerEntry { unit, documents, ..of_a_case(ledger, number, "assigned") }).expect("asked")
        };
        assert_eq!([of(1, 1, "one", &[]), of(2, 1, "two", &[])], [Ok(()), Ok(())]);
        assert_eq!(of(1, 2, "one", &["2026-17", "2026-18"]), Ok(()));
        assert_eq!(of(2, 2, "two", &["2026-17"]), Err(NotEntered::DocumentTaken));
        assert_eq!(of(2, 2, "two", &["2026-19", "2026-18"]), Err(NotEntered::DocumentTaken));
        assert_eq!(of(1, 3, "one", &["2026-17", "2026-18"]), Ok(()), "its own");
        assert_eq!(of(1, 4, "one", &["2026-18"]), Ok(()), "one of them withdrawn");
        assert_eq!(of(2, 2, "two", &["2026-17"]), Ok(()));
        let filter = LedgerFilter { unit: Some("two".to_owned()), states: vec!["assigned"], ..LedgerFilter::default() };
        let (listed, count) = register.ledgers(LedgerKind::Cases, &filter, 0, 10).expect("listed");
        assert_eq!((listed.len(), listed[0].number, count), (1, 2, 1));
        let filter = LedgerFilter { states: vec!["closed"], ..LedgerFilter::default() };
        assert_eq!(register.ledgers(LedgerKind::Cases, &filter, 0, 10).expect("listed").1, 0);
    }

    #[test]
    fn entries_are_never_altered() {
        use diesel::RunQueryDsl as _;
        let (register, _folder) = register();
        register.enter(of_a_case(1, 1, "listed")).expect("asked").expect("entered");
        for statement in ["DELETE FROM ledger_entries", "UPDATE ledger_entries SET author = 'nobody'"] {
            let written = register.writer.write(move |connection| diesel::sql_query(statement).execute(connection));
            assert!(written.wait().is_err(), "{statement}");
        }
    }
}
