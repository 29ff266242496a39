//! Sorting new letters: opening them to learn which of them have content.

use crypto::letters::letter::Body;
use model::Purpose;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::open_letter::{LetterOpened, open_letter};

/// Letters that one request sorts at most: some seconds of work.
const AT_ONCE: usize = 200;

/// Numbers of letters found by one sorting.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SortResult {
    /// Number of new reports.
    pub reports: usize,
    /// Number of letters that add to a report.
    pub added: usize,
    /// Number of cover letters, which say nothing.
    pub nothing: usize,
    /// Number of letters that were put aside as unreadable.
    pub unreadable: usize,
    /// Number of reports with letters that nobody has opened yet.
    pub left: u64,
}

/// Opens new letters, at most 200, to learn which of them have content. Each opening is recorded, and shown to the
/// reporter like any other.
pub fn sort_letters(actor: &Actor) -> Result<SortResult, ConsoleError> {
    let mut sorted = SortResult::default();
    sort(actor, &mut sorted)?;
    sorted.left = actor.register().count_unopened()?;
    Ok(sorted)
}

fn sort(actor: &Actor, sorted: &mut SortResult) -> Result<(), ConsoleError> {
    let (mut client, mut done) = (actor.connect()?, 0);
    for number in actor.register().unopened(i64::try_from(AT_ONCE).unwrap_or(i64::MAX))? {
        let Some(report) = actor.register().report(number)? else { continue };
        for letter in report.letters.iter().filter(|letter| letter.kept && letter.kind.is_none()) {
            if done == AT_ONCE {
                return Ok(());
            }
            done += 1;
            match open_letter(actor, &mut client, &report, letter, Purpose::Sort)? {
                LetterOpened::Refused(_) => sorted.unreadable += 1,
                LetterOpened::Letter(letter) => match &letter.body {
                    Body::Report(_) => sorted.reports += 1,
                    Body::Cover {} => sorted.nothing += 1,
                    _ => sorted.added += 1,
                },
            }
        }
    }
    Ok(())
}
