//! The approver's list: proposed rewards, requests for reconsideration, and cases to sign off. An approver sees
//! fact sheet, fine and amount, and never the report.

use actix_web::HttpResponse;
use console_services::ledger::ReadLedgers;
use console_services::rewards::claim_file::ClaimFile;
use console_services::rewards::list_claims::{Approvals, list_claims};
use maud::{Markup, html};

use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::cases::fragments::{self, unreadable};
use crate::pages::rewards::labels::state;

/// Claims and cases that wait for a decision, and the claims decided last.
pub(crate) async fn list(at: RequestContext) -> Result<HttpResponse, PageError> {
    let actor = at.actor()?;
    let Approvals { claims, decided, verified } = blocking(move || list_claims(&actor)).await?;
    let today = at.today();
    let lines = |claims: &ReadLedgers<ClaimFile>| {
        html! {
            (unreadable(&at, &claims.unreadable))
            ul.reports { @for file in &claims.files { li { (line(&at, file)) } } }
        }
    };
    let body = html! {
        h2 { (say!(at, "approvals-claims")) }
        @if claims.files.is_empty() { p.state { (say!(at, "approvals-none")) } }
        (lines(&claims))
        h2 { (say!(at, "approvals-cases")) }
        @if verified.files.is_empty() { p.state { (say!(at, "approvals-no-cases")) } }
        (unreadable(&at, &verified.unreadable))
        ul.reports {
            @for file in &verified.files {
                li { (fragments::line(&at, file, &at.path(&format!("approvals/cases/{}", file.number)), today)) }
            }
        }
        @if !decided.files.is_empty() { h2 { (say!(at, "approvals-decided")) } (lines(&decided)) }
    };
    Ok(at.page(&say!(at, "approvals-title"), &body))
}

fn line(at: &RequestContext, file: &ClaimFile) -> Markup {
    let due = model::Fen(file.now.proposal.award.due_fen).to_string();
    html! {
        a href=(at.path(&format!("approvals/claims/{}", file.number))) { (say!(at, "claim-number", number = file.number)) }
        p.plain-text { (say!(at, "award-due", due = due)) }
        p.hint {
            (state(at, file.now.state)) " · " (say!(at, "case-number", number = file.now.proposal.case)) " · "
            (file.now.proposal.document)
        }
    }
}
