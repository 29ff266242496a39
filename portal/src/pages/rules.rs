//! The reward rules, with examples and a calculator that computes in the page.

use casework::money::Fen;
use casework::policy::Policy;
use casework::report::Category;
use casework::reward::ordinary;
use maud::{Markup, html};

use super::parts::{Typed, category_name, percent, typed, whole_yuan};
use super::{Frame, say};

/// Fines of the worked examples, in fen: small, ordinary, odd, at the cap and above.
const EXAMPLES: [i64; 5] = [500_000, 10_000_000, 123_456_789, 200_000_000, 1_000_000_000];

pub(super) fn body(frame: &Frame<'_>, policy: &Policy) -> Markup {
    let rate = percent(policy.rate_basis_points);
    let (cap, special) = (whole_yuan(policy.cap_fen), whole_yuan(policy.special_cap_fen));
    let (document, day) = (policy.document.clone(), policy.in_force_from.to_string());
    html! {
        h1 { (say!(frame, "rules-title")) }
        p.lead { (say!(frame, "rules-share", rate = rate.clone(), cap = cap, special = special)) }
        p { (say!(frame, "rules-lead", document = document, day = day)) " " (say!(frame, "rules-rounding")) }
        h2 { (say!(frame, "rules-what")) }
        ul {
            @for category in Category::ALL.iter().filter(|category| policy.rewards(**category)) {
                li { (category_name(frame, *category)) }
            }
        }
        p { (say!(frame, "rules-other")) }
        h2 { (say!(frame, "rules-examples")) }
        table {
            tr {
                th scope="col" { (say!(frame, "rules-table-fine")) }
                th scope="col" { (say!(frame, "rules-table-share", rate = rate)) }
                th scope="col" { (say!(frame, "rules-table-reward")) }
            }
            // Amounts that the rules cannot compute would be a mistake in EXAMPLES, which a test would show.
            @for reward in EXAMPLES.iter().filter_map(|fine| ordinary(Fen(*fine), policy).ok()) {
                tr { td { (reward.fine) } td { (reward.share) } td { (reward.due) } }
            }
        }
        (calculator(frame, policy))
        h2 { (say!(frame, "rules-who")) }
        ul {
            li { (say!(frame, "rules-who-1")) }
            li { (say!(frame, "rules-who-2")) }
            @if policy.anonymous_payment { li { (say!(frame, "rules-who-3")) } }
        }
        h2 { (say!(frame, "rules-when")) }
        ul {
            li { (say!(frame, "rules-when-1", days = policy.notify_within_working_days)) }
            li { (say!(frame, "rules-when-2", days = policy.claim_within_days)) }
            li { (say!(frame, "rules-none")) }
        }
    }
}

/// Hidden until its script runs: without scripts the table of examples has to do.
fn calculator(frame: &Frame<'_>, policy: &Policy) -> Markup {
    html! {
        form #calculator.card data-rate=(policy.rate_basis_points) data-cap=(policy.cap_fen.0) hidden {
            h2 { (say!(frame, "rules-calculator")) }
            label for="fine" { (say!(frame, "rules-fine-label")) }
            p.hint #fine-hint { (say!(frame, "rules-fine-hint")) }
            (typed(&Typed { id: "fine", mode: Some("decimal"), ..Typed::default() }))
            p.problem #fine-problem role="alert" hidden {}
            p.actions { button type="submit" { (say!(frame, "rules-compute")) } }
            p.lead #reward role="status" {}
        }
    }
}
