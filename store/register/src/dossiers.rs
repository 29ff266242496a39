//! Cases and claims: numbered dossiers of entries that are never altered. Nothing in them points
//! to a report.

use database::{AnyConnection, Error};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use model::Day;

use crate::events::{self, Event};
use crate::orders::{self, OrderChange};
use crate::schema::{dossier_documents, dossier_entries, dossiers};
use crate::{Register, evidence};

/// Which dossiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dossiers {
    /// Problems, from the fact sheet to the closure.
    Cases,
    /// Rights to a reward.
    Claims,
}

impl Dossiers {
    fn code(self) -> &'static str {
        match self {
            Self::Cases => "case",
            Self::Claims => "claim",
        }
    }
}

/// An entry to be made, and what the dossier is afterwards.
#[derive(Clone, Debug)]
pub struct Entering {
    /// Which dossiers.
    pub series: Dossiers,
    /// The dossier's number.
    pub dossier: u64,
    /// The entry's place in it, from 1, which begins the dossier.
    pub number: u64,
    /// The day.
    pub on: Day,
    /// The account.
    pub author: String,
    /// The entry, as JSON.
    pub entry: String,
    /// The author's signed request and the recorder's receipt, as JSON.
    pub attested: String,
    /// The state that it leads to.
    pub state: &'static str,
    /// The lead unit after it, if there is one.
    pub unit: Option<String>,
    /// The document numbers of its penalty decisions after it, as one compares them: each belongs to
    /// one case, and to one claim.
    pub documents: Vec<String>,
    /// Another dossier that must still have so many entries: what is entered here rests on it.
    pub resting_on: Option<(Dossiers, u64, u64)>,
    /// Files that belong to it, each with its digest in hexadecimal.
    pub evidence: Vec<(String, Vec<u8>)>,
    /// What other systems are told of it.
    pub event: Option<Event>,
    /// What it does to orders to pay.
    pub order: OrderChange,
}

/// Why nothing was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEntered {
    /// Somebody else has entered something since it was looked at.
    Meanwhile,
    /// Another case has a decision of this document number.
    DocumentTaken,
}

/// A dossier in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    /// Its number.
    pub number: u64,
    /// The lead unit.
    pub unit: Option<String>,
    /// Its entries, oldest first.
    pub entries: Vec<StoredEntry>,
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// The day.
    pub on: Day,
    /// The account.
    pub author: String,
    /// The entry, as JSON.
    pub entry: String,
    /// The author's signed request and the recorder's receipt, as JSON.
    pub attested: String,
}

/// Which dossiers are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this lead unit's.
    pub unit: Option<String>,
    /// Only those in one of these states; all when empty.
    pub states: Vec<&'static str>,
    /// Oldest first: for what waits.
    pub oldest_first: bool,
}

type Head = (i64, i64, Option<String>);
type EntryRow = (String, String, String, String);

impl Register {
    /// The number of the next dossier.
    pub fn next_dossier(&self, series: Dossiers) -> Result<u64, Error> {
        let last = dossiers::table.filter(dossiers::series.eq(series.code())).select(max(dossiers::number));
        let last: Option<i64> = self.readers.read(|connection| last.first(connection))?;
        u64::try_from(last.unwrap_or(0) + 1).map_err(|_| Error::Corrupt)
    }

    /// A dossier with its entries.
    pub fn dossier(&self, series: Dossiers, number: u64) -> Result<Option<Dossier>, Error> {
        let number = i64::try_from(number).map_err(|_| Error::Corrupt)?;
        let known = dossiers::series.eq(series.code()).and(dossiers::number.eq(number));
        let found = self.readers.read(|connection| {
            let columns = (dossiers::id, dossiers::number, dossiers::unit);
            let head = dossiers::table.filter(known).select(columns).first::<Head>(connection).optional()?;
            head.map(|head| with_entries(connection, head)).transpose()
        })?;
        found.map(|(head, entries)| dossier(head, entries)).transpose()
    }

