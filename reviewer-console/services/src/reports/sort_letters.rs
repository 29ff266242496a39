//! Sorting new letters: opening them to learn which of them say something at all.

use crypto::letters::letter::Body;
use model::Purpose;

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::reports::open_letter::{LetterOpened, open_letter};

/// Letters that one click sorts: some seconds of work.
const AT_ONCE: usize = 200;

/// What sorting found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SortResult {
    /// New reports.
    pub reports: usize,
    /// Letters that add to a report.
    pub added: usize,
    /// Letters that say nothing.
    pub nothing: usize,
    /// Letters that were put aside.
    pub unreadable: usize,
    /// Reports with letters that nobody has opened yet.
    pub left: u64,
}

/// Opens new letters to learn which of them say something. Each opening is recorded, and the
/// reporter is told of it like of any other.
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
