//! The text that a fact sheet is compared with before it crosses: everything that the report and those joined to it
//! say.

use casework::cases::{FactSheet, Leak, ReportedContent, find_leaks};
use casework::reports::ReportStage;

use crate::accounts::sessions::Session;
use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::handling::{ReportHandling, read_handling};

/// Why a sheet cannot be compared with what was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComparable {
    /// This session has not opened the report.
    NotOpened,
    /// This session has not opened a joined report, which has this number.
    JoinedNotOpened(u64),
    /// An enclosure was not listed: the names of attached files are inside it.
    NotListed,
}

/// Reported content that a sheet is compared with.
pub(crate) struct ReportedText {
    said: ReportedContent,
    /// Whether one of the reporters is an insider.
    pub(crate) is_insider: bool,
}

impl ReportedText {
    /// Every passage that a sheet repeats. Slow for long reports.
    pub(crate) fn repeated_in(&self, sheet: &FactSheet) -> Vec<Leak> {
        find_leaks(sheet, &self.said)
    }
}

/// Numbers of a report and of those joined to it: a sheet must repeat none of them.
fn group(handling: &ReportHandling) -> Vec<u64> {
    let joined = handling.handled.now.merged.iter().map(|(later, _)| *later);
    std::iter::once(handling.report.number).chain(joined).collect()
}

/// Everything that a report and those joined to it say, as this session has opened it; or why a sheet cannot be
/// compared with it.
pub(crate) fn reported_text(session: &Session, handling: &ReportHandling) -> Result<ReportedText, NotComparable> {
    let reports = group(handling);
    let opened = session.opened();
    let letters: Vec<_> = opened.values().filter(|one| reports.contains(&one.report)).collect();
    let unopened = |report: &&u64| !letters.iter().any(|one| one.report == **report && one.is_report());
    match reports.iter().find(unopened) {
        Some(first) if reports.first() == Some(first) => return Err(NotComparable::NotOpened),
        Some(joined) => return Err(NotComparable::JoinedNotOpened(*joined)),
        None => {}
    }
    if letters.iter().any(|one| one.unlisted) {
        return Err(NotComparable::NotListed);
    }
    let said = ReportedContent {
        texts: letters.iter().map(|one| one.text.clone()).collect(),
        files: letters.iter().flat_map(|one| one.files.iter().cloned()).collect(),
        days: letters.iter().map(|one| one.received_on).collect(),
    };
    Ok(ReportedText { said, is_insider: letters.iter().any(|one| one.insider) })
}

/// Result of comparing a sheet with what was reported.
pub struct SheetPreview {
    /// Passages of the reports that the sheet repeats.
    pub repeated: Vec<Leak>,
    /// Whether one of the reporters is an insider, so that a second officer must review the sheet.
    pub is_insider: bool,
}

/// Compares a sheet with a report. Reads the report's handling for it, since another officer may have joined a further
/// report in the meantime.
pub fn preview_sheet(
    actor: &Actor,
    report: u64,
    sheet: &FactSheet,
) -> Result<Result<SheetPreview, NotComparable>, ConsoleError> {
    let handling = read_handling(actor, report)?;
    Ok(reported_text(&actor.session, &handling)
        .map(|text| SheetPreview { repeated: text.repeated_in(sheet), is_insider: text.is_insider }))
}

/// A report's handling before a sheet is written, and the reason if no sheet could be compared with the report.
pub fn begin_sheet(actor: &Actor, report: u64) -> Result<(ReportHandling, Option<NotComparable>), ConsoleError> {
    let handling = read_handling(actor, report)?;
    let why = reported_text(&actor.session, &handling).err();
    Ok((handling, why))
}

/// A report's handling, and the passages that its drafted sheet repeats; none without a draft.
pub fn drafted_sheet(
    actor: &Actor,
    report: u64,
) -> Result<(ReportHandling, Result<Vec<Leak>, NotComparable>), ConsoleError> {
    let handling = read_handling(actor, report)?;
    let draft = handling.handled.now.draft.as_ref().filter(|_| handling.handled.now.stage == ReportStage::Drafted);
    let Some((sheet, ..)) = draft else { return Ok((handling, Ok(Vec::new()))) };
    let repeated = reported_text(&actor.session, &handling).map(|text| text.repeated_in(sheet));
    Ok((handling, repeated))
}
