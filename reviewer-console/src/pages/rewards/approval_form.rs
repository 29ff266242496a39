//! The approval form of a claim, for print: the decision, who took it, and under which rules. It has nothing of
//! the reporter.

use actix_web::HttpResponse;
use console_services::rewards::approve::read_approval;
use maud::html;

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::cases::fragments::sheet;
use crate::pages::rewards::fragments::decided;
use crate::pages::rewards::labels::{difference, entry, explained, state};
use crate::pages::rewards::progress;

/// The printable form, with lines for the signatures of the proposer and of each approver.
pub(crate) async fn page(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, number) = (at.actor()?, at.number()?);
    let basis = blocking(move || read_approval(&actor, number)).await?;
    let now = &basis.claim.now;
    let steps = progress::steps(&at, &basis.claim, &basis.case)?;
    let rules = &at.rules().of_proposal(&now.proposal)?.policy;
    let today = at.today().to_string();
    let body = html! {
        p.hint { (say!(at, "form-printed", day = today, account = at.session()?.account.as_str())) }
        p { (say!(at, "claim-number", number = number)) " · " (say!(at, "case-number", number = basis.case.number)) " · " (state(&at, now.state)) }
        (sheet(&at, &basis.case.now.sheet))
        @for penalty in &basis.case.now.penalties { (decided(&at, penalty)) }
        h2 { (say!(at, "approval-proposed")) }
        (explained(&at, &now.proposal.award))
        @if !now.proposal.grounds.is_empty() {
            p { (say!(at, "reward-grounds")) }
            p.plain-text { (now.proposal.grounds) }
        }
        (difference(&at, now, &now.proposal.award))
        p.hint { (say!(at, "form-rules", document = rules.document.as_str(), from = rules.in_force_from.to_string(), digest = now.proposal.rules.as_str())) }
        (progress::table(&at, &steps))
        h2 { (say!(at, "case-history")) }
        ul.reports {
            @for one in &basis.claim.entries {
                @let (what, note) = entry(&at, &one.what);
                li { (one.on) " · " (one.by) " · " (what) @if !note.is_empty() { p.plain-text { (note) } } }
            }
        }
        @for digest in basis.claim.entries.iter().filter_map(|one| Some(one.what.consent()?.file.digest.as_str())) { p.hint { (say!(at, "consent-digest", digest = digest)) } }
        p { (say!(at, "form-paid")) }
        div.signatures {
            p { (say!(at, "form-sign-proposer")) }
            @for _ in 0..now.proposal.approvers { p { (say!(at, "form-sign-approver")) } }
        }
        p.actions.no-print { a.button.second href=(at.path(&format!("approvals/claims/{number}"))) { (say!(at, "back-to-claim")) } }
    };
    Ok(at.page(&say!(at, "approval-form"), &body))
}
