//! Parts that several pages about rewards share: penalty decisions, and the form for entering a choice.

use casework::cases::{Case, Penalty, PenaltyStatus};
use maud::{Markup, html};
use register::StoredLetter;

use crate::http::request::RequestContext;
use crate::http::words::say;
use crate::pages::cases;

/// A warning if a penalty decision may still change.
pub(crate) fn not_final(at: &RequestContext, case: &Case) -> Markup {
    let open = case.penalties_in_force().iter().any(|penalty| penalty.status != PenaltyStatus::Final);
    html! { @if open { p.warning { (say!(at, "claim-not-final")) } } }
}

/// A penalty decision in one line: document, party, fine in yuan, day, status.
pub(crate) fn decided(at: &RequestContext, penalty: &Penalty) -> Markup {
    let decision = &penalty.decision;
    html! {
        p {
            (say!(at, "case-decision")) " · " (decision.document) " · " (decision.party) " · "
            (say!(at, "yuan", amount = penalty.fine.to_string())) " · " (decision.decided_on) " · "
            (cases::labels::status(at, penalty.status))
        }
    }
}

/// The form for entering the choice in a letter.
pub(crate) fn enter_form(at: &RequestContext, number: u64, letter: &StoredLetter) -> Markup {
    at.form(
        &format!("reports/{number}/claim"),
        &html! {
            input type="hidden" name="letter" value=(letter.digest.to_hex());
            p.actions { button.enter-choice type="submit" { (say!(at, "claim-enter")) } }
            p.hint { (say!(at, "claim-enter-hint")) }
        },
    )
}
