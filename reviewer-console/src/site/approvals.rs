//! What waits for an approver: proposed rewards, requests to look at one again, and cases to sign off. An
//! approver sees fact sheet, fine and amount; never which report stands behind.

use std::sync::Arc;

use actix_web::HttpResponse;
use casework::case;
use casework::claim::State;
use maud::{Markup, html};
use model::Role;
use recorder_protocol::ListClaims;
use register::{Dossiers, Filter};

use super::at::At;
use super::award_words::state;
use super::{case_list, say};
use crate::claims::ClaimFile;
use crate::console::Console;
use crate::dossiers::{self, CaseFile, Readable};
use crate::fault::Fault;
use crate::sessions::Session;

/// As many of each as a page lists: what waits longest first, what was decided last first.
const MOST: u32 = 100;

/// What waits, and what was decided last.
pub(crate) async fn list(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let (claims, decided, verified) = at.block(move |console| waiting(console, &session, role)).await?;
    let today = at.console.clock.today();
    let lines = |claims: &Readable<ClaimFile>| {
        html! {
            (case_list::unreadable(&at, &claims.unreadable))
            ul.reports { @for file in &claims.files { li { (line(&at, file)) } } }
        }
    };
    let body = html! {
        h2 { (say!(at, "approvals-claims")) }
        @if claims.files.is_empty() { p.state { (say!(at, "approvals-none")) } }
        (lines(&claims))
        h2 { (say!(at, "approvals-cases")) }
        @if verified.files.is_empty() { p.state { (say!(at, "approvals-no-cases")) } }
        (case_list::unreadable(&at, &verified.unreadable))
        ul.reports {
            @for file in &verified.files {
                li { (case_list::line(&at, file, &at.path(&format!("approvals/cases/{}", file.number)), today)) }
            }
        }
        @if !decided.files.is_empty() { h2 { (say!(at, "approvals-decided")) } (lines(&decided)) }
    };
    Ok(at.page(&say!(at, "approvals-title"), &body))
}

type Waiting = (Readable<ClaimFile>, Readable<ClaimFile>, Readable<CaseFile>);

fn waiting(console: &Console, session: &Session, role: Role) -> Result<Waiting, Fault> {
    let (recorded, _) = console.recorder.connect()?.record(&session.person(role), ListClaims {})?;
    let _ = recorded.use_up();
    let listed = |series, states: &[&'static str], oldest_first| {
        let filter = Filter { unit: None, states: states.to_vec(), oldest_first };
        console.register.dossiers(series, &filter, 0, MOST).map(|(found, _)| found)
    };
    let waits = [State::Proposed, State::Agreed, State::Reconsidering];
    let claims = listed(Dossiers::Claims, &waits.map(State::code), true)?;
    let rest = State::ALL.iter().filter(|state| !waits.contains(state)).map(|state| state.code());
    let decided = listed(Dossiers::Claims, &rest.collect::<Vec<_>>(), false)?;
    let verified = listed(Dossiers::Cases, &[case::State::Verified.code()], true)?;
    let files = |found| dossiers::readable(found, |one| console.books.claim_of(one));
    Ok((files(claims), files(decided), dossiers::readable(verified, |one| console.books.case_of(one))))
}

fn line(at: &At, file: &ClaimFile) -> Markup {
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
