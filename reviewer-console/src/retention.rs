//! Which reports were kept long enough, and their erasing.

use casework::retention::{BadRetention, Retention};
use casework::triage::Stage;
use model::{Day, LetterDigest, Role};
use recorder_protocol::{EraseReports, Notice, Recorded};
use register::{Handled, Register};

use crate::console::Console;
use crate::fault::Fault;
use crate::sessions::Session;

/// Reports that one confirmation may erase: what a person can look over.
pub(crate) const AT_ONCE: usize = 50;

/// The rules of the house, part of the program like those of rewards.
pub(crate) fn load() -> Result<Retention, BadRetention> {
    Retention::parse(include_str!("../../policy/retention/2026-11-24.toml"))
}

/// A report that may be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) number: u64,
    pub(crate) stage: Stage,
    /// The day of its last step or letter.
    pub(crate) last: Day,
    /// Since when it may be erased.
    pub(crate) since: Day,
    /// Who ended its handling: somebody else must confirm.
    pub(crate) decided_by: String,
}

/// Reports that may be erased today, oldest first.
pub(crate) fn due(register: &Register, rules: &Retention, today: Day) -> Result<Vec<Due>, Fault> {
    let handled = register.handled_and_kept()?;
    Ok(handled.into_iter().filter_map(|one| due_on(one, rules, today)).collect())
}

fn due_on(handled: Handled, rules: &Retention, today: Day) -> Option<Due> {
    let stage = Stage::of_code(&handled.stage)?;
    let last = handled.newest.parse::<Day>().ok()?.max(handled.stepped_on?.parse().ok()?);
    let since = rules.may_go_on(stage, last).filter(|since| *since <= today)?;
    Some(Due { number: handled.number.try_into().ok()?, stage, last, since, decided_by: handled.stepped_by? })
}

/// The daily look: tells the recorder how many may be erased, if any may.
pub(crate) fn propose(console: &Console, today: Day) -> Result<(), Fault> {
    let due = due(&console.register, &console.retention, today)?.len();
    if due == 0 {
        return Ok(());
    }
    let reports = u32::try_from(due).map_err(Fault::inside)?;
    Ok(console.recorder.notice(&Notice::ErasureDue { reports })?)
}

/// Enclosures whose parts are to be removed now that the entry is durable and the keys are gone.
pub(crate) struct Erased {
    pub(crate) reports: usize,
    pub(crate) enclosures: Vec<i64>,
}

/// Erases chosen reports that are due and were decided by somebody else. The recorder destroys the
/// keys; what is left here is bytes that open for nobody, and goes too.
pub(crate) fn erase(console: &Console, session: &Session, role: Role, chosen: &[u64]) -> Result<Erased, Fault> {
    let today = console.clock.today();
    let mut due = due(&console.register, &console.retention, today)?;
    due.retain(|one| chosen.contains(&one.number) && one.decided_by != session.account);
    due.truncate(AT_ONCE);
    let mut letters: Vec<(u64, Vec<LetterDigest>)> = Vec::new();
    for one in &due {
        letters.push((one.number, console.register.letters_to_erase(one.number)?));
    }
    if letters.is_empty() {
        return Ok(Erased { reports: 0, enclosures: Vec::new() });
    }
    let all = letters.iter().flat_map(|(_, digests)| digests.iter().copied()).collect();
    let recorded = console.recorder.connect()?.erase_reports(&session.person(role), letters.len(), all)?;
    away(recorded, &console.register, letters, today)
}

fn away(
    recorded: Recorded<EraseReports>,
    register: &Register,
    letters: Vec<(u64, Vec<LetterDigest>)>,
    today: Day,
) -> Result<Erased, Fault> {
    let _ = recorded.use_up();
    let (reports, mut enclosures) = (letters.len(), Vec::new());
    for (number, digests) in letters {
        enclosures.extend(register.erase(number, &digests, today)?);
    }
    Ok(Erased { reports, enclosures })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_due_after_its_last_step_or_letter() {
        let rules = load().expect("rules");
        let handled = |stage: &str, newest: &str, stepped: Option<&str>| Handled {
            number: 7,
            stage: stage.to_owned(),
            newest: newest.to_owned(),
            stepped_on: stepped.map(str::to_owned),
            stepped_by: Some("zhou".to_owned()),
        };
        let since = |handled: Handled, today: &str| {
            due_on(handled, &rules, today.parse().expect("a day")).map(|due| due.since.to_string())
        };
        let decided = handled("not-ours", "2026-01-01", Some("2026-02-01"));
        assert_eq!(since(decided.clone(), "2026-05-02"), None, "the ninetieth day");
        assert_eq!(since(decided, "2026-05-03").as_deref(), Some("2026-05-03"));
        let written = handled("not-ours", "2026-03-01", Some("2026-02-01"));
        assert_eq!(since(written, "2026-05-03"), None, "the reporter wrote again");
        assert_eq!(since(handled("verifying", "2020-01-01", Some("2020-01-01")), "2026-05-03"), None);
        assert_eq!(since(handled("not-ours", "2020-01-01", None), "2026-05-03"), None, "nobody took a step");
    }
}
