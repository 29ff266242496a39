//! Duplicates: comparing a report with those that the officer has opened and with fact sheets, and joining it to an
//! earlier one about one fact. A comparison is a single log entry. An officer decides; the recorder answers which
//! report was received before another was opened.

use casework::reports::{HandlingStep, Particulars, Similarity, similarities};
use model::LetterDigest;
use recorder_protocol::CompareReports;
use register::{LedgerFilter, NotEntered, Transaction};

use crate::actor::Actor;
use crate::audit::permissions::ReportsCompared;
use crate::error::ConsoleError;
use crate::reports::classification::{classify, is_rewardable};
use crate::reports::handling::{ReportHandling, first_letter, read_handling};
use crate::reports::opened_letter::OpenedLetter;

/// Fact sheets that are compared at most, newest first: some years of a county's.
const CASES: u32 = 500;

/// Another report that may be about the same fact.
pub struct SimilarReport {
    /// Number of that report.
    pub number: u64,
    /// Party, place and day that it states.
    pub particulars: Particulars,
    /// The particulars in which the two are alike.
    pub alike: Vec<Similarity>,
    /// Whether the two would share the reward: both came on one day, the compared report before anybody had opened this
    /// one, and both may earn a reward.
    pub joint: bool,
}

/// A case that may be about the same fact.
pub struct SimilarCase {
    /// Number of the case.
    pub number: u64,
    /// Party, place and day of its fact sheet.
    pub particulars: Particulars,
    /// The particulars in which the two are alike.
    pub alike: Vec<Similarity>,
}

/// Result of comparing a report.
pub struct Similar {
    /// Number of handling steps of the compared report.
    pub version: u64,
    /// Reports that may be about the same fact.
    pub reports: Vec<SimilarReport>,
    /// Cases that may be about the same fact.
    pub cases: Vec<SimilarCase>,
}

/// Compares a report, which is recorded. None if this session has not opened the report: there is nothing to compare.
pub fn compare_report(actor: &Actor, number: u64) -> Result<Option<Similar>, ConsoleError> {
    let handling = read_handling(actor, number)?;
    let opened: Vec<(u64, Particulars)> = {
        let particulars = |one: &OpenedLetter| Particulars {
            party: one.party.clone(),
            address: one.address.clone(),
            town: one.town.clone(),
            on: one.received_on,
        };
        let opened = actor.session.opened();
        opened.values().filter(|one| one.is_report()).map(|one| (one.report, particulars(one))).collect()
    };
    let Some((_, this)) = opened.iter().find(|(report, _)| *report == number).cloned() else { return Ok(None) };
    let others = opened.into_iter().filter(|(report, _)| *report != number);
    let mut found: Vec<_> = others
        .filter_map(|(report, particulars)| similarities(&this, &particulars).map(|alike| (report, particulars, alike)))
        .collect();
    found.sort_unstable_by_key(|(report, ..)| *report);
    let (mut letters, mut feeds) = (Vec::new(), Vec::new());
    for (report, ..) in &found {
        let report = actor.register().report(*report)?.ok_or(ConsoleError::NotFound)?;
        letters.push(first_letter(&report)?);
        feeds.push(report.feed.is_some());
    }
    let earns = is_rewardable(actor, &handling.report, &handling.handled.now).unwrap_or(false);
    // One entry, whatever is found. It also permits reading fact sheets.
    let (compared, before) = precedence(actor, &handling, letters)?;
    let reports = found.into_iter().zip(before).zip(feeds).map(|(((number, particulars, alike), before), feed)| {
        let joint = before && particulars.on == this.on && earns && !feed;
        SimilarReport { number, particulars, alike, joint }
    });
    let reports = reports.collect();
    Ok(Some(Similar { version: handling.handled.version(), reports, cases: similar_cases(&compared, actor, &this)? }))
}

