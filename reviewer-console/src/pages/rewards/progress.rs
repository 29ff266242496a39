//! The chain of a claim on one screen: who acts, until when, and who has.

use casework::claim::{Claim, Entry, Way};
use casework::entered::Entered;
use console_services::cases::case_file::CaseFile;
use console_services::rewards::claim_file::ClaimFile;
use maud::{Markup, html};
use model::Day;

use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;

/// A step of the chain.
pub(crate) struct Step {
    /// What is done.
    pub(crate) what: String,
    /// By whom.
    pub(crate) who: String,
    /// The last day for it, where one is known yet.
    pub(crate) by: Option<Day>,
    /// The day and the account, once it is done; of the reporter no account.
    pub(crate) done: Option<(Day, String)>,
}

/// The steps of the proposal that stands.
pub(crate) fn steps(at: &RequestContext, file: &ClaimFile, case: &CaseFile) -> Result<Vec<Step>, PageError> {
    let (now, rules) = (&file.now, at.rules());
    let policy = &rules.of_proposal(&now.proposal)?.policy;
    let working = |from: Option<Day>, days: u16| from.map(|day| rules.calendar.after(day, days));
    let decided = case.now.decisive().map(|penalty| penalty.last);
    let begun = file.entries.iter().rposition(|one| matches!(one.what, Entry::Proposed(_))).unwrap_or_default();
    let since = &file.entries[begun..];
    let find = |fits: fn(&Entry) -> bool| since.iter().filter(move |one| fits(&one.what));
    let by = |one: &Entered<Entry>| (one.on, one.by.clone());
    let proposed = since.first().map(by);
    let mut steps = vec![Step {
        what: say!(at, "chain-propose"),
        who: say!(at, "role-officer"),
        by: working(decided, policy.approval.propose_within_working_days),
        done: proposed.clone(),
    }];
    let mut approvals = find(|what| matches!(what, Entry::Approved(_)));
    let mut last = proposed.map(|(day, _)| day);
    for place in 1..=now.proposal.approvers {
        let done = approvals.next().map(by);
        let consents = place == now.proposal.approvers && now.proposal.needs_consent;
        steps.push(Step {
            what: if consents { say!(at, "chain-approve-consent") } else { say!(at, "chain-approve") },
            who: say!(at, "role-approver"),
            by: working(last, policy.approval.approve_within_working_days),
            done: done.clone(),
        });
        last = done.map(|(day, _)| day);
    }
    let offered = find(|what| matches!(what, Entry::Offered { .. })).next_back();
    let notify = working(decided, policy.clocks.notify_within_working_days);
    steps.push(Step {
        what: say!(at, "chain-notify"),
        who: say!(at, "chain-system"),
        by: notify,
        done: offered.map(by),
    });
    steps.extend(reporters_and_finances(at, now, since));
    Ok(steps)
}

fn reporters_and_finances(at: &RequestContext, now: &Claim, since: &[Entered<Entry>]) -> [Step; 2] {
    let drawn = since.iter().rev().find_map(|one| match &one.what {
        Entry::Drawn { asked_on, valid_until, way, .. } => Some((*asked_on, *valid_until, *way)),
        _ => None,
    });
    let paid = since.iter().rev().find_map(|one| match &one.what {
        Entry::Paid { on, payer, .. } => Some((*on, payer.clone())),
        _ => None,
    });
    let way = match drawn {
        Some((_, _, Way::Note)) => say!(at, "chain-pay-note"),
        Some((_, _, Way::Slip)) => say!(at, "chain-pay-slip"),
        None => say!(at, "chain-pay"),
    };
    [
        Step {
            what: say!(at, "chain-claim"),
            who: say!(at, "chain-reporter"),
            by: now.last_day,
            done: drawn.map(|(asked_on, _, _)| (asked_on, String::new())),
        },
        Step { what: way, who: say!(at, "role-finance"), by: drawn.map(|(_, until, _)| until), done: paid },
    ]
}

/// The steps as a table.
pub(crate) fn table(at: &RequestContext, steps: &[Step]) -> Markup {
    let today = at.today();
    html! {
        h2 { (say!(at, "chain-title")) }
        div.scroll { table #chain {
            thead { tr { th { (say!(at, "chain-step")) } th { (say!(at, "chain-who")) } th { (say!(at, "chain-by")) } th { (say!(at, "chain-done")) } } }
            tbody {
                @for step in steps {
                    tr {
                        td { (step.what) }
                        td { (step.who) }
                        td { @if let Some(by) = step.by { span.new[step.done.is_none() && by < today] { (by) } } @else { "—" } }
                        td { @if let Some((day, account)) = &step.done { (day) " " (account) } @else { "—" } }
                    }
                }
            }
        } }
        p.hint { (say!(at, "chain-nobody-twice")) }
    }
}