    /// The dossier that a document belongs to.
    pub fn dossier_of_document(&self, series: Dossiers, document: &str) -> Result<Option<u64>, Error> {
        let document = format!("{} {document}", series.code());
        let found = self.readers.read(|connection| {
            let rows = dossier_documents::table.filter(dossier_documents::document.eq(document));
            let row: Option<i64> = rows.select(dossier_documents::dossier).first(connection).optional()?;
            row.map(|row| dossiers::table.find(row).select(dossiers::number).first::<i64>(connection)).transpose()
        })?;
        found.map(|number| u64::try_from(number).map_err(|_| Error::Corrupt)).transpose()
    }

    /// A page of dossiers, newest first, and how many there are.
    pub fn dossiers(
        &self,
        series: Dossiers,
        filter: &Filter,
        page: u32,
        size: u32,
    ) -> Result<(Vec<Dossier>, u64), Error> {
        let (limit, offset) = (i64::from(size), i64::from(page) * i64::from(size));
        let chosen = || {
            let mut chosen = dossiers::table.filter(dossiers::series.eq(series.code())).into_boxed();
            if let Some(unit) = &filter.unit {
                chosen = chosen.filter(dossiers::unit.eq(unit.clone()));
            }
            if filter.states.is_empty() { chosen } else { chosen.filter(dossiers::state.eq_any(filter.states.clone())) }
        };
        let (found, count) = self.readers.read(|connection| {
            let columns = (dossiers::id, dossiers::number, dossiers::unit);
            let page = chosen().select(columns).limit(limit).offset(offset);
            let heads: Vec<Head> = if filter.oldest_first {
                page.order(dossiers::number.asc()).load(connection)?
            } else {
                page.order(dossiers::number.desc()).load(connection)?
            };
            let found: QueryResult<Vec<_>> = heads.into_iter().map(|head| with_entries(connection, head)).collect();
            Ok((found?, chosen().select(count_star()).first::<i64>(connection)?))
        })?;
        let listed = found.into_iter().map(|(head, entries)| dossier(head, entries)).collect::<Result<_, _>>()?;
        Ok((listed, u64::try_from(count).map_err(|_| Error::Corrupt)?))
    }

    /// Enters something, if its author has seen everything before it. Durable when it returns.
    pub fn enter(&self, entering: Entering) -> Result<Result<(), NotEntered>, Error> {
        let entered = self.writer.write(move |connection| {
            if let Err(refused) = may_enter(connection, &entering)? {
                return Ok(Err(refused));
            }
            enter(connection, entering).map(Ok)
        });
        entered.wait()
    }
}

/// Whether something may be entered, within the transaction that then does it.
pub(crate) fn may_enter(connection: &mut AnyConnection, new: &Entering) -> QueryResult<Result<(), NotEntered>> {
    let (row, entries) = row_of(connection, new.series, new.dossier)?;
    if u64::try_from(entries + 1) != Ok(new.number) {
        return Ok(Err(NotEntered::Meanwhile));
    }
    if let Some((series, dossier, seen)) = new.resting_on
        && u64::try_from(row_of(connection, series, dossier)?.1) != Ok(seen)
    {
        return Ok(Err(NotEntered::Meanwhile));
    }
    if !orders::may_change(connection, &new.order)? {
        return Ok(Err(NotEntered::Meanwhile));
    }
    for document in documents_of(new) {
        let others = dossier_documents::table.filter(dossier_documents::document.eq(document));
        let holder = others.select(dossier_documents::dossier).first::<i64>(connection).optional()?;
        if holder.is_some_and(|other| Some(other) != row) {
            return Ok(Err(NotEntered::DocumentTaken));
        }
    }
    Ok(Ok(()))
}

/// A case and a claim may rest on one decision, two cases or two claims may not.
fn documents_of(new: &Entering) -> Vec<String> {
    new.documents.iter().map(|document| format!("{} {document}", new.series.code())).collect()
}

