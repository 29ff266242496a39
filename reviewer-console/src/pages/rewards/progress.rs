//! The steps of a claim in one table: who acts, by which day, and who has acted.

use casework::rewards::{Claim, ClaimEntry, PaymentMethod};
use casework::signed_entry::SignedEntry;
use console_services::cases::case_file::CaseFile;
use console_services::rewards::claim_file::ClaimFile;
use maud::{Markup, html};
use model::Day;

use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;

/// A step of a claim, from proposal to payment.
pub(crate) struct ProgressStep {
    /// The step's name in the page's language.
    pub(crate) what: String,
    /// The role that acts, the reporter or the console.
    pub(crate) who: String,
    /// The last day for the step, if it is known yet.
    pub(crate) by: Option<Day>,
    /// Day and account once the step is done; the account is empty for the reporter's step.
    pub(crate) done: Option<(Day, String)>,
}

/// The steps of the latest proposal.
pub(crate) fn steps(at: &RequestContext, file: &ClaimFile, case: &CaseFile) -> Result<Vec<ProgressStep>, PageError> {
    let (now, rules) = (&file.now, at.rules());
    let policy = &rules.of_proposal(&now.proposal)?.policy;
    let working = |from: Option<Day>, days: u16| from.map(|day| rules.calendar.after(day, days));
    let decided = case.now.decisive().map(|penalty| penalty.last);
    let begun = file.entries.iter().rposition(|one| matches!(one.what, ClaimEntry::Proposed(_))).unwrap_or_default();
    let since = &file.entries[begun..];
    let find = |fits: fn(&ClaimEntry) -> bool| since.iter().filter(move |one| fits(&one.what));
    let by = |one: &SignedEntry<ClaimEntry>| (one.on, one.by.clone());
    let proposed = since.first().map(by);
    let mut steps = vec![ProgressStep {
        what: say!(at, "chain-propose"),
        who: say!(at, "role-officer"),
        by: working(decided, policy.approval.propose_within_working_days),
        done: proposed.clone(),
    }];
    let mut approvals = find(|what| matches!(what, ClaimEntry::Approved(_)));
    let mut last = proposed.map(|(day, _)| day);
    for place in 1..=now.proposal.approvers {
        let done = approvals.next().map(by);
        let consents = place == now.proposal.approvers && now.proposal.needs_consent;
        steps.push(ProgressStep {
            what: if consents { say!(at, "chain-approve-consent") } else { say!(at, "chain-approve") },
            who: say!(at, "role-approver"),
            by: working(last, policy.approval.approve_within_working_days),
            done: done.clone(),
        });
        last = done.map(|(day, _)| day);
    }
    let offered = find(|what| matches!(what, ClaimEntry::Offered { .. })).next_back();
    let notify = working(decided, policy.clocks.notify_within_working_days);
    steps.push(ProgressStep {
        what: say!(at, "chain-notify"),
        who: say!(at, "chain-system"),
        by: notify,
        done: offered.map(by),
    });
    steps.extend(reporters_and_finances(at, now, since));
    Ok(steps)
}

fn reporters_and_finances(at: &RequestContext, now: &Claim, since: &[SignedEntry<ClaimEntry>]) -> [ProgressStep; 2] {
    let drawn = since.iter().rev().find_map(|one| match &one.what {
        ClaimEntry::OrderIssued { asked_on, valid_until, method: way, .. } => Some((*asked_on, *valid_until, *way)),
        _ => None,
    });
    let paid = since.iter().rev().find_map(|one| match &one.what {
        ClaimEntry::Paid { on, payer, .. } => Some((*on, payer.clone())),
        _ => None,
    });
    let way = match drawn {
        Some((_, _, PaymentMethod::ClaimNote)) => say!(at, "chain-pay-note"),
        Some((_, _, PaymentMethod::PayeeSlip)) => say!(at, "chain-pay-slip"),
        None => say!(at, "chain-pay"),
    };
    [
        ProgressStep {
            what: say!(at, "chain-claim"),
            who: say!(at, "chain-reporter"),
            by: now.last_day,
            done: drawn.map(|(asked_on, _, _)| (asked_on, String::new())),
        },
        ProgressStep { what: way, who: say!(at, "role-finance"), by: drawn.map(|(_, until, _)| until), done: paid },
    ]
}

/// The steps as a table.
pub(crate) fn table(at: &RequestContext, steps: &[ProgressStep]) -> Markup {
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