fn similar_cases(
    compared: &ReportsCompared,
    actor: &Actor,
    this: &Particulars,
) -> Result<Vec<SimilarCase>, ConsoleError> {
    let (sheets, _) = actor.attested().cases(compared, &LedgerFilter::default(), 0, CASES)?;
    let cases = sheets.files.into_iter().filter_map(|file| {
        let sheet = &file.now.sheet;
        let (party, address, town) = (sheet.party.clone(), sheet.address.clone(), sheet.town.clone());
        let particulars = Particulars { party, address, town, on: sheet.found_on };
        similarities(this, &particulars).map(|alike| SimilarCase { number: file.number, particulars, alike })
    });
    Ok(cases.collect())
}

/// For each of these letters' reports, whether the report of `handling` was received before that one was first opened.
fn precedence(
    actor: &Actor,
    handling: &ReportHandling,
    others: Vec<LetterDigest>,
) -> Result<(ReportsCompared, Vec<bool>), ConsoleError> {
    let letter = first_letter(&handling.report)?;
    let (recorded, before) = actor.connect()?.compare_reports(&actor.person(), letter, others)?;
    let compared: recorder_protocol::Recorded<CompareReports> = recorded;
    Ok((compared.into(), before))
}

/// Request to join a report to an earlier one.
pub struct JoinRequest {
    /// Number of the later report.
    pub report: u64,
    /// How many of its handling steps the author has seen; any other number is a conflict.
    pub expected_version: u64,
    /// Number of the earlier report.
    pub first: u64,
    /// A note for colleagues.
    pub note: String,
}

/// Outcome of [`join_report`]: joined, or why not.
#[derive(Debug, PartialEq, Eq)]
pub enum JoinOutcome {
    /// The reports are joined, and this is durable.
    Kept,
    /// Somebody else took a step in the meantime.
    Conflict,
    /// One of the two was not opened, so it is not known whether it may earn a reward.
    Unopened,
    /// The rules refuse joining them, for instance because the earlier one's reward is proposed already.
    Impossible,
}

/// Joins a report to an earlier one about the same fact. Both get a step of it, or neither.
pub fn join_report(actor: &Actor, request: JoinRequest) -> Result<JoinOutcome, ConsoleError> {
    let JoinRequest { report: number, expected_version, first, note } = request;
    let later = read_handling(actor, number)?;
    if later.handled.version() != expected_version {
        return Ok(JoinOutcome::Conflict);
    }
    let mut earlier = read_handling(actor, first)?;
    // A report that is joined to a third one belongs to that one.
    if let Some((top, _)) = earlier.handled.now.joined {
        earlier = read_handling(actor, top)?;
    }
    let now = &earlier.handled.now;
    let mut group = vec![first_letter(&earlier.report)?];
    for (report, _) in &now.merged {
        group.push(first_letter(&actor.register().report(*report)?.ok_or(ConsoleError::NotFound)?)?);
    }
    let (_, before) = precedence(actor, &later, group)?;
    let before = before.into_iter().all(|before| before);
    let day = |handling: &ReportHandling| handling.report.letters.first().map(|letter| letter.received_on);
    let earns = |handling: &ReportHandling| is_rewardable(actor, &handling.report, &handling.handled.now);
    // Nobody shares a reward with a feed. A report that earns nothing shares none either.
    let (Some(one), Some(other)) = (earns(&later), earns(&earlier)) else { return Ok(JoinOutcome::Unopened) };
    let joint = before && day(&later) == day(&earlier) && one && other;
    let filed = classify(actor, &later.report, &later.handled.now);
    let to_earlier = actor.enter(HandlingStep::Joined { report: earlier.report.number, joint, note, filed });
    let merges = actor.enter(HandlingStep::Merged { report: number, joint });
    if !later.allows(&to_earlier) || !earlier.allows(&merges) || !later.handled.now.merged.is_empty() {
        return Ok(JoinOutcome::Impossible);
    }
    let steps = vec![later.next_step(actor, &to_earlier)?, earlier.next_step(actor, &merges)?];
    match actor.register().take_step(Transaction { steps, ..Transaction::default() })? {
        Ok(()) => Ok(JoinOutcome::Kept),
        Err(NotEntered::Conflict | NotEntered::DocumentTaken) => Ok(JoinOutcome::Conflict),
    }
}
