//! Fact sheets between the wall and the case: each waits, sealed to the post, for the next case day;
//! then all of them become cases together, in a random order, so that neither the day nor the order
//! of a case tells whether somebody reported. Urgent ones become cases at once, wherever they come
//! from.

use casework::case::{Case, Entry, FactSheet};
use casework::entered::Entered;
use casework::triage::{Stage, Step};
use model::{Day, LetterDigest, Role};
use opening::PostKeys;
use recorder_protocol::{Act, CrossSheet, EnterCase, Person, ReadSheets, Recorded};
use register::{Dossiers, Filter, NotEntered, StoredSheet, Together};
use serde::{Deserialize, Serialize};

use crate::books::{self, Books};
use crate::console::Console;
use crate::fault::Fault;
use crate::handling::ReadReport;
use crate::sessions::Session;
use crate::{dossiers, papers};

/// Cases that a sheet is held against, newest first: some years of a county's.
const CASES: u32 = 500;

/// A fact sheet that has crossed and is no case yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waiting {
    pub(crate) sheet: FactSheet,
    /// Whether it becomes a case at once.
    pub(crate) urgent: bool,
    /// The report behind it, if there is one: stands here and in the report's own papers, sealed.
    pub(crate) report: Option<u64>,
    /// The day it crossed.
    pub(crate) on: Day,
}

/// A waiting sheet with its row.
pub(crate) struct Kept {
    pub(crate) row: i64,
    pub(crate) waiting: Waiting,
}

/// Seals a sheet and has its crossing recorded.
pub(crate) fn cross(
    console: &Console,
    person: &Person<'_>,
    keys: &PostKeys,
    waiting: &Waiting,
) -> Result<StoredSheet, Fault> {
    let sealed = papers::seal(keys, waiting)?;
    let deed = CrossSheet { digest: LetterDigest::of(&sealed) };
    let (_, attested) = console.recorder.connect()?.record(person, deed)?.0.attested();
    let mut row = [0; 8];
    getrandom::fill(&mut row).map_err(Fault::inside)?;
    Ok(StoredSheet { row: i64::from_be_bytes(row) & i64::MAX, sealed, attested: books::written(&attested)? })
}

/// Reads all that wait, once that is recorded. One that nobody had recorded is left out, and the
/// operator is told.
pub(crate) fn read(console: &Console, person: &Person<'_>, keys: &PostKeys) -> Result<Vec<Kept>, Fault> {
    let stored = console.register.waiting_sheets()?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let deed = ReadSheets { sheets: u32::try_from(stored.len()).map_err(Fault::inside)? };
    let (recorded, _) = console.recorder.connect()?.record(person, deed)?;
    Ok(in_clear(recorded, &console.books, keys, stored))
}

fn in_clear(recorded: Recorded<ReadSheets>, books: &Books, keys: &PostKeys, stored: Vec<StoredSheet>) -> Vec<Kept> {
    let _ = recorded.use_up();
    let mut kept = Vec::new();
    for sheet in stored {
        match one_in_clear(books, keys, &sheet) {
            Ok(waiting) => kept.push(Kept { row: sheet.row, waiting }),
            Err(error) => tracing::error!("a waiting fact sheet cannot be read: {}", program::chain(&error)),
        }
    }
    kept
}

fn one_in_clear(books: &Books, keys: &PostKeys, sheet: &StoredSheet) -> Result<Waiting, Fault> {
    let act = books.attested(&sheet.attested)?.act;
    if act != (Act::CrossSheet(CrossSheet { digest: LetterDigest::of(&sheet.sealed) })) {
        return Err(Fault::Unsound);
    }
    papers::open(keys, &sheet.sealed)
}

