//! Listing cases, by page and state.

use casework::cases::CaseState;
use model::{Day, Role};
use recorder_protocol::{ListCases, Recorded};
use register::LedgerFilter;

use crate::actor::Actor;
use crate::cases::case_file::CaseFile;
use crate::cases::read_case::only_unit;
use crate::error::ConsoleError;
use crate::ledger::ReadLedgers;

/// Cases on one page of the list.
pub const PAGE: u32 = 20;
/// Open cases that are searched for late ones.
const OPEN: u32 = 1000;

/// Which cases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichCases {
    /// Cases that are not closed.
    Open,
    /// Open cases past their deadline, under supervision from above, or without an answer that was due.
    Late,
    /// All cases, closed ones included.
    All,
}

/// One page of the list of cases.
pub struct CaseList {
    /// The cases of this page, newest first; for [`WhichCases::Late`] all late ones.
    pub cases: ReadLedgers<CaseFile>,
    /// Number of cases on all pages; 0 where all are on the page.
    pub count: u64,
    /// Number of fact sheets that wait for their case day, for officers; 0 for other roles.
    pub sheets: u64,
}

/// Lists cases that this account may see, which is recorded. Pages are numbered from 0.
pub fn list_cases(actor: &Actor, which: WhichCases, page: u32) -> Result<CaseList, ConsoleError> {
    list(actor.record(ListCases {})?, actor, which, page)
}

fn list(recorded: Recorded<ListCases>, actor: &Actor, which: WhichCases, page: u32) -> Result<CaseList, ConsoleError> {
    let open = CaseState::ALL.iter().filter(|state| **state != CaseState::Closed).map(|state| state.code());
    let filter = LedgerFilter {
        unit: only_unit(actor)?,
        states: if which == WhichCases::All { Vec::new() } else { open.collect() },
        oldest_first: false,
    };
    let sheets = if actor.role == Role::Officer { actor.register().count_waiting_sheets()? } else { 0 };
    let size = if which == WhichCases::Late { OPEN } else { PAGE };
    let (mut cases, count) = actor.attested().cases(&recorded, &filter, page, size)?;
    if which == WhichCases::Late {
        cases.files.retain(|file| is_late(file, actor.today));
        // An answer to a transfer may be late after the case was closed; such cases are listed under `All`.
        return Ok(CaseList { cases, count: 0, sheets });
    }
    Ok(CaseList { cases, count, sheets })
}

fn is_late(file: &CaseFile, today: Day) -> bool {
    file.now.is_overdue(today) || file.now.supervised || file.now.late_answers(today).next().is_some()
}
