//! The reward rules, with examples and a calculator that runs in the page.

use casework::reports::Category;
use casework::rewards::{Facts, award};
use casework::rules::{AddOnEvent, Exclusion, Policy, Rounding, SameDay, SeveralFines};
use maud::{Markup, html};
use model::{Fen, Line};

use super::parts::{Typed, add_on_name, category_name, exclusion_name, percent, typed, whole_yuan};
use super::{Frame, say};

/// Fines of the worked examples, in fen: small, ordinary, odd, at the cap and above it.
const EXAMPLES: [i64; 5] = [500_000, 10_000_000, 123_456_789, 200_000_000, 1_000_000_000];

pub(super) fn body(frame: &Frame<'_>, policy: &Policy) -> Markup {
    let rate = percent(policy.rate_basis_points);
    let (cap, special) = (whole_yuan(policy.cap_fen), whole_yuan(policy.special_cap_fen));
    let (document, day) = (policy.document.clone(), policy.in_force_from.to_string());
    html! {
        h1 { (say!(frame, "rules-title")) }
        p.lead { (say!(frame, "rules-share", rate = rate.clone(), cap = cap, special = special)) }
        p { (say!(frame, "rules-lead", document = document, day = day)) " " (rounding(frame, policy)) }
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
            // An amount that the rules cannot compute is left out. It would be an error in EXAMPLES, found by a test.
            @for (fine, share, due) in EXAMPLES.iter().filter_map(|fine| example(policy, Fen(*fine))) {
                tr { td { (fine) } td { (share) } td { (due) } }
            }
        }
        (calculator(frame, policy))
        (who(frame, policy))
        (when(frame, policy))
        h2 { (say!(frame, "rules-paid")) }
        ul {
            @if policy.anonymous_payment { li { (say!(frame, "rules-paid-note")) } }
            li { (say!(frame, "rules-paid-open")) }
            li { (say!(frame, "rules-paid-lost")) }
        }
    }
}

/// A fine, the share of it, and the reward.
fn example(policy: &Policy, fine: Fen) -> Option<(Fen, Fen, Fen)> {
    let made = award(policy, &Facts::of(Category::CovertDischarge, fine)).ok()?;
    let share = made.lines.iter().find_map(|line| match line {
        Line::Share { share_fen, .. } => Some(Fen(*share_fen)),
        _ => None,
    });
    Some((fine, share?, Fen(made.due_fen)))
}

fn rounding(frame: &Frame<'_>, policy: &Policy) -> String {
    match policy.rounding {
        Rounding::DownToFen => say!(frame, "rules-rounding"),
        Rounding::DownToYuan => say!(frame, "rules-rounding-yuan"),
    }
}

/// The persons who are rewarded, and those who are excluded.
fn who(frame: &Frame<'_>, policy: &Policy) -> Markup {
    let same_day = match policy.same_day {
        SameDay::EqualShares => say!(frame, "rules-who-1"),
        SameDay::FirstOnly => say!(frame, "rules-who-first"),
    };
    let several = match policy.several_violations {
        SeveralFines::Highest => say!(frame, "rules-several-highest"),
        SeveralFines::Sum => say!(frame, "rules-several-sum"),
    };
    let exclusions: Vec<String> = policy
        .exclusions
        .iter()
        .filter_map(|code| Exclusion::of_code(code))
        .map(|one| exclusion_name(frame, one))
        .collect();
    html! {
        h2 { (say!(frame, "rules-who")) }
        ul {
            li { (same_day) }
            li { (several) }
            @if !exclusions.is_empty() { li { (say!(frame, "rules-excluded", who = exclusions.join(&say!(frame, "comma")))) } }
            li { (say!(frame, "rules-who-2")) }
            @for one in &policy.add_ons {
                @if let Some(event) = AddOnEvent::of_code(&one.event) {
                    li { (say!(frame, "award-add-on", what = add_on_name(frame, event), amount = one.amount_fen.to_string())) }
                }
            }
        }
    }
}

/// The procedure of an award, and the time limit of each step.
fn when(frame: &Frame<'_>, policy: &Policy) -> Markup {
    let (clocks, approval) = (&policy.clocks, &policy.approval);
    html! {
        h2 { (say!(frame, "rules-when")) }
        ul {
            li { (say!(frame, "rules-chain", approvers = approval.approvers, special = approval.special_approvers)) }
            @if approval.special_consent_document { li { (say!(frame, "rules-consent")) } }
            li { (say!(frame, "rules-when-1", days = clocks.notify_within_working_days)) }
            li { (say!(frame, "rules-when-2", days = clocks.claim_within_days)) }
            li { (say!(frame, "rules-fetch", days = clocks.pay_within_days)) }
            li {
                (say!(
                    frame,
                    "rules-reconsider",
                    days = clocks.reconsider_within_days,
                    answer = clocks.reconsider_answer_within_working_days
                ))
            }
            li { (say!(frame, "rules-changed")) }
            li { (say!(frame, "rules-none")) }
        }
    }
}

/// Hidden until its script runs; without scripts there is only the table of examples.
fn calculator(frame: &Frame<'_>, policy: &Policy) -> Markup {
    html! {
        form #calculator.card data-policy=(policy.document) data-rate=(policy.rate_basis_points) data-cap=(policy.cap_fen.0) hidden {
            h2 { (say!(frame, "rules-calculator")) }
            label for="fine" { (say!(frame, "rules-fine-label")) }
            p.hint #fine-hint { (say!(frame, "rules-fine-hint")) }
            (typed(&Typed { id: "fine", mode: Some("decimal"), described_by: &["hint", "problem"], ..Typed::default() }))
            p.problem #fine-problem role="alert" hidden {}
            p.actions { button type="submit" { (say!(frame, "rules-compute")) } }
            div #reward role="status" {}
        }
    }
}