/// Enters what [`may_enter`] allows.
pub(crate) fn enter(connection: &mut AnyConnection, new: Entering) -> QueryResult<()> {
    let documents = documents_of(&new);
    let values = (dossiers::state.eq(new.state), dossiers::unit.eq(new.unit));
    let row = if let (Some(row), _) = row_of(connection, new.series, new.dossier)? {
        diesel::update(dossiers::table.find(row)).set(values).execute(connection)?;
        row
    } else {
        let number = i64::try_from(new.dossier).unwrap_or(i64::MAX);
        let key = (dossiers::series.eq(new.series.code()), dossiers::number.eq(number));
        diesel::insert_into(dossiers::table).values((key, values)).execute(connection)?;
        row_of(connection, new.series, new.dossier)?.0.ok_or(diesel::result::Error::NotFound)?
    };
    diesel::delete(dossier_documents::table.filter(dossier_documents::dossier.eq(row))).execute(connection)?;
    for document in documents {
        let values = (dossier_documents::dossier.eq(row), dossier_documents::document.eq(document));
        diesel::insert_into(dossier_documents::table).values(values).execute(connection)?;
    }
    diesel::insert_into(dossier_entries::table)
        .values((
            dossier_entries::dossier.eq(row),
            dossier_entries::number.eq(i64::try_from(new.number).unwrap_or(i64::MAX)),
            dossier_entries::entered_on.eq(new.on.to_string()),
            dossier_entries::author.eq(new.author),
            dossier_entries::entry.eq(new.entry),
            dossier_entries::attested.eq(new.attested),
        ))
        .execute(connection)?;
    evidence::keep(connection, new.evidence)?;
    if let Some(event) = new.event {
        events::append(connection, event)?;
    }
    orders::change(connection, new.order)
}

/// A dossier's row, if there is one, and how many entries it has.
fn row_of(connection: &mut AnyConnection, series: Dossiers, number: u64) -> QueryResult<(Option<i64>, i64)> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let known = dossiers::series.eq(series.code()).and(dossiers::number.eq(number));
    let row = dossiers::table.filter(known).select(dossiers::id).first::<i64>(connection).optional()?;
    let entries = match row {
        Some(row) => dossier_entries::table.filter(dossier_entries::dossier.eq(row)).count().get_result(connection)?,
        None => 0,
    };
    Ok((row, entries))
}

fn with_entries(connection: &mut AnyConnection, head: Head) -> QueryResult<(Head, Vec<EntryRow>)> {
    let entries = dossier_entries::table
        .filter(dossier_entries::dossier.eq(head.0))
        .select((
            dossier_entries::entered_on,
            dossier_entries::author,
            dossier_entries::entry,
            dossier_entries::attested,
        ))
        .order(dossier_entries::number)
        .load(connection)?;
    Ok((head, entries))
}

