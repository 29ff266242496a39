//! The landing page: purpose, procedure, and what is not promised. Complete without scripts.

use casework::rules::Policy;
use maud::{Markup, html};

use super::parts::{percent, whole_yuan};
use super::{Frame, PageKind, say};

pub(super) fn body(frame: &Frame<'_>, policy: &Policy) -> Markup {
    let (rate, cap, special) =
        (percent(policy.rate_basis_points), whole_yuan(policy.cap_fen), whole_yuan(policy.special_cap_fen));
    html! {
        h1 { (say!(frame, "home-title")) }
        p.lead { (say!(frame, "home-lead")) }
        p.actions {
            a.button href=(frame.link(PageKind::Report)) { (say!(frame, "home-report")) }
            a.button.second href=(frame.link(PageKind::Mailbox)) { (say!(frame, "home-mailbox")) }
        }
        div.card {
            p { a href=(frame.link(PageKind::Safety)) { (say!(frame, "home-safety")) } }
            p { (say!(frame, "home-onion")) }
        }
        h2 { (say!(frame, "home-how")) }
        ol {
            li { (say!(frame, "home-how-1")) }
            li { (say!(frame, "home-how-2")) }
            li { (say!(frame, "home-how-3")) }
            li { (say!(frame, "home-how-4")) }
        }
        h2 { (say!(frame, "home-reward")) }
        p { (say!(frame, "home-reward-text", rate = rate, cap = cap, special = special)) }
        p { a href=(frame.link(PageKind::Rules)) { (say!(frame, "home-reward-more")) } }
        h2 { (say!(frame, "home-not")) }
        ul {
            li { (say!(frame, "home-not-1")) }
            li { (say!(frame, "home-not-2")) }
            li { (say!(frame, "home-not-3")) }
            li { (say!(frame, "home-not-4")) }
            li { (say!(frame, "home-not-5")) }
        }
    }
}