/// Whether something may be due today, without opening anything: it is a case day and something waits,
/// or waits since before the last one. What was asked for when it crossed says since when.
pub(crate) fn may_be_due(console: &Console) -> Result<bool, Fault> {
    let today = console.clock.today();
    for sheet in console.register.waiting_sheets()? {
        // One that is damaged keeps nobody else's waiting; reading tells the operator of it.
        let Ok(ask) = console.books.attested(&sheet.attested) else { continue };
        let crossed = Day::of(ask.at);
        if console.books.rules.case_day_after(crossed) <= today {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which sheets become cases.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those whose day has come.
    Due,
    /// Urgent ones.
    Urgent,
}

/// Makes cases of what waits, all in one transaction; gives their numbers. Other people's entries
/// meanwhile stop it, and nothing has happened.
pub(crate) fn release(
    console: &Console,
    session: &Session,
    which: Which,
) -> Result<Result<Vec<u64>, NotEntered>, Fault> {
    let person = session.person(Role::Officer);
    let keys = session.keys.post.as_ref().ok_or(Fault::NoPostKeys)?;
    let today = console.clock.today();
    let mut waiting = read(console, &person, keys)?;
    waiting.retain(|kept| match which {
        Which::Urgent => kept.waiting.urgent,
        Which::Due => console.books.rules.case_day_after(kept.waiting.on) <= today,
    });
    if waiting.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let (mut chosen, twice) = sift(console, session, waiting)?;
    shuffle(&mut chosen)?;
    let first = console.register.next_dossier(Dossiers::Cases)?;
    let mut together = Together { released: twice, ..Together::default() };
    let (mut numbers, mut reports) = (Vec::new(), Vec::new());
    for (Chosen { kept: Kept { row, waiting }, report }, number) in chosen.into_iter().zip(first..) {
        let entered = Entered { by: session.account.clone(), on: today, what: Entry::Listed(waiting.sheet) };
        let listed = Case::replay([&entered]).map_err(Fault::inside)?;
        let (_, digest) = dossiers::written(&entered.what)?;
        let deed = EnterCase { case: number, number: 1, entry: entered.what.kind().code().to_owned(), digest };
        let (recorded, _) = console.recorder.connect()?.record(&person, deed)?;
        let with = (Vec::new(), &console.events);
        together.entering.push(dossiers::case_entering(recorded, 0, &entered, &listed, with)?);
        together.released.push(row);
        numbers.push(number);
        reports.extend(report.map(|report| (report, number)));
    }
    // In an order of their own, after all cases: beside each other in the log they would tell which
    // report became which case.
    shuffle(&mut reports)?;
    for (report, case) in reports {
        let entered = Entered { by: session.account.clone(), on: today, what: Step::Confirmed { case } };
        together.steps.push(report.step(console, session, Role::Officer, &entered)?);
    }
    Ok(console.register.take(together)?.map(|()| numbers))
}

/// A sheet that becomes a case, and the handling of the report behind it.
struct Chosen {
    kept: Kept,
    report: Option<ReadReport>,
}

/// What may become a case, and rows of sheets that are cases already. Whoever can write the register's
/// file can put a sheet there again that has become a case, so each is held against what came of it
/// before anything is recorded.
fn sift(console: &Console, session: &Session, waiting: Vec<Kept>) -> Result<(Vec<Chosen>, Vec<i64>), Fault> {
    let (cases, _) = console.register.dossiers(Dossiers::Cases, &Filter::default(), 0, CASES)?;
    let cases = dossiers::readable(cases, |one| console.books.case_of(one)).files;
    let (mut chosen, mut twice) = (Vec::<Chosen>::new(), Vec::new());
    for kept in waiting {
        let Some(number) = kept.waiting.report else {
            // An inspection's sheet that was sent twice is one case.
            let (sheet, on) = (&kept.waiting.sheet, kept.waiting.on);
            let listed = cases.iter().any(|file| file.now.sheet == *sheet && file.now.listed_on >= on);
            let again = |one: &Chosen| one.report.is_none() && one.kept.waiting.sheet == *sheet;
            if listed || chosen.iter().any(again) {
                tracing::warn!("a waiting fact sheet is a case already, and is not made one again");
                twice.push(kept.row);
            } else {
                chosen.push(Chosen { kept, report: None });
            }
            continue;
        };
        match ReadReport::of(console, session, Role::Officer, number) {
            Ok(report) if report.handled.now.case.is_some() => {
                tracing::warn!("a waiting fact sheet is a case already, and is not made one again");
                twice.push(kept.row);
            }
            Ok(report) if report.handled.now.stage == Stage::Confirmed => {
                chosen.push(Chosen { kept, report: Some(report) });
            }
            Ok(_) => tracing::error!("a fact sheet waits for a report that was not confirmed, and goes on waiting"),
            Err(Fault::Unsound | Fault::Inside(_)) => {
                tracing::error!("a fact sheet waits for a report whose handling cannot be read, and goes on waiting");
            }
            Err(error) => return Err(error),
        }
    }
    Ok((chosen, twice))
}

/// Fisher and Yates, with the system's randomness.
fn shuffle<T>(items: &mut [T]) -> Result<(), Fault> {
    for last in (1..items.len()).rev() {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(Fault::inside)?;
        // 64 bits over a handful: the bias is far below anything that could be seen.
        let below = u64::try_from(last + 1).map_err(Fault::inside)?;
        let chosen = usize::try_from(u64::from_be_bytes(random) % below).map_err(Fault::inside)?;
        items.swap(last, chosen);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_order_comes_up() {
        let orders = (0..400).map(|_| {
            let mut items = [1, 2, 3];
            shuffle(&mut items).expect("random bytes");
            items
        });
        assert_eq!(orders.collect::<BTreeSet<_>>().len(), 6);
    }
}