fn dossier((_, number, unit): Head, rows: Vec<EntryRow>) -> Result<Dossier, Error> {
    let entry = |(on, author, entry, attested): EntryRow| {
        let on = on.parse().map_err(|_| Error::Corrupt)?;
        Ok(StoredEntry { on, author, entry, attested })
    };
    let number = u64::try_from(number).map_err(|_| Error::Corrupt)?;
    Ok(Dossier { number, unit, entries: rows.into_iter().map(entry).collect::<Result<_, Error>>()? })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::tests::register;

    /// An entry that says nothing.
    pub(crate) fn entering(series: Dossiers, dossier: u64, number: u64, state: &'static str) -> Entering {
        Entering {
            series,
            dossier,
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

    fn of_a_case(dossier: u64, number: u64, state: &'static str) -> Entering {
        entering(Dossiers::Cases, dossier, number, state)
    }

    #[test]
    fn what_an_entry_rests_on_must_not_have_changed() {
        let (register, _folder) = register();
        register.enter(of_a_case(1, 1, "listed")).expect("asked").expect("entered");
        let resting = |seen| {
            let resting_on = Some((Dossiers::Cases, 1, seen));
            let claim = Entering { series: Dossiers::Claims, resting_on, ..of_a_case(1, 1, "proposed") };
            register.enter(claim).expect("asked")
        };
        assert_eq!(resting(2), Err(NotEntered::Meanwhile));
        assert_eq!(resting(1), Ok(()));
    }

    #[test]
    fn entries_count_up_and_the_later_of_two_is_told() {
        let (register, _folder) = register();
        let enter = |dossier, number, state| register.enter(of_a_case(dossier, number, state)).expect("asked");
        assert_eq!(register.next_dossier(Dossiers::Cases).expect("asked"), 1);
        assert_eq!(enter(1, 1, "listed"), Ok(()));
        assert_eq!(enter(1, 1, "listed"), Err(NotEntered::Meanwhile));
        assert_eq!(enter(1, 2, "assigned"), Ok(()));
        assert_eq!(enter(1, 2, "assigned"), Err(NotEntered::Meanwhile));
        assert_eq!(enter(2, 1, "listed"), Ok(()));
        assert_eq!(register.next_dossier(Dossiers::Cases).expect("asked"), 3);
        assert_eq!(register.next_dossier(Dossiers::Claims).expect("asked"), 1);
        let one = register.dossier(Dossiers::Cases, 1).expect("asked").expect("a case");
        assert_eq!(one.entries.iter().map(|entry| entry.author.as_str()).collect::<Vec<_>>(), ["zhou", "zhou"]);
        assert!(register.dossier(Dossiers::Claims, 1).expect("asked").is_none());
    }

    #[test]
    fn a_unit_finds_its_own_and_a_decision_belongs_to_one_case() {
        let (register, _folder) = register();
        let of = |dossier, number, unit: &str, documents: &[&str]| {
            let (unit, documents) = (Some(unit.to_owned()), documents.iter().map(|one| (*one).to_owned()).collect());
            register.enter(Entering { unit, documents, ..of_a_case(dossier, number, "assigned") }).expect("asked")
        };
        assert_eq!([of(1, 1, "one", &[]), of(2, 1, "two", &[])], [Ok(()), Ok(())]);
        assert_eq!(of(1, 2, "one", &["2026-17", "2026-18"]), Ok(()));
        assert_eq!(of(2, 2, "two", &["2026-17"]), Err(NotEntered::DocumentTaken));
        assert_eq!(of(2, 2, "two", &["2026-19", "2026-18"]), Err(NotEntered::DocumentTaken));
        assert_eq!(of(1, 3, "one", &["2026-17", "2026-18"]), Ok(()), "its own");
        assert_eq!(of(1, 4, "one", &["2026-18"]), Ok(()), "one of them withdrawn");
        assert_eq!(of(2, 2, "two", &["2026-17"]), Ok(()));
        let filter = Filter { unit: Some("two".to_owned()), states: vec!["assigned"], ..Filter::default() };
        let (listed, count) = register.dossiers(Dossiers::Cases, &filter, 0, 10).expect("listed");
        assert_eq!((listed.len(), listed[0].number, count), (1, 2, 1));
        let filter = Filter { states: vec!["closed"], ..Filter::default() };
        assert_eq!(register.dossiers(Dossiers::Cases, &filter, 0, 10).expect("listed").1, 0);
    }

    #[test]
    fn entries_are_never_altered() {
        use diesel::RunQueryDsl as _;
        let (register, _folder) = register();
        register.enter(of_a_case(1, 1, "listed")).expect("asked").expect("entered");
        for statement in ["DELETE FROM dossier_entries", "UPDATE dossier_entries SET author = 'nobody'"] {
            let written = register.writer.write(move |connection| diesel::sql_query(statement).execute(connection));
            assert!(written.wait().is_err(), "{statement}");
        }
    }
}
