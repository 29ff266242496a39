//! What a sheet is held against before it crosses: everything that the report and those joined to it say.

use casework::cases::{FactSheet, Leak, ReportedContent, find_leaks};
use casework::reports::ReportStage;

use crate::accounts::sessions::Session;
use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::handling::{ReportHandling, read_handling};

/// Why a sheet cannot be held against what was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotComparable {
    /// This session has not opened the report.
    NotOpened,
    /// Nor one that was joined to it: which.
    JoinedNotOpened(u64),
    /// The names of attached files are inside the attachment, which was not listed.
    NotListed,
}

/// What a sheet is held against.
pub(crate) struct ReportedText {
    said: ReportedContent,
    /// Whether one of the reporters is an insider.
    pub(crate) is_insider: bool,
}

impl ReportedText {
    /// Every passage that a sheet repeats. Reports may be long: takes its time.
    pub(crate) fn repeated_in(&self, sheet: &FactSheet) -> Vec<Leak> {
        find_leaks(sheet, &self.said)
    }
}

/// A report and those that were joined to it: a sheet must repeat none of them.
fn group(handling: &ReportHandling) -> Vec<u64> {
    let joined = handling.handled.now.merged.iter().map(|(later, _)| *later);
    std::iter::once(handling.report.number).chain(joined).collect()
}

/// What a report and those joined to it say, as this session has opened them; or why a sheet cannot be held against
/// them.
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

/// A sheet beside what was reported: what it repeats, and whether a second officer must look at it.
pub struct SheetPreview {
    /// Passages that it repeats.
    pub repeated: Vec<Leak>,
    /// Whether one of the reporters is an insider.
    pub is_insider: bool,
}

/// Holds a sheet against a report, whose handling is read for it: colleagues may have joined another one meanwhile.
pub fn preview_sheet(
    actor: &Actor,
    report: u64,
    sheet: &FactSheet,
) -> Result<Result<SheetPreview, NotComparable>, ConsoleError> {
    let handling = read_handling(actor, report)?;
    Ok(reported_text(&actor.session, &handling)
        .map(|text| SheetPreview { repeated: text.repeated_in(sheet), is_insider: text.is_insider }))
}

/// A report's handling before a sheet is written, and why it could not be held against the report.
pub fn begin_sheet(actor: &Actor, report: u64) -> Result<(ReportHandling, Option<NotComparable>), ConsoleError> {
    let handling = read_handling(actor, report)?;
    let why = reported_text(&actor.session, &handling).err();
    Ok((handling, why))
}

/// A report's handling with a drafted sheet, and what that repeats; nothing without one.
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
